"""The blocks of a message, as chat.postMessage takes or refuses them."""

import copy
import json
from typing import Any

from playground.block_kit import blocks
from playground.block_kit.findings import Findings
from playground.errors import SlackError

MOST_CHARACTERS = 13_200  # of all blocks of one message; Slack does not document it, only refuses


def checked_blocks(given: Any) -> list[dict[str, Any]]:
    """Answer a message's blocks with ids. Refuses invalid_blocks_format, invalid_blocks and msg_blocks_too_long."""
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    findings = Findings()
    blocks.check(findings, given, "message")
    if findings.messages:
        raise SlackError("invalid_blocks", errors=findings.messages, response_metadata={"messages": findings.messages})
    if len(json.dumps(given, ensure_ascii=False, separators=(",", ":"))) > MOST_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return blocks.with_ids(copy.deepcopy(given))
