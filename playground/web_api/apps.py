"""auth.test, apps.connections.open."""

from playground import ids
from playground.records import Doc
from playground.web_api.call import Call, method


@method("auth.test", tier=None)
def auth_test(call: Call) -> Doc:
    """Answer who the token is."""
    user = call.site.workspace.person(call.user_id)
    team: Doc = {"url": f"{call.site.url}/", "team": ids.TEAM_NAME, "team_id": ids.TEAM_ID}
    bot: Doc = {"bot_id": ids.BOT_ID} if call.user_id == ids.BOT_USER_ID else {}
    return team | {"user": user.name, "user_id": user.id, "is_enterprise_install": False} | bot


@method("apps.connections.open", tier=1, caller="app")
def connections_open(call: Call) -> Doc:
    """Answer an address for Socket Mode."""
    return {"url": call.site.sockets.ticket_url()}
