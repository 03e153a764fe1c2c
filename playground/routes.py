"""Which address answers what."""

from collections.abc import Awaitable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from playground import pages
from playground.control import ask, look, manage, rooms, talk, use
from playground.control.stream import stream
from playground.errors import SlackError
from playground.happenings.answers import respond
from playground.site import Site
from playground.tracker.api import add_api
from playground.tracker.pages import Pages
from playground.tremendous import api as tremendous_api
from playground.tremendous import pages as tremendous_pages
from playground.web_api import dispatch

MOST_BYTES = 1_000_000  # of a request's body
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def application(site: Site) -> web.Application:
    """Answer the web application of a running workspace."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_in_json, _own_visitors(site)])
    _add_control(app, site)
    _add_slack(app, site)
    add_api(app, site)
    Pages(site).add(app)
    tremendous_api.add_api(app, site)
    tremendous_pages.Pages(site).add(app)
    for path in ("/", "/archives/{rest:.*}", "/home", "/home/{rest:.*}"):
        app.router.add_get(path, pages.page)
    app.router.add_static("/page/", pages.PAGE)
    return app


def _add_slack(app: web.Application, site: Site) -> None:
    """Add what Slack itself answers."""

    async def api(request: web.Request) -> web.StreamResponse:
        return await dispatch.answer(site, request)

    async def authorize(request: web.Request) -> web.StreamResponse:
        return pages.authorize(request, site)

    async def discovery(_request: web.Request) -> web.StreamResponse:
        return web.json_response(pages.discovery(site))

    async def keys(_request: web.Request) -> web.StreamResponse:
        return web.json_response(pages.keys(site))

    async def response(request: web.Request) -> web.StreamResponse:
        return await _response(request, site)

    app.router.add_route("*", "/api/{method}", api)
    app.router.add_get("/link/", site.sockets.link)
    app.router.add_get("/oauth/v2/authorize", authorize)
    app.router.add_get("/openid/connect/authorize", authorize)
    app.router.add_get("/openid/connect/keys", keys)
    app.router.add_get("/.well-known/openid-configuration", discovery)
    app.router.add_post("/response/{key}", response)


async def _response(request: web.Request, site: Site) -> web.Response:
    """Take a post to a response_url."""
    asked = await ask.read(request, site)
    fault = site.faults.take("api", "response_url")
    if fault is not None and (broken := await dispatch.before(fault, request)) is not None:
        return broken
    body = asked.facts()
    respond(site, site.response_urls.use(request.match_info["key"]), body)
    site.logs.called(method="response_url", args=body, ok=True, error=None, at=site.clock())
    return dispatch.after(fault, request) or web.Response(text="ok")


def _add_control(app: web.Application, site: Site) -> None:
    """Add the control API."""

    def answering(handler: ask.Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            answered = handler(await ask.read(request, site))
            if isinstance(answered, Awaitable):
                answered = await answered
            return web.json_response({"ok": True} | answered)

        return answer

    async def follow(request: web.Request) -> web.StreamResponse:
        return await stream(request, site)

    for name, handler in (talk.POSTS | use.POSTS | rooms.POSTS | manage.POSTS).items():
        app.router.add_post(f"/control/{name}", answering(handler))
    for name, handler in look.GETS.items():
        app.router.add_get(f"/control/{name}", answering(handler))
    for name, handler in manage.DELETES.items():
        app.router.add_delete(f"/control/{name}", answering(handler))
    app.router.add_get("/control/stream", follow)


@web.middleware
async def _in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals, and aiohttp's own (no such address, too large a body), as JSON with their status."""
    try:
        return await handler(request)
    except SlackError as refused:
        return ask.refused(refused)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        name = error.reason.lower().replace(" ", "_")
        return web.json_response({"ok": False, "error": name}, status=error.status)


def _own_visitors(site: Site) -> Middleware:
    """Answer a middleware that turns away other web sites: this server obeys whoever reaches it.

    A strange Origin is a page elsewhere; on loopback a strange Host is a name elsewhere that was made to point here.
    """

    @web.middleware
    async def only_own(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        host = urlsplit(f"//{request.host}").hostname
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise SlackError("foreign_origin", status=403)
        if site.options.host in LOOPBACK and host not in LOOPBACK:
            raise SlackError("foreign_host", status=403)
        return await handler(request)

    return only_own
