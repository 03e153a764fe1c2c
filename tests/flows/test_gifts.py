"""What members do about their own thank-yous in Slack: see each, have one sent again, say what they want."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import changes
from feedback.rewards import wishes
from models import Idea, Member, Reward
from tests.world import World, open_world

CODE = "THANKS-ANA-25"


@pytest.fixture
def world(sqlite_database: str) -> Iterator[World]:
    with open_world(sqlite_database) as found:
        yield found


def help_out(world: World, words: str) -> None:
    """Ana says something, it ships, and she says that it is better now."""
    ts = world.ana.post("#ideas", words)
    world.ana.react("#ideas", ts, "bulb")
    world.settle()
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        idea_id = tx.scalars(select(Idea.id).order_by(Idea.id.desc())).first()
        assert idea_id
        changes.ship(tx, by=cy, summary="Done.", idea_ids=[idea_id], now=world.clock())
    world.settle()
    notice = world.client.thread("#ideas", ts)[-1]
    world.ana.click("loop_better", channel="#ideas", ts=notice["ts"])
    world.settle()


def home(world: World) -> str:
    world.ana.open_home()
    world.settle()
    return str(world.client.home("U0ANA"))


def approve(world: World) -> None:
    card = world.client.messages("C0MANAGERS")[-1]
    view_id = world.form(world.di, "reward_approve", channel="C0MANAGERS", ts=card["ts"])
    assert world.di.submit(view_id, gift=CODE) == {}
    world.settle()


def test_ana_follows_her_thank_you_and_has_it_sent_once_more(world: World) -> None:
    assert "Nothing yet." in home(world)
    help_out(world, "The pump leaks in my bag")
    seen = home(world)
    assert "We look at it." in seen
    assert "$25.00" not in seen
    world.try_out()
    assert "A manager looks at it from" in home(world)
    approve(world)
    seen = home(world)
    for words in ("$25.00 and 10 points", "What you told us shipped", "The pump leaks", "It is in your messages."):
        assert words in seen
    assert CODE not in seen
    assert "Send it to me again" not in seen, "she has only just got it"
    world.clock.ahead += timedelta(hours=1)
    assert "Send it to me again" in home(world)
    for _ in range(2):  # the second press is refused, and said so in a window
        world.ana.click("reward_again", value="1")
    world.settle()
    told = [said for said in world.client.dm("U0ANA") if CODE in str(said["blocks"])]
    assert len(told) == 2
    assert "once more" in told[-1]["text"]
    assert "less than an hour ago" in str(world.client.views("U0ANA"))
    assert "Send it to me again" not in home(world)


def test_nobody_has_somebody_elses_gift_sent(world: World) -> None:
    help_out(world, "The pump leaks in my bag")
    world.try_out()
    approve(world)
    world.clock.ahead += timedelta(hours=1)
    home(world)
    world.gus.open_home()
    world.settle()
    assert "reward_again" not in str(world.client.home("U0GUS"))
    assert CODE not in str(world.client.dm("U0GUS"))


def test_whoever_wants_no_rewards_says_so_in_home(world: World) -> None:
    help_out(world, "The pump leaks in my bag")
    home(world)
    view_id = world.form(world.ana, "wishes_open")
    assert world.ana.submit(view_id, takes_rewards="yes", country="xx").keys() == {"country"}
    assert world.ana.submit(view_id, takes_rewards="no", country="de") == {}
    world.settle()
    seen = str(world.client.home("U0ANA"))
    assert "Not given. You asked not to be given anything." in seen
    (ana,) = world.all(select(Member).where(Member.slack_id == "U0ANA"))
    assert (ana.takes_rewards, ana.country) == (False, "DE")
    help_out(world, "A smaller bottle, please")
    assert [reward.state for reward in world.all(select(Reward))] == ["cancelled"]


def test_an_address_is_kept_after_a_tick_and_forgotten_with_one_press(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where a gift needs one, which none of today's does."""
    home(world)
    assert "E-mail" not in str(world.form(world.ana, "wishes_open")) + str(world.client.views("U0ANA"))
    world.ana.close(str(world.client.views("U0ANA")[-1]["id"]))
    monkeypatch.setattr(wishes, "BY_MAIL", frozenset({"manual"}))
    view_id = world.form(world.ana, "wishes_open")
    facts = {"takes_rewards": "yes", "contact": "ana@mail.example"}
    assert world.ana.submit(view_id, facts).keys() == {"contact"}
    assert world.ana.submit(view_id, facts, keeps_contact=["yes"]) == {}
    world.settle()
    assert "address that you gave" in str(world.client.home("U0ANA"))
    assert "mail.example" not in str(world.client.home("U0ANA"))
    world.form(world.ana, "wishes_open")
    assert "a•••@mail.example" in str(world.client.views("U0ANA")[-1])
    world.ana.close(str(world.client.views("U0ANA")[-1]["id"]))
    world.ana.click("contact_forget")
    world.settle()
    assert "address that you gave" not in str(world.client.home("U0ANA"))
    assert [member.contact for member in world.all(select(Member).where(Member.slack_id == "U0ANA"))] == [""]
