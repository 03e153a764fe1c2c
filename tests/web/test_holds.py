"""On the page: what holds a reward, what was seen, and the word that lets it go on."""

from __future__ import annotations

from werkzeug.test import TestResponse

from feedback import rewards
from feedback.overview import holds as overview
from models import Hold, Member, Reward
from tests.web.conftest import Browser, House

GIFT = "GIFT-7Q2X-91"
WORDS = "A dark mode would save my eyes"
WHY = "I read them: <b>posted</b> three times by mistake."


def approve(house: House, browser: Browser) -> TestResponse:
    """As somebody does who has just looked at the page."""
    version = str(house.look(Reward, 1).version)
    return browser.post("/rewards/1/approve", {"version": version, "gift": GIFT})


def held(house: House) -> None:
    """Ana says the same twice more, which is found when somebody approves."""
    for _ in range(2):
        house.say("Ana", WORDS)
    answer = approve(house, house.browser("Di"))
    assert answer.status_code == 422
    assert "It is held: several texts that say almost the same." in answer.get_data(as_text=True)


def test_one_manager_looks_and_another_approves(rewarded: House) -> None:
    held(rewarded)
    di, dora = rewarded.browser("Di"), rewarded.browser("Dora")
    page = dora.get("/rewards/1").get_data(as_text=True)
    assert "Several texts that say almost the same." in page
    assert "/rewards/1/holds" in page
    assert page.count('id="holds"') == 1, "it is said once"
    page = di.get("/rewards/1/holds").get_data(as_text=True)
    for seen in ("2 other ideas within 7 days", WORDS, "/ideas/4", "/ideas/5", "Let it go on"):
        assert seen in page
    assert di.post("/rewards/1/holds/1/lift", {"why": WHY}).location == "/rewards/1/holds"
    for _ in range(2):
        page = dora.get("/rewards/1").get_data(as_text=True)
        assert "&lt;b&gt;posted&lt;/b&gt;" in page
        assert "let it go on: several texts that say almost the same" in page
        assert dora.post("/rewards/1/holds/1/lift", {"why": "Twice is no news"}).status_code == 303
    answer = approve(rewarded, di)
    assert "You lifted what held it" in answer.get_data(as_text=True)
    assert approve(rewarded, dora).status_code == 303
    assert rewarded.look(Reward, 1).state == "paid"
    assert "Let it go on" not in di.get("/rewards/1/holds").get_data(as_text=True)


def test_without_a_reason_or_by_the_wrong_hands_it_stays(rewarded: House) -> None:
    held(rewarded)
    answer = rewarded.browser("Di").post("/rewards/1/holds/1/lift", {"why": " "})
    assert answer.status_code == 422
    assert "Say why it may go on, for the other managers." in answer.get_data(as_text=True)
    with rewarded.hub.transaction() as tx:
        for name in ("Cy", "Ana"):
            tx.get_one(Member, rewarded.people[name].id).role = "manager"
    for name, say in (("Cy", "You proposed it"), ("Ana", "This one is for you")):
        browser = rewarded.browser(name)
        page = browser.get("/rewards/1/holds").get_data(as_text=True)
        assert say in page
        assert "Let it go on" not in page
        answer = browser.post("/rewards/1/holds/1/lift", {"why": "Fine."})
        assert answer.status_code == 422
        assert say in answer.get_data(as_text=True)
    assert rewarded.look(Hold, 1).lifted_at is None


def test_nobody_else_learns_of_it(rewarded: House) -> None:
    held(rewarded)
    assert "held" not in rewarded.browser("Ana").get("/me").get_data(as_text=True)
    eve = rewarded.browser("Eve")
    assert eve.get("/rewards/1/holds").status_code == 404
    assert eve.post("/rewards/1/holds/1/lift", {"why": "Fine."}).status_code == 404
    assert rewarded.browser("Cy").get("/rewards/1/holds").status_code == 403
    assert rewarded.look(Hold, 1).lifted_at is None


def test_what_waits_for_a_look_is_listed(rewarded: House) -> None:
    def listed(name: str) -> list[int]:
        with rewarded.hub.reading() as tx:
            workspace_id = rewarded.people[name].workspace_id
            return [row.id for row in overview.standing(tx, workspace_id=workspace_id, number=1).rows]

    assert listed("Di") == []
    held(rewarded)
    assert (listed("Di"), listed("Eve")) == ([1], [])
    with rewarded.hub.transaction() as tx:
        di = tx.get_one(Member, rewarded.people["Di"].id)
        rewards.holds.lift(tx, hold_id=1, manager=di, why="Fine.", now=rewarded.clock())
    assert listed("Di") == []


def test_where_nothing_holds_it_the_page_says_so(rewarded: House) -> None:
    assert "Nothing holds it." in rewarded.browser("Di").get("/rewards/1/holds").get_data(as_text=True)
    assert 'id="holds"' not in rewarded.browser("Di").get("/rewards/1").get_data(as_text=True)


def test_of_points_alone_nothing_is_said_of_money(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        reward = tx.get_one(Reward, 1)
        reward.amount_cents, reward.points, reward.provider = 0, 10, ""
    page = rewarded.browser("Di").get("/rewards/1/holds").get_data(as_text=True)
    assert "10 points for Ana" in page
    assert "$0.00" not in page
