"""What a browser gets: the page, its files, and the pages on which somebody agrees to sign in."""

from html import escape
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from playground.errors import SlackError
from playground.site import Site
from playground.web_api.oauth import public_keys

PAGE = Path(__file__).resolve().parent / "page"


async def page(_request: web.Request) -> web.FileResponse:
    """Answer the page; which place it shows stands in the address and is the page's business."""
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


def authorize(request: web.Request, site: Site) -> web.Response:
    """Ask who agrees to an installation or a sign-in; once ``as`` says it, go back with a code.

    Query: client_id, redirect_uri, state, scope, nonce, as Slack's authorize addresses take them.
    """
    query = request.query
    if query.get("client_id") != site.options.client_id:
        raise SlackError("invalid_client_id")
    redirect_uri = query.get("redirect_uri", "")
    if not redirect_uri.startswith(("http://", "https://")):
        raise SlackError("bad_redirect_uri")
    if "as" not in query:
        return web.Response(text=_choice(site, dict(query)), content_type="text/html")
    person = site.workspace.person(query["as"])
    code = site.sign_ins.agree(
        person.id, redirect_uri=redirect_uri, scopes=query.get("scope", ""), nonce=query.get("nonce", "")
    )
    joint = "&" if "?" in redirect_uri else "?"
    answer = urlencode({"code": code, "state": query.get("state", "")})
    raise web.HTTPFound(f"{redirect_uri}{joint}{answer}")


def _choice(site: Site, query: dict[str, str]) -> str:
    """Answer a page with one link for each person who can agree."""
    people = [person for person in site.workspace.people.values() if not person.is_bot and not person.deleted]
    links = "".join(
        f'<li><a data-user="{escape(one.id)}" href="?{escape(urlencode(query | {"as": one.id}))}">'
        f"{escape(one.real_name)}</a> {escape(one.title)}</li>"
        for one in people
    )
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = "<style>body{font:16px/1.6 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>"
    return f"{head}<title>Sign in</title>{style}<h1>Who are you?</h1><ul>{links}</ul></html>"


def discovery(site: Site) -> dict[str, object]:
    """Answer what OpenID Connect clients ask first."""
    return {
        "issuer": site.url,
        "authorization_endpoint": f"{site.url}/openid/connect/authorize",
        "token_endpoint": f"{site.url}/api/openid.connect.token",
        "userinfo_endpoint": f"{site.url}/api/openid.connect.userInfo",
        "jwks_uri": f"{site.url}/openid/connect/keys",
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "auth_time", "iss", "nonce", "email", "name", "https://slack.com/team_id"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }


def keys(site: Site) -> dict[str, object]:
    """Answer the keys that id tokens are checked with."""
    return public_keys(site.sign_ins)
