"""What the app wants to say, checked against Slack's limits, whichever way it says it."""

from typing import Any

from playground.block_kit.messages import checked_blocks
from playground.errors import SlackError
from playground.json_text import parse
from playground.records import Doc
from playground.text import escaped

MOST_TEXT = 40_000  # characters


def checked(args: Doc) -> Doc:
    """Answer text, blocks, attachments and metadata of a message; what was not given is missing from the answer.

    Refuses no_text, msg_too_long, invalid_blocks_format, invalid_blocks, msg_blocks_too_long, invalid_attachments and
    invalid_metadata_format.
    """
    text = args.get("text") or ""
    blocks = structure(args.get("blocks"), "invalid_blocks_format")
    attachments = structure(args.get("attachments"), "invalid_attachments")
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] must be a string: text"]})
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > MOST_TEXT:
        raise SlackError("msg_too_long")
    content: Doc = {"text": escaped(text)} if text else {}
    if blocks is not None:
        content["blocks"] = checked_blocks(blocks) or None
    if attachments is not None:
        content["attachments"] = _attachments(attachments) or None
    if args.get("metadata"):
        content["metadata"] = _metadata(structure(args["metadata"], "invalid_metadata_format"))
    return content


def structure(value: Any, error: str) -> Any:
    """Answer a value that is an object or a list, or JSON text of one; None when it is missing. Refuses ``error``."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    try:
        return parse(value)
    except ValueError:
        raise SlackError(error) from None


def _attachments(attachments: Any) -> list[Doc]:
    """Check a list of attachments, with the blocks in them."""
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    return [one | {"blocks": checked_blocks(one["blocks"])} if one.get("blocks") else one for one in attachments]


def _metadata(metadata: Any) -> Doc:
    """Check a message's metadata: a type, and a payload."""
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not metadata["event_type"] or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}
