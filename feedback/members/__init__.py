"""People: who they are, what role they have, whether they are still here, and how they get into the hub."""

from __future__ import annotations

from feedback.members.presence import is_in_channel, left_channel, open_home, publish_home, show_home, take_part
from feedback.members.profiles import PROFILES_AT_ONCE, get, meet, store_profile, store_profiles
from feedback.members.roles import check_managers_left, find_from_terminal, people, set_role, set_role_from_terminal
from feedback.members.sessions import (
    LINK_MINUTES,
    SESSION_DAYS,
    begin_session,
    continue_as,
    end_session,
    make_link,
    signed_in,
    use_link,
)

__all__ = [
    "LINK_MINUTES",
    "PROFILES_AT_ONCE",
    "SESSION_DAYS",
    "begin_session",
    "check_managers_left",
    "continue_as",
    "end_session",
    "find_from_terminal",
    "get",
    "is_in_channel",
    "left_channel",
    "make_link",
    "meet",
    "open_home",
    "people",
    "publish_home",
    "set_role",
    "set_role_from_terminal",
    "show_home",
    "signed_in",
    "store_profile",
    "store_profiles",
    "take_part",
    "use_link",
]
