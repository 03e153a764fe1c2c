"""The front door of the Web API: body, token, scopes, pace, faults, and then the method."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from playground import ids
from playground.errors import SlackError
from playground.faults import Fault
from playground.json_text import parse
from playground.records import Doc
from playground.site import Site
from playground.web_api import apps, chat, conversations, oauth, reactions, users, views
from playground.web_api.call import METHODS, Call, Method

# Each of these modules enters its methods into the table when it is imported.
FAMILIES = (apps, chat, conversations, oauth, reactions, users, views)


@dataclass(frozen=True)
class Caller:
    """Who a token is: ``kind`` is bot, app, user or client."""

    kind: str
    user_id: str
    scopes: Collection[str]


async def answer(site: Site, request: web.Request) -> web.StreamResponse:
    """Answer POST or GET /api/METHOD as Slack does, with the faults that were asked for."""
    name = request.match_info["method"]
    fault = site.faults.take("api", name)
    if fault is not None and (broken := await before(fault, request)) is not None:
        site.logs.called(method=name, args={}, ok=False, error=f"fault: {fault.do}", at=site.clock())
        return broken
    args: Doc = {}
    try:
        args = await _arguments(request)
        caller = _caller(site, request, args, METHODS.get(name))
        response = _answered(site, name, args, caller)
    except SlackError as refused:
        response = _refusal(refused)
        site.logs.called(method=name, args=args, ok=False, error=refused.code, at=site.clock())
    else:
        site.logs.called(method=name, args=args, ok=True, error=None, at=site.clock())
    return after(fault, request) or response


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    """Let a fault happen before the effect; None means that the call goes on."""
    if fault.do in {"drop", "cut"}:
        hang_up(request)
        return web.Response(status=500)
    if fault.do == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.do == "rate_limit":
        return _refusal(SlackError("ratelimited", status=429, retry_after=max(1, round(fault.seconds))))
    if fault.do == "error":
        return failed(fault)
    return None


def after(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Let a fault happen after the effect; None means that the answer goes out."""
    if fault is not None and fault.do == "cut_after":
        hang_up(request)
        return web.Response(status=500)
    if fault is not None and fault.do == "error_after":
        return web.json_response({"ok": False, "error": "internal_error"}, status=500)
    return None


def hang_up(request: web.Request) -> None:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.close()


def failed(fault: Fault) -> web.Response:
    """Answer an error that was asked for: an HTTP status, or one of Slack's words with HTTP 200."""
    if isinstance(fault.error, int):
        return web.json_response({"ok": False, "error": "internal_error"}, status=fault.error)
    return web.json_response({"ok": False, "error": fault.error})


async def _arguments(request: web.Request) -> Doc:
    """Answer the arguments from query and body. Refuses invalid_json, json_not_object and the like."""
    args: Doc = dict(request.query) | oauth.client_of(request.headers.get("Authorization", ""))
    if not request.can_read_body:
        return args
    if request.content_type == "application/json":
        try:
            body = parse(await request.read())
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return args | body
    try:
        form = await request.post()
    except ValueError:
        raise SlackError("invalid_form_data") from None
    return args | {name: value for name, value in form.items() if isinstance(value, str)}


def _caller(site: Site, request: web.Request, args: Doc, method: Method | None) -> Caller:
    """Answer who calls. Refuses unknown_method, not_authed, invalid_auth and not_allowed_token_type."""
    if method is None:
        raise SlackError("unknown_method", req_method=request.match_info["method"])
    if method.caller == "client":
        return Caller("client", "", ())
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))
    if not token:
        raise SlackError("not_authed")
    caller = _known(site, token)
    if caller is None:
        raise SlackError("invalid_auth")
    if caller.kind != method.caller and method is not METHODS["auth.test"]:
        raise SlackError("not_allowed_token_type")
    return caller


def _known(site: Site, token: str) -> Caller | None:
    """Answer whose token it is."""
    if token == site.options.bot_token or token in site.sign_ins.bot_tokens:
        return Caller("bot", ids.BOT_USER_ID, site.manifest.scopes)
    if token == site.options.app_token:
        return Caller("app", ids.BOT_USER_ID, {"connections:write"})
    user_id = site.sign_ins.user_of(token)
    return Caller("user", user_id, {"openid", "email", "profile"}) if user_id else None


def _answered(site: Site, name: str, args: Doc, caller: Caller) -> web.Response:
    """Run a method for a caller who may."""
    method = METHODS[name]
    call = Call(site, name, args, caller.scopes, caller.user_id)
    call.needs(*method.scopes)
    if site.settings.method_tiers and method.tier is not None and (wait := site.pace.call(name, method.tier)):
        raise SlackError("ratelimited", status=429, retry_after=wait)
    headers = {"X-OAuth-Scopes": ",".join(sorted(caller.scopes)), "X-Accepted-OAuth-Scopes": ",".join(method.scopes)}
    return web.json_response({"ok": True} | method.answer(call), headers=headers)


def _refusal(refused: SlackError) -> web.Response:
    """Answer a refusal: HTTP 200 with Slack's word for it, 429 with Retry-After for too many calls."""
    details = dict(refused.details)
    wait = details.pop("retry_after", None)
    body = {"ok": False, "error": refused.code} | details
    if wait is None:
        return web.json_response(body)
    return web.json_response(body, status=429, headers={"Retry-After": str(wait)})
