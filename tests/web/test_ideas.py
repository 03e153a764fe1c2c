"""The inbox and one idea: what is shown, and each act through its form."""

from __future__ import annotations

from feedback import messages
from models import Idea, Member, Workspace
from tests.web.conftest import House


def test_the_inbox_shows_what_waits_the_returned_first(rewarded: House) -> None:
    rewarded.answer("Bo", "not_yet", why="Only the menu is dark")
    page = rewarded.browser("Cy").get("/inbox").get_data(as_text=True)
    assert page.index("Please make it dark at night") < page.index("Export to a spreadsheet")
    assert page.count("Only the menu is dark") == 1, "his own idea is open again; the one that he backed takes more"
    assert "https://brand.slack.test/archives/C1/p" in page


def test_seen_stays_below_the_others(filled: House) -> None:
    browser = filled.browser("Bo")
    assert browser.post("/ideas/3/seen?from=inbox").location == "/inbox"
    page = browser.get("/inbox").get_data(as_text=True)
    assert "Marked as seen." in page
    assert page.index("Seen, and still open") < page.index("Export to a spreadsheet")
    assert page.index("A dark mode would save my eyes") < page.index("Seen, and still open")


def test_planning_needs_no_words_and_declining_does(filled: House) -> None:
    browser = filled.browser("Cy")
    assert browser.post("/ideas/1/plan", {"summary": ""}).location == "/ideas/1"
    assert filled.look(Idea, 1).state == "planned"
    answer = browser.post("/ideas/2/decline", {"reason": "few", "summary": "   "})
    assert answer.status_code == 422
    assert "Say why in a sentence. People will read it." in answer.get_data(as_text=True)
    assert filled.look(Idea, 2).state == "new"
    answer = browser.post("/ideas/2/decline", {"reason": "because", "summary": "Too few of you"})
    assert answer.status_code == 422
    assert 'id="decline-2-reason-help" class="wrong"' in answer.get_data(as_text=True)
    assert browser.post("/ideas/2/decline", {"reason": "few", "summary": "Too few of you"}).status_code == 303
    assert "Too few people need it" in browser.get("/changes/2").get_data(as_text=True)
    assert filled.look(Idea, 2).state == "declined"


def test_a_refusal_keeps_what_was_typed_on_the_page_where_it_was_typed(filled: House) -> None:
    too_long = "Because " + "so " * 400
    answer = filled.browser("Cy").post("/ideas/2/decline?from=inbox", {"reason": "few", "summary": too_long})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<h1>Inbox</h1>" in page
    assert too_long in page
    assert page.count("under 1000 characters") == 1
    assert 'id="decline-2-summary"' in page[: page.index("under 1000 characters")]


def test_what_somebody_else_decided_meanwhile_is_said_on_top(filled: House) -> None:
    cy = filled.browser("Cy")
    cy.post("/ideas/1/plan")
    answer = filled.browser("Di").post("/ideas/1/plan?from=inbox")
    assert answer.status_code == 422
    assert "is planned already" in answer.get_data(as_text=True)


def test_a_plan_can_be_taken_back(filled: House) -> None:
    browser = filled.browser("Cy")
    browser.post("/ideas/1/plan")
    assert browser.post("/ideas/1/reopen").status_code == 303
    assert filled.look(Idea, 1).state == "new"
    answer = browser.post("/ideas/1/reopen")
    assert answer.status_code == 422
    assert "Only what is planned or declined" in answer.get_data(as_text=True)


def test_moving_by_name_finds_the_theme_or_opens_one(filled: House) -> None:
    browser = filled.browser("Bo")
    assert browser.post("/ideas/3/move", {"name": "  dark MODE "}).status_code == 303
    assert filled.look(Idea, 3).theme_id == filled.theme_ids["Dark mode"]
    assert browser.post("/ideas/3/move", {"name": "Spreadsheets"}).status_code == 303
    assert filled.look(Idea, 3).theme_id == filled.theme_ids["Spreadsheets"]
    answer = browser.post("/ideas/3/move?from=inbox", {"name": ""})
    assert answer.status_code == 422
    assert "Give it a name." in answer.get_data(as_text=True)


def test_one_idea_tells_all_about_it(rewarded: House) -> None:
    page = rewarded.browser("Di").get("/ideas/1").get_data(as_text=True)
    for words in (
        "A dark mode would save my eyes",
        "1 vote",
        "shipped it",
        "said: better now",
        "Better now",
        "in #feedback",
        "$25.00 for Ana",
        "put it into “Dark mode”",
    ):
        assert words in page


def test_earlier_messages_of_the_thread_are_shown(house: House) -> None:
    with house.hub.transaction() as tx:
        workspace = tx.get_one(Workspace, 1)
        for ts, text in (("1772442000.000100", "Who else cooks at night?"), ("1772442001.000100", "Me")):
            said = messages.Said("C1", ts, "1772442000.000100", "UBO", text)
            messages.hear(tx, workspace=workspace, said=said, now=house.clock())
    house.say("Ana", "Then make it dark")
    with house.hub.transaction() as tx:
        message = tx.get_one(Idea, 1).message
        assert message
        message.thread_ts = "1772442000.000100"
    page = house.browser("Cy").get("/ideas/1").get_data(as_text=True)
    assert page.index("Who else cooks at night?") < page.index("Me</p>") < page.rindex("Then make it dark")


def test_the_list_is_sifted_and_paged(filled: House) -> None:
    browser = filled.browser("Cy")
    for number in range(30):
        filled.say("Ana", f"Small thing {number:02}")
    first = browser.get("/ideas").get_data(as_text=True)
    second = browser.get("/ideas?page=2").get_data(as_text=True)
    assert "Page 1 of 2" in first
    assert "Small thing 29" in first
    assert "Small thing 00" not in first
    assert "Small thing 00" in second
    assert browser.get("/ideas?page=999").status_code == 200
    assert browser.get("/ideas?page=x&theme=x&state=x").status_code == 200
    found = browser.get("/ideas?q=SPREADSHEET").get_data(as_text=True)
    assert "Export to a spreadsheet" in found
    assert "Small thing" not in found
    assert "Export to a spreadsheet" not in browser.get("/ideas?state=planned").get_data(as_text=True)
    theme = filled.theme_ids["Export"]
    assert "1 idea<" in browser.get(f"/ideas?theme={theme}").get_data(as_text=True)
    assert "Nothing fits" in browser.get("/ideas?q=%25_%00").get_data(as_text=True)


def test_what_people_write_is_never_markup(house: House) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    with house.hub.transaction() as tx:
        tx.get_one(Member, house.people["Ana"].id).name = f"Ana {evil}"
    house.say("Ana", evil, votes=["Bo"], theme=evil)
    browser = house.browser("Di")
    browser.post("/changes/new", {"step": "tell", "nonce": "n", "summary": evil, "theme_ids": ["1"]})
    house.tell_everybody()
    house.answer("Ana", "not_yet", why=evil)
    paths = ["/inbox", "/ideas", "/ideas/1", "/themes", "/themes/1", "/changes", "/changes/1", "/loop", "/members"]
    paths += ["/changes/new?theme=1", "/ideas?q=" + evil, "/themes?q=" + evil, "/members?q=" + evil]
    for path in paths:
        page = browser.get(path).get_data(as_text=True)
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert "&lt;script&gt;alert(1)" in browser.get("/inbox").get_data(as_text=True)


def test_nothing_of_another_workspace_can_be_seen_or_touched(filled: House) -> None:
    filled.say("Eve", "Eve's own idea", theme="Hers")
    eve = filled.browser("Eve")
    assert "Eve&#39;s own idea" in eve.get("/inbox").get_data(as_text=True)
    for path in ("/inbox", "/ideas", "/themes", "/changes/new?theme=1&idea=1"):
        assert "dark mode" not in eve.get(path).get_data(as_text=True).lower(), path
    for path in ("/ideas/1", "/themes/1"):
        assert eve.get(path).status_code == 404
    for act, data in (
        ("/ideas/1/seen", {}),
        ("/ideas/1/plan", {}),
        ("/ideas/1/decline", {"reason": "few", "summary": "no"}),
        ("/ideas/1/move", {"name": "Hers"}),
        ("/themes/1/rename", {"name": "Mine"}),
        ("/themes/1/merge", {"into_id": filled.theme_ids["Hers"]}),
        ("/themes/1/split", {"idea_ids": ["1"], "name": "Mine"}),
        ("/themes/1/plan", {}),
        ("/themes/1/decline", {"reason": "few", "summary": "no"}),
    ):
        assert eve.post(act, data).status_code == 404, act
    assert (
        eve.post("/changes/new", {"step": "tell", "nonce": "1", "summary": "x", "idea_ids": ["1"]}).status_code == 422
    )
    assert (
        eve.post("/changes/new", {"step": "tell", "nonce": "2", "summary": "x", "theme_ids": ["1"]}).status_code == 422
    )
    hers = filled.theme_ids["Hers"]
    assert eve.post(f"/themes/{hers}/merge", {"into_id": "1"}).status_code == 422
    assert [idea.state for idea in filled.all(Idea)] == ["new"] * 4
    assert filled.look(Idea, 1).reviewed_at is None
