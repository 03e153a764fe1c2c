"""How loud the app may be: what managers set for everybody, and everybody for themself."""

from __future__ import annotations

from typing import Any

import pytest

from feedback import loop
from feedback.blocks import members as member_blocks
from models import Audit, Member, Workspace
from tests.web.conftest import House

TELLING: dict[str, Any] = {
    "quiet": "yes",
    "quiet_from": "22:30",
    "quiet_to": "7",
    "notices_a_week": "5",
    "digest_weekday": "0",
    "digest_at": "8.15",
}


def test_what_is_set_is_kept_and_shown(house: House) -> None:
    browser = house.browser("Di")
    page = browser.get("/settings/telling").get_data(as_text=True)
    assert all(f'value="{value}"' in page for value in ("21:00", "08:00", "09:00", "3"))
    assert '<option value="4" selected>Friday' in page
    assert browser.post("/settings/telling", TELLING).location == "/settings/telling"
    found = house.look(Workspace, 1)
    assert found.has_quiet_hours
    assert (found.quiet_from_minutes, found.quiet_to_minutes) == (22 * 60 + 30, 7 * 60)
    assert (found.notices_a_week, found.digest_weekday, found.digest_minutes) == (5, 0, 8 * 60 + 15)
    page = browser.get("/settings/telling").get_data(as_text=True)
    assert all(f'value="{value}"' in page for value in ("22:30", "07:00", "08:15", "5"))
    assert house.look(Workspace, 2).notices_a_week == 3, "another workspace keeps its own"
    assert "/settings/telling" in browser.get("/settings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *[("quiet_from", typed) for typed in ("", "24:00", "9:60", "nine", "21:00:00", "-1", "٢١:٠٠", "21:00\x00x")],
        ("quiet_to", "22:30"),
        ("quiet_to", "22:00"),
        ("quiet_to", "99"),
        *[("notices_a_week", typed) for typed in ("", "-1", "51", "1.5", "many", "²", "9" * 40)],
        *[("digest_weekday", typed) for typed in ("", "7", "-1", "Friday", "²")],
        ("digest_at", "25:00"),
        ("digest_at", "22:30"),
        ("digest_at", "06:59"),
    ],
)
def test_what_cannot_be_is_said_below_its_field(house: House, field: str, typed: str) -> None:
    answer = house.browser("Di").post("/settings/telling", {**TELLING, field: typed})
    assert answer.status_code == 422
    assert f'id="telling-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert house.look(Workspace, 1).quiet_from_minutes == 21 * 60


def test_without_quiet_hours_the_week_may_come_at_night(house: House) -> None:
    sent = {**TELLING, "quiet": "no", "quiet_to": "22:30", "digest_at": "23:00"}
    assert house.browser("Di").post("/settings/telling", sent).status_code == 303
    found = house.look(Workspace, 1)
    assert (found.has_quiet_hours, found.digest_minutes) == (False, 23 * 60)


def test_there_are_words_for_every_level() -> None:
    assert tuple(member_blocks.LEVELS) == loop.HEARS


def test_everybody_chooses_for_themself(house: House) -> None:
    browser = house.browser("Ana")
    assert 'value="everything" checked' in browser.get("/me").get_data(as_text=True)
    for _ in "ab":
        assert browser.post("/me/hears", {"hears": "digest"}).location == "/me"
    assert 'value="digest" checked' in browser.get("/me").get_data(as_text=True)
    ana = house.look(Member, house.people["Ana"].id)
    assert ana.hears == "digest"
    assert house.look(Member, house.people["Bo"].id).hears == "everything"
    assert [row.act for row in house.all(Audit) if row.subject == "member"].count("chose how much to hear") == 1
    for wrong in ({"hears": "less"}, {}):
        answer = browser.post("/me/hears", wrong)
        assert answer.status_code == 422
        assert 'id="hears-help" class="wrong"' in answer.get_data(as_text=True)
    assert house.look(Member, ana.id).hears == "digest"
