"""Somebody submits or closes a modal: view_submission, view_closed."""

from typing import TYPE_CHECKING, Any

from playground.block_kit.views import checked_view
from playground.delivery.attempts import Outcome
from playground.errors import SlackError
from playground.happenings import views
from playground.interactions.payloads import base, send, told
from playground.interactions.state import errors_of, values_of
from playground.records import Doc, Person

if TYPE_CHECKING:
    from playground.site import Site


async def submit(site: "Site", person: Person, view_id: str, values: Doc) -> Doc:
    """Fill in a modal and submit it; ``values`` are by block_id or action_id, see ``value_of``.

    Answers {errors} by block_id, from the client's own checks or from the app; else {status, response_action}. The view
    stays open when the app does not take it. Refuses view_not_found, and no_submit for a view without the button.
    """
    view = _open_view(site, person, view_id)
    if not view["submit"]:
        raise SlackError("no_submit")
    _refuse_unknown(view, values)
    view["state"] = {"values": values_of(view, values)}
    errors = errors_of(view)
    if errors:
        return {"errors": errors, "sent": False}
    payload = base(site, "view_submission", person, view_id) | {"view": dict(view), "response_urls": []}
    outcome = await send(site, payload, view["callback_id"])
    if not outcome.ok:
        return told(outcome)
    return told(outcome) | _take_answer(site, person, view_id, outcome)


def _open_view(site: "Site", person: Person, view_id: str) -> Doc:
    """Answer a view of a person's stack."""
    for view in site.modals.stack(person.id):
        if view["id"] == view_id:
            return view
    raise SlackError("view_not_found", status=404)


def _refuse_unknown(view: Doc, values: Doc) -> None:
    """Refuse values for fields that are not in the view, which would otherwise be lost without a word."""
    fields = values_of(view, {})
    known = set(fields) | {action_id for block in fields.values() for action_id in block}
    if unknown := set(values) - known:
        raise SlackError("unknown_field", detail=f"the view has no {', '.join(sorted(unknown))}")


def _take_answer(site: "Site", person: Person, view_id: str, outcome: Outcome) -> Doc:
    """Do what the app answered to a submission. What Slack would not accept is shown to the person as trouble."""
    answer = outcome.body if isinstance(outcome.body, dict) else {}
    action = answer.get("response_action")
    try:
        view = _open_view(site, person, view_id)
    except SlackError:
        # The person closed it while the app was still thinking.
        return {"response_action": action}
    try:
        return {"response_action": action} | _follow(site, person, view, answer)
    except SlackError as refused:
        return {"response_action": action, "reason": refused.code, "detail": refused.details}


def _follow(site: "Site", person: Person, view: Doc, answer: Doc) -> Doc:
    """Show errors, close, replace, push or clear. Refuses invalid_response_action and what views may be refused for."""
    action = answer.get("response_action")
    if action is None:
        views.close_modals(site, person.id, view)
    elif action == "errors":
        return {"errors": _field_errors(view, answer.get("errors"))}
    elif action == "clear":
        views.close_modals(site, person.id)
    elif action == "update":
        return {"view_id": views.update_modal(site, view, checked_view(answer.get("view"), "modal"))["id"]}
    elif action == "push":
        pushed = checked_view(answer.get("view"), "modal")
        return {"view_id": views.open_modal(site, person.id, pushed, on_top_of=view["id"])["id"]}
    else:
        raise SlackError("invalid_response_action")
    return {}


def _field_errors(view: Doc, errors: Any) -> dict[str, str]:
    """Answer the app's errors if each names an input block and says something, as Slack demands."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors", known=sorted(inputs))
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackError("invalid_errors", known=sorted(inputs))
    return errors


async def close(site: "Site", person: Person, view_id: str) -> Doc:
    """Close a modal; the app hears of it where it asked to. ``clear_on_close`` closes the whole stack."""
    view = _open_view(site, person, view_id)
    clears = bool(view["clear_on_close"])
    closed = views.close_modals(site, person.id, None if clears else view)
    outcome = Outcome(200)
    for one in closed:
        if one["notify_on_close"]:
            payload = base(site, "view_closed", person) | {"view": dict(one), "is_cleared": clears}
            outcome = await send(site, payload, one["callback_id"])
    return told(outcome) | {"closed": [one["id"] for one in closed]}
