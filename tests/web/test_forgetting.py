"""A manager has somebody forgotten, who asked for it."""

from __future__ import annotations

from sqlalchemy import select

from models import Audit, Member, Outbox
from tests.web.conftest import House


def owed(house: House) -> list[dict[str, object]]:
    with house.hub.reading() as tx:
        return list(tx.scalars(select(Outbox.payload).where(Outbox.kind == "member.erase")))


def test_a_manager_reads_what_it_means_and_then_does_it(filled: House) -> None:
    browser, ana = filled.browser("Di"), filled.people["Ana"].id
    assert f"/members/{ana}/forget" in browser.get("/members").get_data(as_text=True)
    page = browser.get(f"/members/{ana}/forget").get_data(as_text=True)
    assert "Forget Ana" in page
    assert "It cannot be undone." in page
    assert owed(filled) == []
    for _ in range(2):
        assert browser.post(f"/members/{ana}/forget").location == "/members"
    assert [each["member_id"] for each in owed(filled)] == [ana]
    with filled.hub.reading() as tx:
        asked = tx.scalars(select(Audit).where(Audit.act == "asked to be forgotten")).one()
        assert (asked.member_id, asked.subject_id) == (filled.people["Di"].id, ana)


def test_the_last_manager_cannot_be_forgotten(filled: House) -> None:
    browser, dora, di = filled.browser("Di"), filled.people["Dora"].id, filled.people["Di"].id
    browser.post(f"/members/{dora}/role", {"role": "customer"})
    answer = browser.post(f"/members/{di}/forget")
    assert answer.status_code == 422
    assert "at least one manager" in answer.get_data(as_text=True)
    assert owed(filled) == []


def test_nobody_is_forgotten_from_another_workspace(filled: House) -> None:
    browser, ana = filled.browser("Eve"), filled.people["Ana"].id
    for answer in (browser.get(f"/members/{ana}/forget"), browser.post(f"/members/{ana}/forget")):
        assert answer.status_code in (409, 422)
        assert "That person is not here." in answer.get_data(as_text=True)
    assert owed(filled) == []


def test_somebody_who_is_forgotten_already_is_no_more_work(filled: House) -> None:
    ana = filled.people["Ana"].id
    with filled.hub.transaction() as tx:
        tx.get_one(Member, ana).erased_at = filled.clock()
    answer = filled.browser("Di").post(f"/members/{ana}/forget")
    assert answer.status_code == 422
    assert "nothing of theirs here any more" in answer.get_data(as_text=True)
