"""Ending a Socket Mode client without its three seconds of waiting in a read."""

from __future__ import annotations

import time

from slack_sdk.socket_mode.client import BaseSocketModeClient


def close(socket: BaseSocketModeClient) -> None:
    """After its server has gone. Closing while the client's own thread is still noticing that raises in slack_sdk."""
    deadline = time.monotonic() + 5
    while socket.is_connected() and time.monotonic() < deadline:
        time.sleep(0.01)
    socket.close()
