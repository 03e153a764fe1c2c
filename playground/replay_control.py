"""The control API of a playground, as far as a replay uses it."""

from __future__ import annotations

from typing import Any

import aiohttp

REQUEST_SECONDS = 30.0


class NoPlaygroundError(Exception):
    """No playground answers at the address, or it refuses what a replay needs."""


class RefusedError(Exception):
    """The playground did not do it; the text says why."""


class Control:
    """The control API of the playground, as far as a replay uses it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def act(self, verb: str, /, **body: Any) -> dict[str, Any]:
        """POST /control/VERB. Raises RefusedError when the playground says no, or nothing."""
        try:
            async with self._session.post(f"{self._url}/control/{verb}", json=body) as answer:
                found = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            raise RefusedError(f"{verb}: {problem or type(problem).__name__}") from problem
        if not isinstance(found, dict) or not found.get("ok"):
            raise RefusedError(f"{verb}: {found.get('error') if isinstance(found, dict) else found}")
        return found

    async def get(self, name: str, **query: str) -> dict[str, Any]:
        """GET /control/NAME. Raises NoPlaygroundError."""
        waiting = aiohttp.ClientTimeout(total=REQUEST_SECONDS + float(query.get("seconds", 0)))
        try:
            async with self._session.get(f"{self._url}/control/{name}", params=query, timeout=waiting) as answer:
                found = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            raise NoPlaygroundError(
                f"no playground answers at {self._url}: {problem or type(problem).__name__}"
            ) from problem
        if not isinstance(found, dict) or "ok" not in found:
            raise NoPlaygroundError(f"what answers at {self._url} is not a playground")
        return found

    async def deliveries(self) -> list[dict[str, Any]]:
        """The log of events sent to the app, oldest first."""
        found = await self.get("deliveries", kind="event")
        return list(found.get("deliveries", ()))

    async def quiet(self, seconds: float) -> bool:
        """Wait until nothing is being delivered or scheduled; False when that takes longer than `seconds`."""
        return bool((await self.get("quiet", seconds=str(seconds))).get("ok"))
