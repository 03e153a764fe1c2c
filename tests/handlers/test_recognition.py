"""The two switches in App Home."""

from __future__ import annotations

from sqlalchemy import select

from models import Audit, Member
from tests.conftest import workspace_of
from tests.handlers.knock import Door


def press(door: Door, action_id: str, value: str, user: str = "U0ANA") -> int:
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.0"}
    view = {"id": "V1", "type": "home", "state": {"values": {}}}
    facts = {"actions": [action], "view": view, "container": {"type": "view", "view_id": "V1"}}
    return door.interaction("block_actions", user, trigger_id="1.1", **facts).status_code


def look(door: Door) -> tuple[bool, bool, int]:
    with door.hub.reading() as tx:
        ana = tx.scalars(select(Member).where(Member.name == "Ana")).one()
        acts = tx.scalars(select(Audit).where(Audit.subject == "member")).all()
        return ana.is_credited, ana.is_on_board, len(acts)


def test_a_second_press_of_the_same_button_changes_nothing(door: Door) -> None:
    for _ in range(2):
        assert press(door, "credit_switch", "yes") == 200
    assert look(door) == (True, False, 1)
    for _ in range(2):
        assert press(door, "credit_switch", "no") == 200
    assert look(door) == (False, False, 2)


def test_the_board_is_joined_where_there_is_one(door: Door) -> None:
    with door.hub.transaction() as tx:
        workspace_of(tx).has_board = True
    assert press(door, "board_switch", "yes") == 200
    assert look(door) == (False, True, 1)
    assert press(door, "board_switch", "no") == 200
    assert look(door) == (False, False, 2)
