"""The page that says how often the product is right."""

from __future__ import annotations

import re

from sqlalchemy import select

from feedback import ideas, themes
from models import Judgement, Member, ThemeEvent, Workspace
from tests.web.conftest import Browser, Counter, House
from tests.web.test_judgements import hear


def text_of(browser: Browser) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get("/metrics").get_data(as_text=True)).split())


def grouped(house: House, count: int) -> list[int]:
    """So many ideas, which the grouping put into three themes by turns. Returns their ids."""
    found = [house.say("Ana", f"Wish number {number}") for number in range(count)]
    with house.hub.transaction() as tx:
        theme_ids: list[int] = []
        for number, idea_id in enumerate(found):
            theme_id = theme_ids[number % 3] if number > 2 else None
            theme = themes.place(tx, idea_id=idea_id, theme_id=theme_id, name=f"Theme {number}", now=house.clock())
            assert theme is not None
            theme_ids.append(theme.id)
    return found


def seen(house: House, idea_ids: list[int]) -> None:
    with house.hub.transaction() as tx:
        for idea_id in idea_ids:
            ideas.review(tx, idea_id=idea_id, by=tx.get_one(Member, house.people["Cy"].id), now=house.clock())


def test_at_first_it_says_that_it_cannot_say(house: House) -> None:
    assert "Too few to say 0 ideas were seen" in text_of(house.browser("Cy"))
    assert house.browser("Ana").get("/metrics").status_code == 403


def test_what_people_left_where_it_was_was_right(house: House) -> None:
    seen(house, grouped(house, 12))
    assert "(F1) that is 100 % , probably 76 to 100 %" in text_of(house.browser("Cy"))


def test_what_somebody_moved_was_wrong_and_what_nobody_has_seen_says_nothing(house: House) -> None:
    found = grouped(house, 15)
    seen(house, found[:12])
    with house.hub.transaction() as tx:
        cy = tx.get_one(Member, house.people["Cy"].id)
        for idea_id in found[:2]:
            themes.move(tx, by=cy, idea_id=idea_id, theme_id=None, name="Something else", now=house.clock())
    said = text_of(house.browser("Cy"))
    # 18 pairs were put together, and 12 of them still are; the two that were moved are a pair that was not found.
    assert "put together, 67 % belong together. Of those that belong together it found 92 %" in said
    assert "12 ideas that somebody has seen" in said


def test_themes_that_followed_by_themselves_are_the_groupings_own_word(house: House) -> None:
    """All three become one; nobody says anything else about it until somebody undoes the last step."""
    found = grouped(house, 12)
    seen(house, found)
    with house.hub.transaction() as tx:
        tx.get_one(Workspace, 1).themes_follow = True
        ready = themes.to_group(tx, workspace_id=1)
        changes = themes.compare(ready.theme_ids, [0] * 12, ready.settled.homes)
        weighed = [themes.Weighed(each, 0.2, "") for each in changes]
        _, free = themes.propose(tx, seen=ready, changes=weighed, version="v", now=house.clock())
    for proposal_id in free:
        with house.hub.transaction() as tx:
            assert themes.follow(tx, workspace_id=1, proposal_id=proposal_id, now=house.clock())
    assert "(F1) that is 100 %" in text_of(house.browser("Cy"))
    with house.hub.transaction() as tx:
        last = tx.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id.desc()).limit(1)).one()
        themes.undo(tx, by=tx.get_one(Member, house.people["Cy"].id), event_id=last, now=house.clock())
    assert "put together, 52 % belong together" in text_of(house.browser("Cy"))


def test_what_was_merged_is_where_the_other_one_is(house: House) -> None:
    found = grouped(house, 13)
    seen(house, found)
    with house.hub.transaction() as tx:
        cy = tx.get_one(Member, house.people["Cy"].id)
        ideas.merge(tx, by=cy, idea_id=found[1], into_id=found[0], now=house.clock())
    said = text_of(house.browser("Cy"))
    # 22 pairs were put together, 24 belong together, and 19 are both.
    assert "put together, 86 % belong together. Of those that belong together it found 79 %" in said


def test_what_people_decided_says_how_well_feedback_is_found(house: House) -> None:
    """Twelve were taken for feedback, nine of them rightly, six of these of the right kind; four more were missed, of
    which somebody kept three by hand and nobody the last."""
    browser = house.browser("Cy")
    for number in range(16):
        judgement_id = hear(house, "Ana", f"Something {number}", 0.9 if number < 12 else 0.1)
        if number < 12:
            kind = "idea" if number < 6 else "problem"
            path = "keep" if number < 9 else "nothing"
            assert browser.post(f"/review/{judgement_id}/{path}", {"kind": kind}).status_code == 303
        elif number < 15:
            keep_by_hand(house, judgement_id)
    said = text_of(browser)
    assert "Of 12 messages that it took for feedback and somebody decided about, 75 % were some" in said
    assert "Of 12 messages that people call feedback it had found 75 %" in said
    assert "The kind was right for 67 % of 9" in said


def keep_by_hand(house: House, judgement_id: int) -> None:
    with house.hub.transaction() as tx:
        judgement = tx.get_one(Judgement, judgement_id)
        workspace = tx.get_one(Workspace, judgement.workspace_id)
        bo = tx.get_one(Member, house.people["Bo"].id)
        ideas.capture(
            tx,
            workspace=workspace,
            message=judgement.message,
            captured_by=bo,
            captured_with="reaction",
            now=house.clock(),
        )


def test_it_says_how_far_a_new_way_of_comparing_is(house: House) -> None:
    grouped(house, 3)
    assert "compared by" not in text_of(house.browser("Cy"))
    with house.hub.transaction() as tx:
        ideas.keep_vectors(tx, workspace_id=1, version="old-1", vectors={f"Wish number {n}": b"" for n in range(3)})
        ideas.keep_vectors(tx, workspace_id=1, version="new-1", vectors={"Wish number 0": b""})
    assert "compared by new-1 : 1 of 3 texts of ideas so far" in text_of(house.browser("Cy"))
    with house.hub.transaction() as tx:
        ideas.keep_vectors(tx, workspace_id=1, version="new-1", vectors={f"Wish number {n}": b"" for n in (1, 2)})
    assert "compared by new-1 : all 3 texts of ideas" in text_of(house.browser("Cy"))


def test_a_page_asks_as_many_queries_for_forty_as_for_four(house: House) -> None:
    browser, counts = house.browser("Cy"), []
    for more in (4, 36):
        seen(house, grouped(house, more))
        counter = Counter(house.hub.engine)
        browser.get("/metrics")
        counts.append(len(counter.statements))
    assert counts[0] == counts[1]


def test_another_workspaces_figures_are_not_ours(house: House) -> None:
    seen(house, grouped(house, 12))
    assert "0 ideas were seen" in text_of(house.browser("Eve"))
