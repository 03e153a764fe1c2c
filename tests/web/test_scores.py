"""Scoring an idea, sharing a thank-you, the leaderboard, and one's own switches, as pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from models import Idea, Reward, RewardPot, RewardRule, Score, Workspace
from tests.web.conftest import House

GOOD = {"specific": "2", "reproducible": "2", "novel": "1", "evidence": "1"}
POOR = {"specific": "0", "reproducible": "0", "novel": "0", "evidence": "0"}


def set_up(house: House, **facts: object) -> None:
    with house.hub.transaction() as tx:
        tx.execute(update(Workspace).where(Workspace.id == 1).values(**facts))


def text_of(house: House, name: str, path: str) -> str:
    return " ".join(house.browser(name).get(path).get_data(as_text=True).split())


def test_scoring_on_the_ideas_page(filled: House) -> None:
    set_up(filled, blind_percent=0)
    assert "Nobody has scored it yet" in text_of(filled, "Cy", "/ideas/3")
    assert filled.browser("Cy").post("/ideas/3/score", GOOD).location == "/ideas/3"
    page = text_of(filled, "Bo", "/ideas/3")
    assert "It says what, where and for whom" in page
    assert '<th scope="row">Cy</th>' in page
    assert "Change your score" in text_of(filled, "Cy", "/ideas/3")
    assert filled.browser("Cy").post("/ideas/3/score", POOR).status_code == 303
    assert [score.specific for score in filled.all(Score)] == [0]
    assert "<strong>Cy</strong> scored it anew" in text_of(filled, "Di", "/ideas/3")


def test_a_question_without_an_answer_is_said_below_it(filled: House) -> None:
    answer = filled.browser("Cy").post("/ideas/3/score", {**GOOD, "novel": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="score-novel-help" class="wrong"' in page
    assert page.count(" checked>") == 3, "what was chosen stays chosen"
    assert filled.all(Score) == []


def test_nobody_scores_what_they_said_nor_what_is_elsewhere(filled: House) -> None:
    page = text_of(filled, "Bo", "/ideas/2")
    assert "Somebody else scores what you said." in page
    assert "/ideas/2/score" not in page
    answer = filled.browser("Bo").post("/ideas/2/score", GOOD)
    assert (answer.status_code, "said this yourself" in answer.get_data(as_text=True)) == (422, True)
    assert filled.browser("Eve").post("/ideas/3/score", GOOD).status_code == 404
    assert filled.all(Score) == []


def test_the_first_score_is_nowhere_until_the_second_is_given(rewarded: House) -> None:
    set_up(rewarded, blind_percent=100)
    share_rules(rewarded)
    with rewarded.hub.transaction() as tx:
        tx.execute(update(Idea).where(Idea.id == 1).values(kind="problem"))
    rewarded.browser("Cy").post("/ideas/1/score", GOOD)
    places = ["/ideas/1", "/rewards/1", "/themes/1/share", "/ideas/1/evidence", "/ideas/1/evidence.json"]
    for path in places:
        page = text_of(rewarded, "Di", path)
        assert "It says what, where and for whom <span" not in page, path
        assert "6 of 8" not in page, path
    assert "asked for a second opinion" in text_of(rewarded, "Di", "/ideas/1")
    assert 'href="/ideas/1#score"' in text_of(rewarded, "Di", "/rewards/scores")
    assert "Nothing waits for you" in text_of(rewarded, "Cy", "/rewards/scores")
    rewarded.browser("Di").post("/ideas/1/score", POOR)
    for path in places[:2]:
        page = text_of(rewarded, "Di", path)
        assert "It says what, where and for whom <span" in page, path
        assert "without seeing the first" in page, path
    page = text_of(rewarded, "Bo", "/rewards/scores")
    assert "1 idea was scored twice" in page
    assert '0 % <span class="quiet">0 of 1, probably 0 % to 79 %</span>' in page


def share_rules(house: House) -> None:
    with house.hub.transaction() as tx:
        for trigger in ("first_report", "evidence"):
            facts = {"points": 5, "amount_cents": 5000, "currency": "USD", "provider": "manual"}
            tx.add(RewardRule(workspace_id=1, trigger=trigger, **facts, made_at=house.clock()))


def let_everybody_in(house: House) -> None:
    set_up(house, reward_after_days=0)


def test_sharing_a_thank_you(rewarded: House) -> None:
    let_everybody_in(rewarded)
    assert "There is nothing to share" in text_of(rewarded, "Cy", "/themes/1/share")
    share_rules(rewarded)
    rewarded.join(rewarded.look(Workspace, 1), "Flo", "customer")
    rewarded.say("Flo", "At night it blinds me, here is a picture", theme="Dark mode")
    with rewarded.hub.transaction() as tx:
        tx.execute(update(Idea).where(Idea.id == 1).values(kind="problem"))
    page = text_of(rewarded, "Cy", "/themes/1/share")
    assert "The first clear report is by <strong>Ana</strong>" in page
    assert "$50.00 together" in page
    assert 'href="/themes/1/share"' in text_of(rewarded, "Cy", "/themes/1")
    assert 'href="/themes/1/share"' not in text_of(rewarded, "Bo", "/themes/1")
    browser = rewarded.browser("Cy")
    answer = browser.post("/themes/1/share", {"trigger": "evidence", "idea_ids": ["4"]})
    assert answer.location == "/themes/1/share"
    for _ in range(2):
        browser.post("/themes/1/share", {"trigger": "evidence", "idea_ids": ["4"]})
    shared = [reward for reward in rewarded.all(Reward) if reward.pot_id]
    assert [(reward.reason, reward.amount_cents) for reward in shared] == [("evidence", 2500), ("evidence", 2500)]
    assert len(rewarded.all(RewardPot)) == 1
    page = text_of(rewarded, "Di", "/themes/1/share")
    assert "$50.00 for evidence that changed a decision" in page
    assert page.count("$25.00</td>") == 2
    assert "shared a thank-you of $50.00 for it" in text_of(rewarded, "Di", "/themes/1")


def test_who_cannot_be_given_anything_is_said_where_they_were_ticked(rewarded: House) -> None:
    share_rules(rewarded)
    let_everybody_in(rewarded)
    answer = rewarded.browser("Cy").post("/themes/1/share", {"trigger": "evidence", "idea_ids": ["2"]})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Bo is on the team" in page
    assert 'id="ideas-help" class="wrong"' in page
    assert 'value="2" checked' in page
    answer = rewarded.browser("Cy").post("/themes/1/share", {"idea_ids": ["1"]})
    assert 'id="trigger-help" class="wrong"' in answer.get_data(as_text=True)
    assert rewarded.all(RewardPot) == []


def test_another_workspaces_theme_is_not_there(rewarded: House) -> None:
    assert rewarded.browser("Eve").get("/themes/1/share").status_code == 404
    assert rewarded.browser("Eve").post("/themes/1/share", {"trigger": "evidence"}).status_code == 404


def test_the_board_is_off_until_it_is_switched_on(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        tx.scalars(select(Reward)).one().state = "approved"
    assert "There is no leaderboard" in text_of(rewarded, "Bo", "/rewards/board")
    assert "Who helped most lately" not in text_of(rewarded, "Ana", "/me")
    assert rewarded.browser("Ana").post("/me/board", {"wants": "yes"}).status_code == 409
    set_up(rewarded, has_board=True)
    assert "Nobody is on it yet" in text_of(rewarded, "Bo", "/rewards/board")
    assert rewarded.browser("Ana").post("/me/board", {"wants": "yes"}).location == "/me"
    page = text_of(rewarded, "Bo", "/rewards/board")
    assert '<th scope="row">Ana</th> <td data-label="Level">Helper</td>' in page
    assert "$" not in page
    assert "<strong>Ana</strong>" in text_of(rewarded, "Ana", "/me")
    assert "You are on it" not in text_of(rewarded, "Ana", "/me")
    with rewarded.hub.transaction() as tx:
        tx.scalars(select(Reward)).one().state = "declined"
    assert "You are on it as soon as something that you said is accepted." in text_of(rewarded, "Ana", "/me")
    rewarded.browser("Ana").post("/me/board", {"wants": "no"})
    assert "Nobody is on it yet" in text_of(rewarded, "Bo", "/rewards/board")
    assert "Ana" not in text_of(rewarded, "Eve", "/rewards/board")


def test_whoever_agrees_is_named_on_the_changes_page_at_once_and_not_any_more_at_once(rewarded: House) -> None:
    assert "With the help of" not in text_of(rewarded, "Cy", "/changes/1")
    assert rewarded.browser("Ana").post("/me/named", {"wants": "yes"}).location == "/me"
    assert "Do not name me" in text_of(rewarded, "Ana", "/me")
    assert "With the help of Ana." in text_of(rewarded, "Cy", "/changes/1")
    rewarded.browser("Ana").post("/me/named", {"wants": "no"})
    assert "With the help of" not in text_of(rewarded, "Cy", "/changes/1")


@pytest.mark.parametrize("path", ["/me", "/members"])
def test_badges_are_shown_to_their_owner_and_to_managers(rewarded: House, path: str) -> None:
    name = "Ana" if path == "/me" else "Di"
    assert "An idea that shipped and helped" not in text_of(rewarded, name, path)
    with rewarded.hub.transaction() as tx:
        tx.scalars(select(Reward)).one().state = "paid"
    page = text_of(rewarded, name, path)
    assert "An idea that shipped and helped" in page
    assert "Helper" in page
