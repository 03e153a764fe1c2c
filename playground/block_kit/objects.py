"""The small parts: texts, options, confirmation dialogs."""

from collections.abc import Collection
from typing import Any

from playground.block_kit.findings import Findings

PLAIN = ("plain_text",)
ANY = ("plain_text", "mrkdwn")


def text(
    findings: Findings, holder: dict[str, Any], name: str, path: str, *, most: int, types: Collection[str]
) -> None:
    """Check a text object of an object, where it has it: its type and 1 to ``most`` characters."""
    value, path = holder.get(name), f"{path}/{name}"
    if value is None:
        return
    if not findings.mapping(value, path):
        return
    if value.get("type") not in types:
        findings.add(f"must be one of: {', '.join(types)}", f"{path}/type")
    findings.keys(value, path, ("type", "text", "emoji", "verbatim"), ("type", "text"))
    if value.get("type") == "mrkdwn" and "emoji" in value:
        findings.add("unexpected field: emoji", path)
    findings.string(value, "text", path, most, least=1)


def confirm(findings: Findings, holder: dict[str, Any], path: str) -> None:
    """Check a confirmation dialog, where there is one."""
    value, path = holder.get("confirm"), f"{path}/confirm"
    if value is None or not findings.mapping(value, path):
        return
    findings.keys(value, path, ("title", "text", "confirm", "deny", "style"), ("title", "text", "confirm", "deny"))
    text(findings, value, "title", path, most=100, types=PLAIN)
    text(findings, value, "text", path, most=300, types=ANY)
    text(findings, value, "confirm", path, most=30, types=PLAIN)
    text(findings, value, "deny", path, most=30, types=PLAIN)
    findings.choice(value, "style", path, ("primary", "danger"))


def options(
    findings: Findings, holder: dict[str, Any], name: str, path: str, *, most: int, types: Collection[str]
) -> None:
    """Check a list of options: how many, each one, and that no value comes twice."""
    values: list[Any] = []
    for number, value in enumerate(findings.items(holder, name, path, most)):
        option(findings, value, f"{path}/{name}/{number}", types)
        values.append(value.get("value") if isinstance(value, dict) else None)
    if len(set(map(str, values))) != len(values):
        findings.add("option values must be unique", f"{path}/{name}")


def option(findings: Findings, value: Any, path: str, types: Collection[str]) -> None:
    """Check one option."""
    if not findings.mapping(value, path):
        return
    findings.keys(value, path, ("text", "value", "description", "url"), ("text", "value"))
    text(findings, value, "text", path, most=75, types=types)
    text(findings, value, "description", path, most=75, types=types)
    findings.string(value, "value", path, 150)
    findings.string(value, "url", path, 3000)


def groups(findings: Findings, holder: dict[str, Any], path: str, types: Collection[str]) -> None:
    """Check groups of options, where there are any."""
    for number, group in enumerate(findings.items(holder, "option_groups", path, 100)):
        here = f"{path}/option_groups/{number}"
        if findings.mapping(group, here):
            findings.keys(group, here, ("label", "options"), ("label", "options"))
            text(findings, group, "label", here, most=75, types=PLAIN)
            options(findings, group, "options", here, most=100, types=types)
