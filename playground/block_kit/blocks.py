"""The blocks themselves, on each surface: message, modal, home."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from playground import ids
from playground.block_kit import elements, objects
from playground.block_kit.findings import Findings

Block = dict[str, Any]
MOST = {"message": 50, "modal": 100, "home": 100}
MOST_MARKDOWN = 12_000  # characters of all markdown blocks together


def check(findings: Findings, blocks: Any, surface: str, path: str = "/blocks") -> None:
    """Check the blocks of a message, modal or Home."""
    if not isinstance(blocks, list):
        findings.add("must be an array", path)
        return
    if len(blocks) > MOST[surface]:
        findings.add(f"no more than {MOST[surface]} items allowed", path)
    for number, block in enumerate(blocks):
        _check_one(findings, block, surface, f"{path}/{number}")
    proper = [block for block in blocks if isinstance(block, dict)]
    _check_unique(findings, proper, path)
    if sum(len(str(block.get("text", ""))) for block in proper if block.get("type") == "markdown") > MOST_MARKDOWN:
        findings.add(f"markdown must be less than {MOST_MARKDOWN + 1} characters in sum", path)


def _check_one(findings: Findings, block: Any, surface: str, path: str) -> None:
    """Check one block."""
    if not findings.mapping(block, path):
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in CHECKS or (surface != "message" and kind in _MESSAGE_ONLY):
        findings.add(f"unsupported type: {kind}", f"{path}/type")
        return
    findings.string(block, "block_id", path, 255)
    CHECKS[kind](findings, block, path)


def _check_unique(findings: Findings, blocks: list[Block], path: str) -> None:
    """Check that no block_id comes twice, nor an action_id within a block."""
    for block_id, times in Counter(
        block["block_id"] for block in blocks if isinstance(block.get("block_id"), str)
    ).items():
        if times > 1:
            findings.add(f"block_id already exists: {block_id}", path)
    for number, block in enumerate(blocks):
        used = Counter(
            element["action_id"] for element in elements_of(block) if isinstance(element.get("action_id"), str)
        )
        for action_id, times in used.items():
            if times > 1:
                findings.add(f"action_id already exists: {action_id}", f"{path}/{number}")


def elements_of(block: Block) -> Iterator[Block]:
    """Answer the elements of a block with which somebody can do something."""
    held = block.get("elements") if block.get("type") == "actions" else [block.get("accessory"), block.get("element")]
    for element in held if isinstance(held, list) else []:
        if isinstance(element, dict) and element.get("type") not in ("image", None):
            yield element


def with_ids(blocks: list[Block]) -> list[Block]:
    """Answer the blocks with a block_id and action_ids where they had none, as Slack gives them out."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = ids.new_id("b")
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = ids.new_id("a")
    return blocks


def _section(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "text", "fields", "accessory", "expand"))
    if not block.get("text") and not block.get("fields"):
        findings.add("must have either text or fields", path)
    objects.text(findings, block, "text", path, most=3000, types=objects.ANY)
    for number, _ in enumerate(findings.items(block, "fields", path, 10)):
        fields = {str(number): block["fields"][number]}
        objects.text(findings, fields, str(number), f"{path}/fields", most=2000, types=objects.ANY)
    if block.get("accessory") is not None:
        elements.check(findings, block["accessory"], f"{path}/accessory", elements.IN_SECTION)


def _header(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "text", "level"), ("text",))
    objects.text(findings, block, "text", path, most=150, types=objects.PLAIN)


def _divider(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id"))


def _context(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "elements"), ("elements",))
    for number, element in enumerate(findings.items(block, "elements", path, 10)):
        here = f"{path}/elements"
        if isinstance(element, dict) and element.get("type") in objects.ANY:
            objects.text(findings, {str(number): element}, str(number), here, most=3000, types=objects.ANY)
        else:
            elements.check(findings, element, f"{here}/{number}", elements.IN_CONTEXT)


def _actions(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "elements"), ("elements",))
    for number, element in enumerate(findings.items(block, "elements", path, 25)):
        elements.check(findings, element, f"{path}/elements/{number}", elements.IN_ACTIONS)


def _input(findings: Findings, block: Block, path: str) -> None:
    known = ("type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
    findings.keys(block, path, known, ("label", "element"))
    objects.text(findings, block, "label", path, most=2000, types=objects.PLAIN)
    objects.text(findings, block, "hint", path, most=2000, types=objects.PLAIN)
    findings.switch(block, "optional", path)
    findings.switch(block, "dispatch_action", path)
    if "element" in block:
        elements.check(findings, block["element"], f"{path}/element", elements.IN_INPUT)


def _image(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "image_url", "alt_text", "title", "slack_file"), ("alt_text",))
    objects.text(findings, block, "title", path, most=2000, types=objects.PLAIN)
    findings.string(block, "image_url", path, 3000, least=1)
    findings.string(block, "alt_text", path, 2000, least=1)


def _markdown(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "text"), ("text",))
    findings.string(block, "text", path, MOST_MARKDOWN, least=1)


def _rich_text(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "elements"), ("elements",))
    parts = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
    for number, element in enumerate(findings.items(block, "elements", path, 1000, least=0)):
        here = f"{path}/elements/{number}"
        if findings.mapping(element, here):
            findings.choice(element, "type", here, parts)


def _table(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, ("type", "block_id", "rows", "column_settings"), ("rows",))
    for number, row in enumerate(findings.items(block, "rows", path, 100)):
        findings.items({str(number): row}, str(number), f"{path}/rows", 20)


def _video(findings: Findings, block: Block, path: str) -> None:
    findings.keys(block, path, block.keys(), ("alt_text", "title", "thumbnail_url", "video_url"))
    objects.text(findings, block, "title", path, most=199, types=objects.PLAIN)


CHECKS: dict[str, Callable[[Findings, Block, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "video": _video,
}
_MESSAGE_ONLY = {"markdown", "table"}
