"""Times as GitHub writes them."""

from datetime import UTC, datetime


def moment(seconds: float) -> str:
    """Answer a time, given in seconds since 1970, to the second: 2026-11-21T15:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime | None:
    """Answer an aware time; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
