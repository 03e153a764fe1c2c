"""Deciding about a reward on its page: what it shows, what is refused, what is asked first; and who is one person."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from models import Approval, Hold, Member, MemberLink, Payout, Reward, RewardQuestion, Workspace
from tests.conftest import give_by
from tests.web.conftest import Browser, House

STALE = "This changed since it was shown to you. Here is how it stands now."


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def version(house: House) -> str:
    return str(house.look(Reward, 1).version)


def act(house: House, name: str, what: str, **given: str) -> TestResponse:
    return house.browser(name).post(f"/rewards/1/{what}", {"version": version(house), **given})


def be(house: House, name: str, **values: object) -> None:
    with house.hub.transaction() as tx:
        member = tx.get_one(Member, house.people[name].id)
        for key, value in values.items():
            setattr(member, key, value)


def set_up(house: House, **values: object) -> None:
    with house.hub.transaction() as tx:
        give_by(tx, "tremendous")
        for key, value in values.items():
            setattr(tx.get_one(Workspace, 1), key, value)


def link(browser: Browser, who: str = "@ana", other: str = "flo", why: str = "Same address") -> TestResponse:
    return browser.post("/people/link", {"who": who, "other": other, "why": why})


def test_the_page_says_all_that_matters(rewarded: House) -> None:
    page = text(rewarded.browser("Di").get("/rewards/1"))
    for words in ("left of Thanks after it", "$9,975.00", "to Ana this month", "Nothing yet", "/ideas/1/evidence"):
        assert words in page
    assert f'name="version" value="{version(rewarded)}"' in page


@pytest.mark.parametrize("what", ["approve", "decline", "ask"])
@pytest.mark.parametrize("shown", ["", "0", "999", "x", "-1"])
def test_what_was_not_shown_is_not_decided(rewarded: House, what: str, shown: str) -> None:
    answer = rewarded.browser("Di").post(
        f"/rewards/1/{what}", {"version": shown, "gift": "CODE-1", "why": "x", "question": "x"}
    )
    assert answer.status_code == 422
    assert STALE in text(answer)
    assert f'name="version" value="{version(rewarded)}"' in text(answer)
    assert rewarded.look(Reward, 1).state == "vesting"
    assert not rewarded.all(RewardQuestion)


CANNOT: dict[str, tuple[dict[str, object], str]] = {
    "left": ({"left_at": True}, "has left the workspace"),
    "team": ({"role": "product"}, "is on the team"),
    "guest": ({"is_guest": True}, "is a guest here"),
    "opted out": ({"takes_rewards": False}, "asked to be given nothing"),
}


@pytest.mark.parametrize("case", CANNOT)
def test_who_may_not_receive_it_is_refused_on_the_server(rewarded: House, case: str) -> None:
    values, words = CANNOT[case]
    be(rewarded, "Ana", **{key: rewarded.clock() if key == "left_at" else value for key, value in values.items()})
    assert words in text(rewarded.browser("Di").get("/rewards/1"))
    answer = act(rewarded, "Di", "approve", gift="CODE-1")
    assert answer.status_code == 422
    assert words in text(answer)
    assert rewarded.look(Reward, 1).state == "vesting"
    assert act(rewarded, "Di", "decline", why="They are gone.").status_code == 303


def test_a_hold_and_a_newcomer_are_refused_on_the_server(rewarded: House) -> None:
    set_up(rewarded, reward_after_days=3650)
    assert "is new here" in text(act(rewarded, "Di", "approve"))
    set_up(rewarded, reward_after_days=0)
    with rewarded.hub.transaction() as tx:
        tx.add(
            Hold(reward_id=1, kind="burst", detail={"others": 2, "days": 7, "people": 1}, raised_at=rewarded.clock())
        )
    assert act(rewarded, "Di", "approve").status_code == 422
    assert rewarded.look(Reward, 1).state == "vesting"


def test_two_managers_one_after_the_other(rewarded: House) -> None:
    set_up(rewarded, two_approve_above_cents=0)
    di = rewarded.browser("Di")
    assert di.post("/rewards/1/approve", {"version": version(rewarded)}).status_code == 303
    page = text(di.get("/rewards/1"))
    assert "Your yes is kept. One more manager is needed." in page
    assert "Di said yes" in page
    assert "You said yes already." in text(act(rewarded, "Di", "approve"))
    assert not rewarded.all(Payout)
    be(rewarded, "Dora", role="manager")
    assert act(rewarded, "Dora", "approve").status_code == 303
    assert rewarded.look(Reward, 1).state == "approved"
    assert len(rewarded.all(Approval)) == 2
    assert "Approved by Di and Dora" in text(di.get("/rewards/1"))


def test_where_managers_are_missing_the_page_says_who_could_be_one(rewarded: House) -> None:
    be(rewarded, "Dora", role="customer")
    set_up(rewarded, two_approve_above_cents=0)
    page = text(rewarded.browser("Di").get("/rewards/1"))
    assert "More managers are needed." in page
    assert "could be made one, under Members." in page


def test_asked_answered_and_then_approved(rewarded: House) -> None:
    assert act(rewarded, "Di", "ask", question="Did <b>they</b> write it?").status_code == 303
    page = text(rewarded.browser("Di").get("/rewards/1"))
    assert "Did &lt;b&gt;they&lt;/b&gt; write it?" in page
    assert "No answer yet." in page
    cy = rewarded.browser("Cy")
    assert "Di asks" in text(cy.get("/rewards/questions/1"))
    refused = cy.post("/rewards/questions/1/answer", {"answer": " "})
    assert refused.status_code == 422
    assert "Write what you know." in text(refused)
    for _ in range(2):
        assert cy.post("/rewards/questions/1/answer", {"answer": "They did."}).status_code == 303
    late = rewarded.browser("Di").post("/rewards/questions/1/answer", {"answer": "Who knows."})
    assert "Cy answered it already." in text(late)
    assert "They did." in text(rewarded.browser("Di").get("/rewards/1"))
    assert act(rewarded, "Di", "approve", gift="CODE-1").status_code == 303
    assert rewarded.look(Reward, 1).state == "paid"


def test_a_question_is_read_by_the_product_team_of_its_own_workspace(rewarded: House) -> None:
    assert "Write what you would like to know." in text(act(rewarded, "Di", "ask", question=" "))
    act(rewarded, "Di", "ask", question="Why?")
    for name, status in {"Ana": 403, "Bo": 403, "Cy": 200, "Eve": 404}.items():
        assert rewarded.browser(name).get("/rewards/questions/1").status_code == status
        answer = rewarded.browser(name).post("/rewards/questions/1/answer", {"answer": ""})
        assert answer.status_code == (422 if name == "Cy" else status)
    assert rewarded.look(RewardQuestion, 1).answer == ""


def test_two_accounts_are_linked_and_parted_on_a_page(rewarded: House) -> None:
    di = rewarded.browser("Di")
    wrong = link(di, other="nobody")
    assert wrong.status_code == 422
    assert "Nobody here is called so." in text(wrong)
    assert link(di, other="dora", why="<i>Same</i> phone").status_code == 303
    assert "&lt;i&gt;Same&lt;/i&gt; phone" in text(di.get("/people"))
    be(rewarded, "Dora", role="manager")
    answer = act(rewarded, "Dora", "approve", gift="CODE-1")
    assert "This one is for Ana, who is you" in text(answer)
    assert rewarded.browser("Eve").post("/people/1/end").status_code == 422
    assert rewarded.look(MemberLink, 1).ended_at is None
    assert di.post("/people/1/end").status_code == 303
    assert rewarded.look(MemberLink, 1).ended_at is not None
    be(rewarded, "Dora", role="customer")
    assert "Ana" not in text(di.get("/people"))


def test_the_page_says_once_what_holds_it_and_who_said_what(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        tx.add(Hold(reward_id=1, kind="accounts", detail={}, raised_at=rewarded.clock()))
    page = text(rewarded.browser("Di").get("/rewards/1"))
    assert page.count('id="holds"') == 1
    assert "<h2>Ana said it</h2>" in page
    assert "tried it, and it works" in page
