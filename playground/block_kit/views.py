"""Views: modals and App Home."""

import copy
import json
from typing import Any

from playground.block_kit import blocks, objects
from playground.block_kit.findings import Findings
from playground.errors import SlackError

MOST_BYTES = 250_000
_MODAL = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
_BOTH = ("type", "blocks", "private_metadata", "callback_id", "external_id")


def checked_view(given: Any, kind: str) -> dict[str, Any]:
    """Answer a view with ids in its blocks; ``kind`` is modal or home. Refuses invalid_arguments and view_too_large."""
    findings = Findings()
    if findings.mapping(given, "/view"):
        if given.get("type") != kind:
            findings.add(f"must be {kind}", "/view/type")
        _check(findings, given, kind)
    if findings.messages:
        raise SlackError("invalid_arguments", response_metadata={"messages": findings.messages})
    if len(json.dumps(given).encode()) > MOST_BYTES:
        raise SlackError("view_too_large")
    view = copy.deepcopy(given)
    view["blocks"] = blocks.with_ids(view["blocks"])
    return dict(view)


def _check(findings: Findings, view: dict[str, Any], kind: str) -> None:
    """Check the view's own fields, then its blocks."""
    known = (*_BOTH, *_MODAL) if kind == "modal" else _BOTH
    findings.keys(view, "/view", known, ("blocks", "title") if kind == "modal" else ("blocks",))
    for name in ("title", "submit", "close"):
        objects.text(findings, view, name, "/view", most=24, types=objects.PLAIN)
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        findings.switch(view, name, "/view")
    findings.string(view, "private_metadata", "/view", 3000)
    findings.string(view, "callback_id", "/view", 255)
    findings.string(view, "external_id", "/view", 255)
    blocks.check(findings, view.get("blocks"), kind, "/view/blocks")
    listed = view.get("blocks")
    has_input = isinstance(listed, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in listed)
    if kind == "modal" and has_input and not view.get("submit"):
        findings.add("missing required field: submit (there is an input block)", "/view/submit")
