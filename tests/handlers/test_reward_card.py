"""The buttons and forms of the managers' card, pressed by whoever likes: everything is decided here, not in Slack."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from feedback import changes, ideas, loop, messages, rewards
from feedback.messages import Said
from models import Approval, Member, Notice, Outbox, Payout, Reward, RewardQuestion
from tests.conftest import give_by, try_out, workspace_of
from tests.handlers.knock import Door


@pytest.fixture
def reward(door: Door) -> Reward:
    """Ana said it, Cy shipped it, Bo tried it; the service pays."""
    hub = door.hub
    with hub.transaction() as tx:
        workspace, now = workspace_of(tx), hub.clock()
        members = {member.name: member for member in tx.scalars(select(Member))}
        said = Said("C0IDEAS", "1793600000.000100", None, "U0ANA", "A refill for the pump.")
        message = messages.hear(tx, workspace=workspace, said=said, now=now)
        idea, _ = ideas.capture(
            tx, workspace=workspace, message=message, captured_by=members["Ana"], captured_with="reaction", now=now
        )
        changes.ship(tx, by=members["Cy"], summary="Refills.", idea_ids=[idea.id], now=now)
        notice = tx.scalars(select(Notice)).one()
        loop.told(tx, notice_id=notice.id, channel_id="C0IDEAS", ts="1.0", now=now)
        loop.answer(tx, notice_id=notice.id, member=members["Ana"], verdict="better", why="", now=now)
        try_out(tx, now=now)
        give_by(tx, "tremendous")
    with hub.transaction() as tx:
        tx.execute(delete(Outbox))  # what follows is what the buttons did
    return look(door)


def look(door: Door) -> Reward:
    with door.hub.reading() as tx:
        return tx.scalars(select(Reward)).one()


def press(door: Door, action_id: str, value: str, user: str = "U0DI") -> int:
    action = {"type": "button", "action_id": action_id, "value": value, "block_id": "b", "action_ts": "1.1"}
    where = {"container": {"type": "message"}, "channel": {"id": "C0MANAGERS"}, "trigger_id": "1.2.3"}
    return door.interaction("block_actions", user, actions=[action], **where).status_code


def send(door: Door, form: str, metadata: str, user: str = "U0DI", **values: str) -> dict[str, Any]:
    """The errors below the fields."""
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    blocks = [{"type": "input", "block_id": name} for name in values]
    view = {"id": "V1", "type": "modal", "callback_id": form, "private_metadata": metadata, "blocks": blocks}
    answer = door.interaction("view_submission", user, view={**view, "state": {"values": state}}, trigger_id="1.2.4")
    assert answer.status_code == 200
    return (answer.get_json(silent=True) or {}).get("errors", {})  # type: ignore[no-any-return]


def owed(door: Door) -> set[str]:
    with door.hub.reading() as tx:
        return set(tx.scalars(select(Outbox.kind).where(Outbox.kind.startswith("reward."))))


def make(door: Door, slack_id: str, **values: object) -> None:
    with door.hub.transaction() as tx:
        member = tx.scalars(select(Member).where(Member.slack_id == slack_id)).one()
        for name, value in values.items():
            setattr(member, name, value)


def test_the_button_approves_what_it_showed(door: Door, reward: Reward) -> None:
    assert press(door, "reward_approve", f"{reward.id}:{reward.version}") == 200
    assert look(door).state == "approved"
    press(door, "reward_approve", f"{reward.id}:{reward.version}")
    with door.hub.reading() as tx:
        assert len(tx.scalars(select(Approval)).all()) == 1
        assert len(tx.scalars(select(Payout)).all()) == 1


@pytest.mark.parametrize("value", ["1", "1:0", "1:1", "1:99"])
def test_a_stale_card_is_refused_and_drawn_anew(door: Door, reward: Reward, value: str) -> None:
    """The first is of a card of before there were versions."""
    assert reward.version > 1
    for action in ("reward_approve", "reward_decline", "reward_ask"):
        assert press(door, action, value) == 200
    assert look(door).state == "vesting"
    assert owed(door) == {"reward.card_refresh"}
    stale = "This changed since it was shown to you. Here is how it stands now."
    assert send(door, "reward_approve", value, gift="CODE-1") == {"gift": stale}
    assert send(door, "reward_decline", value, why="No.") == {"why": stale}
    assert send(door, "reward_ask", value, question="Why?") == {"question": stale}
    assert look(door).state == "vesting"


@pytest.mark.parametrize("user", ["U0ANA", "U0BO", "U0CY", "U0EVE", "UNOBODY"])
def test_nobody_else_decides_or_asks(door: Door, reward: Reward, user: str) -> None:
    seen = f"{reward.id}:{reward.version}"
    for action in ("reward_approve", "reward_decline", "reward_ask"):
        press(door, action, seen, user)
    for form, field in (("reward_approve", "gift"), ("reward_decline", "why"), ("reward_ask", "question")):
        assert send(door, form, seen, user, **{field: "CODE-1"}) == {field: "This is for managers."}
    assert look(door).state == "vesting"
    assert owed(door) == set()


@pytest.mark.parametrize(("user", "say"), [("U0ANA", "This one is for you"), ("U0CY", "You proposed it")])
def test_neither_do_its_receiver_and_proposer_who_are_managers(door: Door, reward: Reward, user: str, say: str) -> None:
    make(door, user, role="manager")
    seen = f"{reward.id}:{reward.version}"
    press(door, "reward_approve", seen, user)
    for form, field in (("reward_approve", "gift"), ("reward_decline", "why"), ("reward_ask", "question")):
        assert say in send(door, form, seen, user, **{field: "CODE-1"})[field]
    assert look(door).state == "vesting"


def test_an_ineligible_receiver_is_refused(door: Door, reward: Reward) -> None:
    make(door, "U0ANA", is_guest=True)
    press(door, "reward_approve", f"{reward.id}:{reward.version}")
    found = send(door, "reward_approve", f"{reward.id}:{reward.version}", gift="CODE-1")
    assert found == {"gift": "Ana is a guest here, and guests receive nothing."}
    assert look(door).state == "vesting"


def test_a_question_is_asked_and_answered_from_forms(door: Door, reward: Reward) -> None:
    assert "question" in send(door, "reward_ask", f"{reward.id}:{reward.version}", question=" ")
    assert send(door, "reward_ask", f"{reward.id}:{reward.version}", question="Why?") == {}
    assert owed(door) == {"reward.question", "reward.card_refresh"}
    assert "Whoever proposed it answers" in send(door, "reward_answer", "1", "U0BO", answer="So.")["answer"]
    assert send(door, "reward_answer", "1", "U0CY", answer="So.") == {}
    assert "answered it already" in send(door, "reward_answer", "1", "U0DI", answer="No.")["answer"]
    assert owed(door) == {"reward.question", "reward.answered", "reward.card_refresh"}
    with door.hub.reading() as tx:
        assert tx.scalars(select(RewardQuestion)).one().answer == "So."


def test_the_first_of_two_says_yes_without_a_code(door: Door, reward: Reward) -> None:
    with door.hub.transaction() as tx:
        give_by(tx, "manual")
        workspace_of(tx).two_approve_above_cents = 0
    press(door, "reward_approve", f"{reward.id}:{reward.version}")
    assert look(door).version == reward.version + 1
    with door.hub.reading() as tx:
        assert rewards.kept(tx.scalars(select(Reward)).one()) is not None
    make(door, "U0BO", role="manager")
    seen = f"{reward.id}:{reward.version + 1}"
    assert "You said yes already" in send(door, "reward_approve", seen, gift="CODE-1")["gift"]
    assert send(door, "reward_approve", seen, "U0BO", gift="two words") == {"gift": "One code or link, without spaces."}
    assert send(door, "reward_approve", seen, "U0BO", gift="CODE-1") == {}
    assert look(door).state == "paid"
