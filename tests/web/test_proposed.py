"""What waits for somebody's word: ticking what it answers, telling, putting aside; and reading a changelog."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest

from feedback import changes
from models import Change, Idea, ProposedAnswer, ProposedChange, WorkItem
from tests.web.conftest import Browser, House

CHANGELOG = """# Changelog

## [Unreleased]
- Gloves

## [1.1.0](https://github.com/brand/app/compare/v1.0.0...v1.1.0) (2026-02-27)

### Features

* dark mode ([#12](https://github.com/brand/app/issues/12))
* <b>export</b>

## [1.0.0] - 2026-02-01 [YANKED]
- First

## 0.9.0 - 2099-01-01
- Tomorrow
"""


def propose(
    house: House, kind: str = "shipped", title: str = "feat: dark mode (#12)", work: str = "issue", **linked: Any
) -> int:
    """Of linked work. Returns its id."""
    now = house.clock()
    with house.hub.transaction() as tx:
        state = {"shipped": "done", "planned": "started", "declined": "not_planned"}[kind]
        facts = {"source": "github", "kind": work, "key": f"brand/app#{kind}", "url": "https://brand.test/12"}
        item = WorkItem(workspace_id=1, **facts, title=title, state=state, state_at=now, seen_at=now)
        tx.add(item)
        tx.flush()
        what: dict[str, Any] = {
            "key": f"github:{kind}",
            "kind": kind,
            "title": title,
            "text": "It follows the system",
            "url": item.url,
        }
        what |= {"happened_at": now, "now": now, **linked}
        made = changes.propose(tx, workspace_id=1, work_item_id=item.id, **what)
        assert made is not None
        return made


def compared(house: House, proposed_id: int, *rows: int, part: str = "Dark mode") -> None:
    """As the worker does; these ideas, by their places, read like it: the first very much."""
    with house.hub.transaction() as tx:
        seen = changes.to_compare(tx, proposed_id=proposed_id)
        assert seen is not None
        found = [changes.Likely(row, 0.8 - 0.4 * place, part) for place, row in enumerate(rows)]
        changes.keep(tx, seen=seen, found=found, now=house.clock())


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


@pytest.fixture
def asked(filled: House) -> House:
    """The first idea is linked, and the one in the other theme reads a little like it."""
    compared(filled, propose(filled, idea_ids=[1]), 0, 2)
    return filled


def test_where_it_comes_from_and_what_it_may_answer_stand_together(asked: House) -> None:
    page = read(asked.browser("Cy"), "/changes/proposed")
    for words in ("GitHub issue brand/app#shipped", "done", "It follows the system", "feat: dark mode (#12)"):
        assert words in page
    assert "Linked:</strong> A dark mode would save my eyes" in page
    assert "Perhaps:</strong> Export to a spreadsheet" in page
    assert re.findall(r'name="idea" value="(\d)" checked', page) == ["1"], "what somebody linked is ticked"
    assert "Ana, 2 Mar, 1 vote" in page
    for path, words in (("/changes", "1 change waits for your word"), ("/inbox", "<strong>1</strong> to confirm")):
        assert words in read(asked.browser("Cy"), path)
        assert words not in read(asked.browser("Bo"), path), "Bo does not decide"


def test_a_theme_is_ticked_as_a_whole_or_in_part(filled: House) -> None:
    compared(filled, propose(filled), 0, 1)
    page = read(filled.browser("Cy"), "/changes/proposed")
    assert "all of “Dark mode”" in page
    assert "2 ideas wait, 2 people behind it" in page
    assert "Or only some of it" in page


def form_of(browser: Browser, path: str) -> dict[str, Any]:
    """The form there as a browser would send it on: every field, and the boxes that are ticked."""
    page = read(browser, path)
    fields = dict(re.findall(r'<input type="hidden" name="(proposed|nonce)" value="([^"]*)"', page))
    for name in ("theme_ids", "idea_ids"):
        fields[name] = re.findall(rf'name="{name}" value="(\d+)" checked', page)
    fields["summary"] = re.findall(r"<textarea[^>]*>\n?([^<]*)</textarea>", page)[0]
    fields["url"] = re.findall(r'id="ship-url"[^>]*value="([^"]*)"', page)[0]
    return fields


def test_from_the_tick_to_telling_them(asked: House) -> None:
    browser = asked.browser("Cy")
    sent = form_of(browser, "/changes/new?proposed=1&ticked=1&idea=1")
    assert sent["summary"] == "Dark mode"
    assert sent["url"] == "", "customers are not let in where the team works"
    assert (sent["proposed"], sent["idea_ids"]) == ("1", ["1"])
    preview = html.unescape(browser.post("/changes/new", {**sent, "step": "preview"}).get_data(as_text=True))
    assert '<input type="hidden" name="proposed" value="1">' in preview
    assert asked.all(Change) == []
    assert browser.post("/changes/new", {**sent, "step": "tell"}).location == "/changes/1"
    row = asked.all(ProposedChange)[0]
    assert (row.decision, row.change_id, row.decided_by_id) == ("confirmed", 1, asked.people["Cy"].id)
    assert {each.idea_id: each.was_chosen for each in asked.all(ProposedAnswer)} == {1: True, 3: False}
    assert "Nothing is waiting" in read(browser, "/changes/proposed")
    # A second press is no news, and whoever comes by an old link reads how it stands.
    assert browser.post("/changes/new", {**sent, "step": "tell"}).location == "/changes"
    assert browser.get("/changes/new?proposed=1").location == "/changes/proposed"
    assert len(asked.all(Change)) == 1


def test_a_release_has_a_page_that_customers_may_read(filled: House) -> None:
    compared(filled, propose(filled, work="release", idea_ids=[1]), 0)
    assert form_of(filled.browser("Cy"), "/changes/new?proposed=1")["url"] == "https://brand.test/12"


def test_without_a_word_what_was_linked_is_ticked(asked: House) -> None:
    assert form_of(asked.browser("Cy"), "/changes/new?proposed=1")["idea_ids"] == ["1"]
    assert form_of(asked.browser("Cy"), "/changes/new?proposed=1&ticked=1")["idea_ids"] == []


def test_of_a_version_the_words_are_those_of_what_it_answers(filled: House) -> None:
    with filled.hub.transaction() as tx:
        now = filled.clock()
        what: dict[str, Any] = {"key": "v", "kind": "shipped", "title": "2.3.0"}
        what["url"] = "https://brand.test/app/compare/1...2"
        changes.propose(tx, workspace_id=1, **what, happened_at=now, now=now)
    compared(filled, 1, 2, 0, part="export to a sheet.")
    sent = form_of(filled.browser("Cy"), "/changes/new?proposed=1&ticked=1&idea=3")
    assert (sent["summary"], sent["url"]) == ("Export to a sheet", "")
    assert "like “export to a sheet.”" in read(filled.browser("Cy"), "/changes/proposed")


def test_the_second_of_two_is_told_how_it_stands(asked: House) -> None:
    cy, di = asked.browser("Cy"), asked.browser("Di")
    first = {**form_of(cy, "/changes/new?proposed=1&ticked=1&idea=1"), "step": "tell"}
    second = {**form_of(di, "/changes/new?proposed=1&ticked=1&idea=3"), "step": "tell"}
    assert cy.post("/changes/new", first).status_code == 303
    answer = di.post("/changes/new", second)
    assert answer.status_code == 422
    assert "Cy has told people of this already." in answer.get_data(as_text=True)
    assert len(asked.all(Change)) == 1
    answer = di.post("/changes/proposed/1/leave")
    assert answer.status_code == 422
    assert "Cy has told people of this already." in answer.get_data(as_text=True)


def test_what_is_begun_there_is_planned_here(filled: House) -> None:
    propose(filled, "planned", "Export", idea_ids=[3])
    browser = filled.browser("Cy")
    page = read(browser, "/changes/proposed")
    assert "Plan it?" in page
    answer = browser.post("/changes/proposed/1/plan", {"summary": "Soon", "theme_ids": []})
    assert answer.status_code == 422
    assert "Choose the ideas or themes" in answer.get_data(as_text=True)
    assert "Soon</textarea>" in answer.get_data(as_text=True)
    assert browser.post("/changes/proposed/1/plan", {"summary": "Soon", "idea_ids": ["3"]}).status_code == 303
    assert [idea.state for idea in filled.all(Idea)] == ["new", "new", "planned"]
    assert filled.all(ProposedChange)[0].decision == "confirmed"
    assert browser.get("/changes/new?proposed=1").status_code == 303


def test_what_is_given_up_there_is_declined_here_with_a_reason_or_not_at_all(filled: House) -> None:
    propose(filled, "declined", "Export", idea_ids=[3])
    browser = filled.browser("Di")
    answer = browser.post("/changes/proposed/1/decline", {"reason": "cost", "summary": " ", "idea_ids": ["3"]})
    assert answer.status_code == 422
    assert 'id="decline-1-summary-help" class="wrong">Say why in a sentence.' in answer.get_data(as_text=True)
    assert 'name="idea_ids" value="3" checked' in answer.get_data(as_text=True)
    assert filled.all(Change) == []
    answer = browser.post("/changes/proposed/1/plan", {"idea_ids": ["3"]})
    assert "something else to decide" in answer.get_data(as_text=True)
    told = {"summary": "No room", "idea_ids": ["3"]}
    answer = browser.post("/changes/proposed/1/decline", told)
    assert 'id="decline-1-reason-help" class="wrong">Choose the reason' in answer.get_data(as_text=True)
    assert browser.post("/changes/proposed/1/decline", {**told, "reason": "cost"}).status_code == 303
    assert filled.all(Idea)[2].state == "declined"


def test_put_aside_and_taken_up_again(asked: House) -> None:
    browser = asked.browser("Cy")
    assert browser.post("/changes/proposed/1/leave").location == "/changes/proposed"
    assert "Nothing is waiting" in read(browser, "/changes/proposed")
    aside = read(browser, "/changes/proposed?show=aside")
    assert "Cy put it aside" in aside
    assert "feat: dark mode" in aside
    assert browser.post("/changes/proposed/1/back").status_code == 303
    assert "Linked:</strong>" in read(browser, "/changes/proposed")


def test_nothing_of_it_is_seen_in_another_workspace(asked: House) -> None:
    eve = asked.browser("Eve")
    assert "feat: dark mode" not in read(eve, "/changes/proposed")
    assert eve.get("/changes/new?proposed=1").status_code == 404
    for act in ("plan", "decline", "leave", "back", "look"):
        assert eve.post(f"/changes/proposed/1/{act}", {"summary": "x", "idea_ids": ["1"]}).status_code == 422
    assert asked.all(ProposedChange)[0].decision is None


def test_what_people_wrote_is_no_markup(filled: House) -> None:
    idea_id = filled.say("Ana", "<script>alert(1)</script>")
    propose(filled, title="<img src=x>", idea_ids=[idea_id])
    page = filled.browser("Cy").get("/changes/proposed").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_looking_again_says_that_it_takes_a_moment(asked: House) -> None:
    browser = asked.browser("Cy")
    assert browser.post("/changes/proposed/1/look").status_code == 303
    page = read(browser, "/changes/proposed")
    assert "It is being compared again." in page
    assert "1 change is being compared" in page
    assert "Linked:</strong>" in page, "what was found stands until then"


def test_nothing_like_it_waits(filled: House) -> None:
    compared(filled, propose(filled))
    browser = filled.browser("Cy")
    assert "Nothing is waiting" in read(browser, "/changes/proposed")
    assert "nothing that it would answer waits" in read(browser, "/changes/proposed?show=nothing")


def test_a_changelog_is_shown_before_it_is_taken_and_taken_once(filled: House) -> None:
    browser = filled.browser("Cy")
    data: dict[str, Any] = {"text": CHANGELOG, "step": "look"}
    page = browser.post("/changes/import", data).get_data(as_text=True)
    assert filled.all(ProposedChange) == []
    assert "dark mode (#12)" in page
    assert "&lt;b&gt;export" in page
    for words in ("It holds 4 versions", "not released yet", "taken back after its release", "its date is yet to come"):
        assert words in page
    (key,) = re.findall(r'name="versions" value="([^"]+)" checked', page)
    assert page.count(" disabled>") == 3
    ticked = {**data, "step": "take", "versions": [html.unescape(key)]}
    assert browser.post("/changes/import", ticked).location == "/changes/proposed"
    assert "1 change is being compared" in read(browser, "/changes/proposed")
    (row,) = filled.all(ProposedChange)
    assert (row.title, row.kind, row.key) == ("1.1.0", "shipped", html.unescape(key))
    assert "[#12](https://github.com/brand/app/issues/12)" in row.text, "links are kept"
    assert "read before" in browser.post("/changes/import", data).get_data(as_text=True)
    assert browser.post("/changes/import", ticked).status_code == 303
    assert "That was read already." in read(browser, "/changes/proposed")
    assert len(filled.all(ProposedChange)) == 1


def test_a_file_goes_before_what_is_pasted(filled: House) -> None:
    file = (io.BytesIO(CHANGELOG.encode("utf-8-sig")), "CHANGELOG.md")
    answer = filled.browser("Cy").post("/changes/import", {"text": "x", "file": file, "step": "look"})
    assert answer.status_code == 200
    assert "It holds 4 versions" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "field", "say"),
    [
        ({"text": ""}, "text", "Paste a changelog"),
        ({"text": "Nothing"}, "text", "No version was found."),
        ({"text": "## 1.0.0 - 2026-02-30\n- A"}, "text", "is no date"),
        ({"text": "x" * 300_001}, "text", "at most 300,000 characters"),
        ({"file": b"\xff\xfe## 1.0.0"}, "file", "not text in UTF-8"),
        ({"file": b""}, "text", "Paste a changelog"),
    ],
    ids=["empty", "no version", "no date", "too long", "not utf-8", "empty file"],
)
def test_what_cannot_be_read_is_said_below_its_field(house: House, data: dict[str, Any], field: str, say: str) -> None:
    if "file" in data:
        data = {**data, "file": (io.BytesIO(data["file"]), "CHANGELOG.md")}
    answer = house.browser("Cy").post("/changes/import", {**data, "step": "look"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    found = re.search(rf'id="changelog-{field}-help" class="wrong">([^<]*)<', page)
    assert found
    assert say in found[1]


def test_taking_nothing_is_asked_about(house: House) -> None:
    answer = house.browser("Cy").post("/changes/import", {"text": CHANGELOG, "step": "take"})
    assert answer.status_code == 422
    assert "Tick the versions" in answer.get_data(as_text=True)
    assert house.all(ProposedChange) == []


def test_ideas_that_share_words_with_what_was_written_come_first(filled: House) -> None:
    for number in range(5):
        filled.say("Bo", f"Something else entirely {number}")
    data = {"summary": "Spreadsheets can be exported", "step": "like", "nonce": "n"}
    answer = filled.browser("Cy").post("/changes/new", data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert re.findall(r'name="idea_ids" value="(\d)"', page)[0] == "3"
    assert page.count("shares words") == 1
    none = filled.browser("Cy").post("/changes/new", {**data, "summary": "Quieter"}).get_data(as_text=True)
    assert "No idea that waits shares a word with it." in none
    empty = filled.browser("Cy").post("/changes/new", {**data, "summary": " "})
    assert empty.status_code == 422
    assert "ideas with the same words come first" in empty.get_data(as_text=True)


def test_how_often_what_was_offered_was_ticked_is_told(filled: House) -> None:
    """Twelve read like it; seven are ticked."""
    ids = [filled.say("Ana", f"Dark {number}") for number in range(12)]
    compared(filled, propose(filled), *range(3, 15))
    browser = filled.browser("Cy")
    assert "0 ideas were shown so far" in read(browser, "/metrics")
    ticked = "&".join(f"idea={each}" for each in ids[:7])
    sent = form_of(browser, f"/changes/new?proposed=1&ticked=1&{ticked}")
    assert browser.post("/changes/new", {**sent, "step": "tell"}).status_code == 303
    assert "Of 12 ideas that read like something" in read(browser, "/metrics")
    assert "<strong>58 %</strong> were ticked" in read(browser, "/metrics")
