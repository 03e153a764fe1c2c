"""What people do with the app: shortcuts, commands, clicks, modals, Home."""

from playground.control.ask import Ask, Handler
from playground.interactions import clicks, homes, shortcuts, submissions
from playground.records import Doc


async def shortcut(ask: Ask) -> Doc:
    """Use a shortcut; answers {status, view_id?}."""
    person = ask.person()
    channel = ask.channel(person) if ask.given("channel") else None
    return await shortcuts.use(ask.site, person, ask.text("callback_id"), channel, ask.text("ts", "") or None)


async def command(ask: Ask) -> Doc:
    """Use a slash command; answers {status, body, view_id?}."""
    person = ask.person()
    return await shortcuts.command(ask.site, person, ask.channel(person), ask.text("command"), ask.text("text", ""))


async def click(ask: Ask) -> Doc:
    """Use an element; answers {status}."""
    person = ask.person()
    asked = ask.facts() | {"action_id": ask.text("action_id"), "values": ask.mapping("values")}
    if ask.given("ts") is not None:
        asked |= {"ts": ask.text("ts"), "channel": ask.channel(person).id}
    return await clicks.click(ask.site, person, asked)


async def submit(ask: Ask) -> Doc:
    """Submit a modal; answers {errors} or {status, response_action}."""
    return await submissions.submit(ask.site, ask.person(), ask.text("view_id"), ask.mapping("values"))


async def close(ask: Ask) -> Doc:
    """Close a modal; answers {status, closed}."""
    return await submissions.close(ask.site, ask.person(), ask.text("view_id"))


def home(ask: Ask) -> Doc:
    """Open the app's Home (or its messages, with tab: messages); answers {view} as it stands."""
    return {"view": homes.open_home(ask.site, ask.person(), ask.text("tab", "home"))}


POSTS: dict[str, Handler] = {
    "shortcut": shortcut,
    "command": command,
    "click": click,
    "submit": submit,
    "close": close,
    "home": home,
}
