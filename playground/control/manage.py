"""The playground itself: settings, faults, logs, reset, and events of one's own making."""

from typing import Any

from playground import ids
from playground.control.ask import Ask, Handler
from playground.delivery.events import parcel_of
from playground.errors import SlackError
from playground.records import Doc

_SECONDS = {"posting_interval_seconds", "ack_timeout_seconds"}


def settings(ask: Ask) -> Doc:
    """Change settings, those of Settings in site.py; answers all of them."""
    checked = {name: _setting(name, value) for name, value in ask.facts().items() if name != "user"}
    for name, value in checked.items():
        setattr(ask.site.settings, name, value)
    return {"settings": vars(ask.site.settings)}


def _setting(name: str, value: Any) -> Any:
    """Check one setting. Refuses invalid_arguments."""
    if name in _SECONDS and _is_seconds(value):
        return float(value)
    if name == "retry_after_seconds" and isinstance(value, list) and all(map(_is_seconds, value)):
        return tuple(float(one) for one in value)
    if name == "request_url" and (value is None or (isinstance(value, str) and value.startswith("http"))):
        return value
    if name == "method_tiers" and isinstance(value, bool):
        return value
    raise SlackError("invalid_arguments", detail=f"{name} is no setting, or not of its type")


def _is_seconds(value: Any) -> bool:
    """Say whether a value can be a time."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def faults(ask: Ask) -> Doc:
    """Add faults: a list of them, or one."""
    ask.site.faults.ask(ask.body if isinstance(ask.body, list) else [ask.body])
    return {}


def clear_faults(ask: Ask) -> Doc:
    """Let everything work again."""
    ask.site.faults.clear()
    return {}


def clear_deliveries(ask: Ask) -> Doc:
    """Empty the log of deliveries."""
    ask.site.logs.deliveries.clear()
    return {}


def clear_calls(ask: Ask) -> Doc:
    """Empty the log of Web API calls."""
    ask.site.logs.calls.clear()
    return {}


def reset(ask: Ask) -> Doc:
    """Begin anew with the first cast; ``community`` adds the community's members and channels. Settings stay."""
    ask.site.reset()
    if ask.flag("community"):
        ask.site.add_community()
    return {}


async def refresh_sockets(ask: Ask) -> Doc:
    """Send disconnect over every socket ({reason?: refresh_requested, warning, link_disabled}); answers {told}."""
    reason = ask.text("reason", "refresh_requested")
    if reason not in {"refresh_requested", "warning", "link_disabled"}:
        raise SlackError("invalid_arguments", detail="reason is refresh_requested, warning or link_disabled")
    return {"told": await ask.site.sockets.refresh(reason)}


async def sign_event(ask: Ask) -> Doc:
    """Deliver an event of one's own making once, whatever the manifest says: {team_id?, event, event_id?}.

    Answers {status, event_id}; nothing is redelivered.
    """
    event = ask.mapping("event")
    if not isinstance(event.get("type"), str):
        raise SlackError("invalid_arguments", detail="event is an object with a type")
    event.setdefault("event_ts", ask.site.event_ts())
    parcel = parcel_of(
        ask.site, event, team_id=ask.text("team_id", ids.TEAM_ID), event_id=ask.text("event_id", "") or None
    )
    outcome = await ask.site.deliveries.once(parcel)
    return {"status": outcome.status, "event_id": parcel.event_id} | (
        {"reason": outcome.reason} if outcome.reason else {}
    )


def code(ask: Ask) -> Doc:
    """Answer {code}, as if the person had agreed to an installation or a sign-in: {user, redirect_uri?, nonce?}."""
    person = ask.person()
    agreed = ask.site.sign_ins.agree(
        person.id, redirect_uri=ask.text("redirect_uri", ""), nonce=ask.text("nonce", ""), scopes=ask.text("scope", "")
    )
    return {"code": agreed}


def age_response_urls(ask: Ask) -> Doc:
    """Make every response_url ``seconds`` older."""
    seconds = ask.given("seconds")
    if not _is_seconds(seconds):
        raise SlackError("invalid_arguments", detail="seconds must be a number")
    ask.site.response_urls.age(float(seconds))
    return {}


POSTS: dict[str, Handler] = {
    "settings": settings,
    "faults": faults,
    "reset": reset,
    "refresh_sockets": refresh_sockets,
    "sign_event": sign_event,
    "code": code,
    "age_response_urls": age_response_urls,
}
DELETES: dict[str, Handler] = {"faults": clear_faults, "deliveries": clear_deliveries, "calls": clear_calls}
