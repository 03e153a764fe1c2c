"""Whether our processes can listen where they are told to, and when somebody answers there."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

from feedback.settings import SettingsError


def check_free(host: str, port: int, name: str = "PORT or HOST") -> None:
    try:
        for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # as our servers listen
                probe.bind(address)
    except OSError as error:
        raise SettingsError(f"{host}:{port} cannot be used ({error.strerror}). Set {name}.") from None


def wait_for(url: str, seconds: float = 60) -> None:
    """Until somebody answers there."""
    at = urlsplit(url)
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((at.hostname, at.port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise SettingsError(f"Nothing answers at {url}; the lines above say why.") from None
        time.sleep(0.1)
