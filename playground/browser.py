"""A browser that only knows forms: for acting in the hub's pages as a member of the team, over HTTP like anybody."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from http.client import IncompleteRead
from http.cookiejar import CookieJar

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class PageError(Exception):
    """The hub did not take a form, or has no such page. Holds what it said."""


class Browser:
    """One person's browser at the hub ``url``."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path: str) -> str:
        """The page as HTML. Raises PageError for anything but 2xx."""
        return self._open(urllib.request.Request(self.url + path))

    def send(self, path: str, fields: Iterable[tuple[str, str]], *, form_at: str | None = None) -> str:
        """Fill in and send a form, after reading the page that it stands on. The page after it, as HTML."""
        token = _TOKEN.search(self.get(form_at or path))
        if token is None:
            raise PageError(f"{form_at or path} has no form")
        data = urllib.parse.urlencode([("csrf_token", token[1]), *fields]).encode()
        return self._open(urllib.request.Request(self.url + path, data=data, headers={"Referer": self.url + path}))

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise PageError(f"{error.code} at {request.full_url}: {error.read().decode()[:2000]}") from error
        except IncompleteRead as error:
            raise PageError(f"only a part of {request.full_url} came") from error
