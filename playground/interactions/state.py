"""What stands in the fields of a view: from the start, and after somebody typed."""

from typing import Any

from playground.block_kit.blocks import elements_of
from playground.block_kit.elements import choices
from playground.errors import SlackError
from playground.records import Doc

# element type -> (key of its value in the state, key of what it starts with)
SINGLE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "file_input": ("files", "initial_files"),
}
STATELESS = {"button", "overflow", "image"}
_MANY = {"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"}


def values_of(view: Doc, given: Doc) -> Doc:
    """Answer ``state.values`` of a view or message: given values, else those it had, else those it starts with.

    ``given`` is by block_id or action_id; see ``value_of`` for what a value may be.
    """
    before = view.get("state", {}).get("values", {})
    values: dict[str, Doc] = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            if element["type"] in STATELESS:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            old = before.get(block_id, {}).get(action_id)
            # A block_id names its element only where there is one: an actions block has many.
            for name in (action_id,) if block["type"] == "actions" else (action_id, block_id):
                if name in given:
                    old = value_of(element, given[name])
            values.setdefault(block_id, {})[action_id] = old or starts_with(element)
    return values


def starts_with(element: Doc) -> Doc:
    """Answer the state of an element that nobody has touched."""
    key, initial = SINGLE[element["type"]]
    return {"type": element["type"], key: element.get(initial, [] if key in _MANY else None)}


def value_of(element: Doc, given: Any) -> Doc:
    """Answer the state of an element after somebody gave it a value.

    ``given`` is text for a text input, an option's value for a select, a list of them for several, None or "" for
    nothing, an option object, or the whole state object. Refuses invalid_value for an option that is not there.
    """
    kind = element["type"]
    key, _ = SINGLE[kind]
    if isinstance(given, dict) and key in given:
        given = given[key]
    if key in _MANY:
        chosen = given if isinstance(given, list) else [] if given in (None, "") else [given]
        return {"type": kind, key: [_option(element, one) for one in chosen] if key == "selected_options" else chosen}
    if given in (None, "", []):
        return {"type": kind, key: None}
    if key == "selected_option":
        return {"type": kind, key: _option(element, given[0] if isinstance(given, list) else given)}
    return {"type": kind, key: given if kind in {"datetimepicker", "rich_text_input"} else str(given)}


def _option(element: Doc, given: Any) -> Any:
    """Answer the option that a value names."""
    value = given.get("value") if isinstance(given, dict) else str(given)
    if element["type"].endswith("external_select"):
        return given
    for option in choices(element):
        if option["value"] == value:
            return option
    raise SlackError("invalid_value", detail=f"{element['action_id']} has no option {value!r}")


def is_empty(state: Doc) -> bool:
    """Say whether nothing stands in a field."""
    key, _ = SINGLE[state["type"]]
    return state.get(key) in (None, "", [])


def errors_of(view: Doc) -> dict[str, str]:
    """Answer what Slack's client says under the fields before anything is sent: missing, too short, too long."""
    errors: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view["state"]["values"][block["block_id"]][element["action_id"]]
        trouble = _trouble(block, element, state)
        if trouble:
            errors[block["block_id"]] = trouble
    return errors


def _trouble(block: Doc, element: Doc, state: Doc) -> str | None:
    """Answer what is wrong with one field."""
    if is_empty(state):
        return None if block.get("optional") else "Please complete this required field."
    key, _ = SINGLE[element["type"]]
    value = state[key]
    if key == "value":
        if len(value) < int(element.get("min_length", 0)):
            return f"Must be at least {element['min_length']} characters."
        if len(value) > int(element.get("max_length", 3000)):
            return f"Must be at most {element.get('max_length', 3000)} characters."
        return _typed_trouble(element, value)
    if key in _MANY and len(value) > int(element.get("max_selected_items", len(value))):
        return f"Choose at most {element['max_selected_items']}."
    return None


def _typed_trouble(element: Doc, value: str) -> str | None:
    """Answer what is wrong with a typed number, address or e-mail."""
    if element["type"] == "email_text_input" and ("@" not in value or "." not in value.rpartition("@")[2]):
        return "Must be an email address."
    if element["type"] == "url_text_input" and not value.startswith(("http://", "https://")):
        return "Must be a web address."
    if element["type"] == "number_input":
        return _number_trouble(element, value)
    return None


def _number_trouble(element: Doc, value: str) -> str | None:
    """Answer what is wrong with a typed number."""
    try:
        number = float(value) if element.get("is_decimal_allowed") else int(value)
    except ValueError:
        return "Must be a number."
    if number < float(element.get("min_value", number)):
        return f"Must be {element['min_value']} or more."
    if number > float(element.get("max_value", number)):
        return f"Must be {element['max_value']} or less."
    return None
