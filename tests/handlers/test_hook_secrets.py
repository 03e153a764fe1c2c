"""What a manager does on the page where trackers are connected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from feedback.hub import Hub
from models import Audit
from tests.conftest import Clock
from tests.handlers import trackers
from tests.handlers.trackers import Trackers, open_for


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    return open_for(hub)


def test_a_secret_is_shown_once_and_kept_encrypted(hub: Hub) -> None:
    desk = open_for(hub)
    assert "Not connected" in desk.page()
    secret = desk.connect("github")
    assert len(secret) == 64
    assert secret not in desk.page()
    (row,) = desk.kept()
    assert secret not in row.secret
    assert hub.hook_cipher.decrypt(row.secret.encode()).decode() == secret
    assert "Waiting for the first news" in desk.page()
    desk.send("github", {"zen": "x"}, event="ping")
    page = desk.page()
    assert "Works" in page
    assert "GitHub reaches us" in page
    with hub.reading() as tx:
        (said,) = tx.scalars(select(Audit).where(Audit.subject == "hook"))
        assert said.member
        assert (said.act, said.detail, said.member.name) == ("made", {"source": "github"}, "Di")


def test_a_form_that_is_sent_twice_makes_one_secret_and_shows_it_twice(hub: Hub, clock: Clock) -> None:
    desk = open_for(hub)
    assert desk.connect("github", nonce="n") == desk.connect("github", nonce="n")
    assert desk.connect("gitlab", nonce="n").startswith("whsec_")
    clock.move(minutes=11)
    late = desk.press("/settings/hooks", source="github", nonce="n")
    assert late.status_code == 303
    assert [row.source for row in desk.kept()] == ["github", "gitlab"]


def test_a_new_secret_takes_over_in_a_day(desk: Trackers, hub: Hub, clock: Clock) -> None:
    old = desk.connect("jira")
    new = desk.connect("jira")
    assert "Replaced, works until 3 Nov 2026, 09:00" in desk.page()
    for secret in (old, new):
        assert desk.send("jira", {"webhookEvent": "x"}, secret=secret).status_code == 200
    clock.move(hours=24)
    assert desk.send("jira", {"webhookEvent": "x"}, secret=old).status_code == 401
    assert desk.send("jira", {"webhookEvent": "x"}, secret=new).status_code == 200
    assert "Replaced" not in desk.page()


def test_two_webhooks_may_have_a_secret_each(desk: Trackers, clock: Clock) -> None:
    """Linear makes one for each."""
    desk.connect("linear")
    second = desk.connect("linear", secret="lin_wh_second_of_two", others="stay")
    clock.move(days=2)
    for secret in (trackers.LINEAR_SECRET, second):
        facts = trackers.linear(sent_ms=int(clock().timestamp() * 1000))
        assert desk.send("linear", facts, secret=secret).status_code == 200


def test_ending_a_secret_is_at_once_and_twice_is_once(desk: Trackers) -> None:
    desk.connect("github")
    (row,) = desk.kept()
    for _ in range(2):
        assert desk.press(f"/settings/hooks/{row.id}/end").status_code == 303
    assert desk.send("github", {}, event="ping").status_code == 404
    with desk.hub.reading() as tx:
        ends = tx.scalars(select(Audit).where(Audit.subject == "hook", Audit.act == "ended")).all()
    assert [end.subject_id for end in ends] == [row.id]


@pytest.mark.parametrize(
    ("source", "typed", "say"),
    [
        ("linear", "", "Linear makes the secret"),
        ("linear", "short", "16 to 200 characters"),
        ("github", "x" * 201, "16 to 200 characters"),
        ("github", "pässword pässword", "plain letters"),
        ("github", "line\nline line line line", "plain letters"),
        ("sourceforge", "", "Choose one of those"),
    ],
)
def test_a_wrong_secret_is_said_where_it_was_typed(hub: Hub, source: str, typed: str, say: str) -> None:
    desk = open_for(hub)
    answer = desk.press("/settings/hooks", source=source, secret=typed)
    assert answer.status_code == 422
    assert say in answer.get_data(as_text=True)
    assert desk.kept() == []


def test_there_is_an_end_to_secrets(hub: Hub) -> None:
    desk = open_for(hub)
    for number in range(10):
        desk.connect("github", nonce=f"n{number}", others="stay")
    answer = desk.press("/settings/hooks", source="github", nonce="one more", others="stay")
    assert answer.status_code == 422
    assert "10 secrets are in force" in answer.get_data(as_text=True)


def test_after_another_secret_key_nothing_fits_and_the_page_says_why(desk: Trackers) -> None:
    changed = desk.hub.settings.model_copy(update={"secret_key": SecretStr("another key that is long enough too")})
    desk.connect("github")
    other = open_for(replace(desk.hub, settings=changed))
    other.secrets = desk.secrets
    assert other.send("github", {}, event="ping").status_code == 401
    assert "the hub’s own key was changed since" in other.page()
