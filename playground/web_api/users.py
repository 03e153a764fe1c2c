"""users.* and team.info."""

from playground import ids
from playground.errors import SlackError
from playground.records import Doc
from playground.web_api.call import Call, method
from playground.web_api.paging import page


@method("users.info", "users:read", tier=4)
def users_info(call: Call) -> Doc:
    """Answer one person; the e-mail only with its scope."""
    return {"user": call.person().as_json(with_email="users:read.email" in call.scopes)}


@method("users.list", "users:read", tier=2)
def users_list(call: Call) -> Doc:
    """Answer a page of everybody."""
    people, metadata = page(call, list(call.site.workspace.people.values()), "user")
    with_email = "users:read.email" in call.scopes
    members = [person.as_json(with_email=with_email) for person in people]
    return {"members": members, "cache_ts": int(call.site.clock()), "response_metadata": metadata}


@method("users.lookupByEmail", "users:read.email")
def users_lookup_by_email(call: Call) -> Doc:
    """Answer the person with an e-mail address."""
    wanted = call.text("email").lower()
    for person in call.site.workspace.people.values():
        if person.email.lower() == wanted and not person.deleted:
            return {"user": person.as_json(with_email=True)}
    raise SlackError("users_not_found")


@method("team.info", "team:read")
def team_info(call: Call) -> Doc:
    """Answer the workspace."""
    team: Doc = {"id": ids.TEAM_ID, "name": ids.TEAM_NAME, "domain": ids.TEAM_DOMAIN, "url": f"{call.site.url}/"}
    return {"team": team | {"email_domain": "", "icon": {"image_default": True}}}
