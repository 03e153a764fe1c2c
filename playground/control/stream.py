"""GET /control/stream: server-sent events, so that an open page follows by itself."""

import asyncio

from aiohttp import web

from playground.site import Site

PING_SECONDS = 15.0  # a comment on a silent stream finds out whether anybody still listens


async def stream(request: web.Request, site: Site) -> web.StreamResponse:
    """Send one line of JSON for each change that the person (``as``) may hear of, until they go or the server stops."""
    person = site.workspace.person(request.query.get("as", ""))
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    queue = site.stream.listen(person.id)
    try:
        await response.write(b": listening\n\n")
        await _follow(response, queue)
    except ConnectionError:
        pass  # The page was closed; there is nobody left to tell.
    finally:
        site.stream.leave(queue)
    return response


async def _follow(response: web.StreamResponse, queue: asyncio.Queue[str | None]) -> None:
    """Write changes as they come."""
    while True:
        try:
            line = await asyncio.wait_for(queue.get(), PING_SECONDS)
        except TimeoutError:
            await response.write(b": still here\n\n")
            continue
        if line is None:
            return
        await response.write(f"data: {line}\n\n".encode())
