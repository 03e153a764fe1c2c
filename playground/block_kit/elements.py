"""The elements that stand in blocks: buttons, selects, inputs."""

from collections.abc import Callable
from typing import Any

from playground.block_kit import objects
from playground.block_kit.findings import Findings

Element = dict[str, Any]
_COMMON = ("type", "action_id")
_SELECT = (*_COMMON, "placeholder", "confirm", "focus_on_load")


def check(findings: Findings, element: Any, path: str, allowed: frozenset[str]) -> None:
    """Check an element of a block that allows these types."""
    if not findings.mapping(element, path):
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        findings.add(f"unsupported type: {kind}", f"{path}/type")
        return
    findings.string(element, "action_id", path, 255, least=1)
    objects.confirm(findings, element, path)
    objects.text(findings, element, "placeholder", path, most=150, types=objects.PLAIN)
    findings.switch(element, "focus_on_load", path)
    CHECKS[kind](findings, element, path)


def _button(findings: Findings, element: Element, path: str) -> None:
    known = (*_COMMON, "text", "value", "url", "style", "confirm", "accessibility_label")
    findings.keys(element, path, known, ("text",))
    objects.text(findings, element, "text", path, most=75, types=objects.PLAIN)
    findings.string(element, "value", path, 2000)
    findings.string(element, "url", path, 3000)
    findings.string(element, "accessibility_label", path, 75)
    findings.choice(element, "style", path, ("primary", "danger"))


def _image(findings: Findings, element: Element, path: str) -> None:
    findings.keys(element, path, ("type", "image_url", "alt_text", "slack_file"), ("alt_text",))
    findings.string(element, "image_url", path, 3000, least=1)
    findings.string(element, "alt_text", path, 2000, least=1)
    if ("image_url" in element) == ("slack_file" in element):
        findings.add("must have either image_url or slack_file", path)


def _static(findings: Findings, element: Element, path: str, *more: str) -> None:
    """Check a select whose options are given in it."""
    findings.keys(element, path, (*_SELECT, "options", "option_groups", *more))
    if ("options" in element) == ("option_groups" in element):
        findings.add("must have either options or option_groups", path)
    objects.options(findings, element, "options", path, most=100, types=objects.PLAIN)
    objects.groups(findings, element, path, objects.PLAIN)


def _static_select(findings: Findings, element: Element, path: str) -> None:
    _static(findings, element, path, "initial_option")
    _initial_option(findings, element, path)


def _multi_static_select(findings: Findings, element: Element, path: str) -> None:
    _static(findings, element, path, "initial_options", "max_selected_items")
    _initial_options(findings, element, path)
    _most_selected(findings, element, path)


def _known_select(*more: str) -> Callable[[Findings, Element, str], None]:
    """Answer the check of a select whose choices Slack knows: people, channels, or what the app answers."""

    def check_select(findings: Findings, element: Element, path: str) -> None:
        findings.keys(element, path, (*_SELECT, *more))
        _most_selected(findings, element, path)

    return check_select


def _most_selected(findings: Findings, element: Element, path: str) -> None:
    most = element.get("max_selected_items", 1)
    if not isinstance(most, int) or most < 1:
        findings.add("must be a number more than 0", f"{path}/max_selected_items")


def _overflow(findings: Findings, element: Element, path: str) -> None:
    findings.keys(element, path, (*_COMMON, "options", "confirm"), ("options",))
    objects.options(findings, element, "options", path, most=5, types=objects.PLAIN)


def _radio_buttons(findings: Findings, element: Element, path: str) -> None:
    findings.keys(element, path, (*_SELECT, "options", "initial_option"), ("options",))
    objects.options(findings, element, "options", path, most=10, types=objects.ANY)
    _initial_option(findings, element, path)


def _checkboxes(findings: Findings, element: Element, path: str) -> None:
    findings.keys(element, path, (*_SELECT, "options", "initial_options"), ("options",))
    objects.options(findings, element, "options", path, most=10, types=objects.ANY)
    _initial_options(findings, element, path)


def _initial_option(findings: Findings, element: Element, path: str) -> None:
    """Check that what is chosen from the start is one of the choices."""
    if "initial_option" in element and element["initial_option"] not in choices(element):
        findings.add("must be one of the options", f"{path}/initial_option")


def _initial_options(findings: Findings, element: Element, path: str) -> None:
    """Check that everything chosen from the start is among the choices."""
    initial = findings.items(element, "initial_options", path, 100)
    if any(option not in choices(element) for option in initial):
        findings.add("must be among the options", f"{path}/initial_options")


def choices(element: Element) -> list[Any]:
    """Answer the options of an element, in groups or not."""
    listed = element.get("options") or []
    groups = element.get("option_groups") or []
    grouped = [option for group in groups if isinstance(group, dict) for option in group.get("options") or []]
    return [*listed, *grouped] if isinstance(listed, list) else grouped


def _plain_text_input(findings: Findings, element: Element, path: str) -> None:
    known = (*_COMMON, "placeholder", "initial_value", "multiline", "min_length", "max_length", "focus_on_load")
    findings.keys(element, path, (*known, "dispatch_action_config"))
    _typed_input(findings, element, path)
    findings.switch(element, "multiline", path)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    for name, value, low in (("min_length", least, 0), ("max_length", most, 1)):
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= 3000:
            findings.add(f"must be between {low} and 3000", f"{path}/{name}")


def _typed_input(findings: Findings, element: Element, path: str) -> None:
    """Check what all inputs have into which somebody types."""
    findings.string(element, "initial_value", path, 3000)
    config = element.get("dispatch_action_config")
    if config is not None and findings.mapping(config, f"{path}/dispatch_action_config"):
        triggers = findings.items(config, "trigger_actions_on", f"{path}/dispatch_action_config", 2)
        if not set(map(str, triggers)) <= {"on_enter_pressed", "on_character_entered"}:
            findings.add("unknown trigger action", f"{path}/dispatch_action_config/trigger_actions_on")


def _number_input(findings: Findings, element: Element, path: str) -> None:
    known = (*_COMMON, "placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value", "focus_on_load")
    findings.keys(element, path, (*known, "dispatch_action_config"), ("is_decimal_allowed",))
    _typed_input(findings, element, path)


def _other_input(*more: str) -> Callable[[Findings, Element, str], None]:
    """Answer the check of an input of which only the keys matter."""

    def check_input(findings: Findings, element: Element, path: str) -> None:
        findings.keys(element, path, (*_SELECT, "initial_value", "dispatch_action_config", *more))

    return check_input


CHECKS: dict[str, Callable[[Findings, Element, str], None]] = {
    "button": _button,
    "image": _image,
    "overflow": _overflow,
    "static_select": _static_select,
    "external_select": _known_select("initial_option", "min_query_length"),
    "users_select": _known_select("initial_user"),
    "conversations_select": _known_select(
        "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"
    ),
    "channels_select": _known_select("initial_channel", "response_url_enabled"),
    "multi_static_select": _multi_static_select,
    "multi_external_select": _known_select("initial_options", "min_query_length", "max_selected_items"),
    "multi_users_select": _known_select("initial_users", "max_selected_items"),
    "multi_conversations_select": _known_select(
        "initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"
    ),
    "multi_channels_select": _known_select("initial_channels", "max_selected_items"),
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
    "datepicker": _other_input("initial_date"),
    "timepicker": _other_input("initial_time", "timezone"),
    "datetimepicker": _other_input("initial_date_time"),
    "plain_text_input": _plain_text_input,
    "email_text_input": _other_input(),
    "url_text_input": _other_input(),
    "number_input": _number_input,
    "file_input": _other_input("filetypes", "max_files"),
    "rich_text_input": _other_input(),
}
_TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input", "rich_text_input"}
IN_SECTION = frozenset(CHECKS) - _TYPED
IN_ACTIONS = IN_SECTION - {"image"}
IN_INPUT = frozenset(CHECKS) - {"button", "image", "overflow"}
IN_CONTEXT = frozenset({"image"})
