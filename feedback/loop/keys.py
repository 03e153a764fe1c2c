"""Under which keys telling is owed."""

from __future__ import annotations


def of_notice(notice_id: int, post_id: int | None) -> str:
    """What is owed to one person, or to all who share a post."""
    return f"notice:{notice_id}" if post_id is None else f"notice_post:{post_id}"


def of_announcement(change_id: int) -> str:
    return f"announcement:{change_id}"
