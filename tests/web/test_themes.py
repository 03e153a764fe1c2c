"""The list of themes and one theme, and setting it right through its forms."""

from __future__ import annotations

from typing import Any

import pytest

from feedback import themes
from models import Idea, Outbox, Theme, Workspace
from tests.web.conftest import Counter, House


def test_the_list_counts_ideas_votes_and_different_people(filled: House) -> None:
    page = filled.browser("Bo").get("/themes").get_data(as_text=True)
    row = page[page.index("Dark mode") : page.index("Export")]
    # Ana and Bo; Bo voted for Ana's and said his own, and counts once.
    assert '"People">2<' in row
    assert '"Ideas">2<' in row
    assert '"Votes">1<' in row
    assert "2 new" in row


@pytest.mark.parametrize("sort", ["people", "votes", "ideas", "newest", "name", "nonsense"])
def test_the_list_can_be_sorted(filled: House, sort: str) -> None:
    page = filled.browser("Bo").get(f"/themes?sort={sort}").get_data(as_text=True)
    dark_first = page.index("Dark mode") < page.index("Export<")
    assert dark_first is (sort != "newest")


def test_renaming(filled: House) -> None:
    browser = filled.browser("Bo")
    assert browser.post("/themes/1/rename", {"name": "Dark at night"}).location == "/themes/1"
    page = browser.get("/themes/1").get_data(as_text=True)
    assert "renamed it from “Dark mode” to “Dark at night”" in page
    answer = browser.post("/themes/1/rename", {"name": "x" * 81})
    assert answer.status_code == 422
    assert "under 80 characters" in answer.get_data(as_text=True)
    assert "x" * 81 in answer.get_data(as_text=True)


def test_merging_takes_the_address_along(filled: House) -> None:
    browser = filled.browser("Bo")
    dark, export = filled.theme_ids["Dark mode"], filled.theme_ids["Export"]
    assert browser.post(f"/themes/{export}/merge", {"into_id": dark}).location == f"/themes/{dark}"
    old = browser.get(f"/themes/{export}")
    assert (old.status_code, old.location) == (302, f"/themes/{dark}")
    assert "3 ideas" in browser.get(f"/themes/{dark}").get_data(as_text=True)
    assert filled.look(Theme, export).merged_into_id == dark


@pytest.mark.parametrize("into_id", ["", "1", "99", "x"])
def test_merging_into_nothing_or_itself_is_refused(filled: House, into_id: str) -> None:
    assert filled.browser("Bo").post("/themes/1/merge", {"into_id": into_id}).status_code == 422
    assert filled.look(Theme, 1).merged_into_id is None


def test_splitting_off_the_ticked_ones(filled: House) -> None:
    browser = filled.browser("Bo")
    answer = browser.post("/themes/1/split", {"idea_ids": ["2"], "name": "At night"})
    new = filled.theme_ids["At night"]
    assert answer.location == f"/themes/{new}"
    assert filled.look(Idea, 2).theme_id == new
    assert filled.look(Idea, 1).theme_id == 1


def test_a_split_that_is_refused_keeps_the_ticks(filled: House) -> None:
    browser = filled.browser("Bo")
    answer = browser.post("/themes/1/split", {"idea_ids": ["2"], "name": " "})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Give it a name." in page
    assert page.count(" checked") == 1
    assert "Choose the ideas that belong together." in browser.post("/themes/1/split", {"name": "At night"}).get_data(
        as_text=True
    )
    assert "nothing behind" in browser.post("/themes/1/split", {"idea_ids": ["1", "2"], "name": "At night"}).get_data(
        as_text=True
    )


def test_planning_and_declining_all(filled: House) -> None:
    browser = filled.browser("Cy")
    assert browser.post("/themes/1/plan", {"summary": "In autumn"}).status_code == 303
    assert [idea.state for idea in filled.all(Idea)] == ["planned", "planned", "new"]
    assert browser.post("/themes/1/plan").status_code == 422
    assert browser.post("/themes/1/decline", {"reason": "cost", "summary": ""}).status_code == 422
    assert browser.post("/themes/1/decline", {"reason": "cost", "summary": "We cannot"}).status_code == 303
    assert [idea.state for idea in filled.all(Idea)] == ["declined", "declined", "new"]


def measure(house: House, **facts: Any) -> None:
    """As the worker would, for every theme that holds something."""
    with house.hub.transaction() as tx:
        seen = themes.to_measure(tx, workspace_id=1)
        found = [
            themes.Measured(
                **{
                    "theme_id": theme_id,
                    "ideas": seen.theme_ids.count(theme_id),
                    "people": people,
                    "cohesion": 0.5,
                    "least": 0.3,
                    "runs": 20,
                    "same_runs": 18,
                    "stability": 0.9,
                    "central": [i for i, t in zip(seen.idea_ids, seen.theme_ids, strict=True) if t == theme_id][:3],
                    "borderline": [],
                    "phrases": ["Dark mode"],
                    "x": theme_id / 100,
                    "y": -theme_id / 200,
                    **facts,
                }
            )
            for theme_id, people in sorted(seen.people.items())
        ]
        themes.keep_readings(tx, workspace_id=1, measured=found, now=house.clock())


def page_of(house: House, path: str, who: str = "Bo") -> str:
    """With every run of blanks as one."""
    return " ".join(house.browser(who).get(path).get_data(as_text=True).split())


def test_a_theme_tells_how_far_it_can_be_trusted(filled: House) -> None:
    assert "measured within minutes" in page_of(filled, "/themes/1")
    measure(filled)
    filled.clock.go_on(days=1)
    filled.say("Cy", "Dark please", theme="Dark mode")
    measure(filled, cohesion=0.6)
    page = page_of(filled, "/themes/1")
    for words in (
        "Said or backed 4 times: 3 ideas and 1 vote.",
        "3 people are behind it, 1 of them a customer here now.",
        "Only 1 of 1 customer ever said or backed anything",
        "Holds together well",
        "In 18 of 20 trial runs",
        "Since 2 Mar: 1 more person, 1 more idea, it holds together a little better.",
        '<span class="pill">Dark mode</span>',
    ):
        assert words in page
    quotes = page[page.index("Says it best") : page.index("Came into it lately")]
    assert "A dark mode would save my eyes" in quotes
    assert "Dark please" in page[page.index("Came into it lately") :]


def test_what_people_say_is_never_markup_on_the_card_or_the_map(house: House) -> None:
    evil = "<script>alert(1)</script>"
    house.say("Ana", evil, theme=evil)
    measure(house, phrases=[evil])
    for path in ("/themes/1", "/themes/map"):
        page = page_of(house, path)
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_the_map_draws_themes_as_links_that_tell_their_names_and_numbers(filled: House) -> None:
    assert "get their places within minutes" in page_of(filled, "/themes/map")
    measure(filled)
    page = page_of(filled, "/themes/map")
    dark = '<a href="/themes/1" class="new"><title>Dark mode: 2 people, 2 ideas, new</title><circle '
    assert page.count(dark) == 2  # one picture for wide screens and one for narrow ones
    assert "within minutes" not in page
    assert filled.browser("Cy").post("/themes/1/plan", {"summary": ""}).status_code == 303
    assert "Dark mode: 2 people, 2 ideas, planned" in page_of(filled, "/themes/map")


def test_where_there_are_no_themes_the_map_says_so(house: House) -> None:
    page = page_of(house, "/themes/map")
    assert "No themes yet" in page
    assert '<form method="post" action="/themes/map/post"' not in page


def test_of_a_thousand_themes_the_largest_are_drawn_and_the_rest_is_said(filled: House) -> None:
    with filled.hub.transaction() as tx:
        row = tx.get_one(Idea, 1)
        for number in range(997):
            theme = Theme(workspace_id=1, name=f"Theme {number}", created_at=filled.clock())
            tx.add(theme)
            tx.flush()
            facts = {"author_id": row.author_id, "captured_by_id": row.author_id, "captured_with": "form"}
            times = {"created_at": filled.clock(), "captured_at": filled.clock()}
            tx.add(Idea(workspace_id=1, kind="idea", text="x", theme_id=theme.id, **facts, **times))
    measure(filled)
    page = page_of(filled, "/themes/map")
    assert page.count("<title>") == 1 + 150 + 60
    assert "150 themes with most people behind them. 849 others are in the list." in page
    assert "60 themes with most people behind them. 939 others are in the list." in page


def test_another_workspace_sees_nothing_of_it(filled: House) -> None:
    measure(filled)
    assert "Dark mode" not in page_of(filled, "/themes/map", who="Eve")
    assert filled.browser("Eve").get("/themes/1").status_code == 404


def test_what_was_measured_costs_no_more_queries(filled: House) -> None:
    browser, counter = filled.browser("Bo"), Counter(filled.hub.engine)

    def counted(path: str) -> int:
        counter.statements.clear()
        assert browser.get(path).status_code == 200
        return len(counter.statements)

    before = [counted(path) for path in ("/themes/1", "/themes/map")]
    for _ in range(3):
        measure(filled)
        filled.clock.go_on(days=1)
    assert [counted(path) for path in ("/themes/1", "/themes/map")] == before


def test_the_map_is_posted_once_for_two_presses(filled: House) -> None:
    browser = filled.browser("Bo")
    answer = browser.post("/themes/map/post")
    assert answer.status_code == 422
    assert "There is no triage channel yet." in answer.get_data(as_text=True)
    with filled.hub.transaction() as tx:
        tx.get_one(Workspace, 1).triage_channel_id = "C1"
    for _ in range(2):
        assert browser.post("/themes/map/post").location == "/themes/map"
    assert [row.kind for row in filled.all(Outbox)].count("theme.map") == 1
    assert "It will be in the triage channel in a moment." in browser.get("/themes/map").get_data(as_text=True)


def test_the_list_says_what_people_also_call_it(filled: House) -> None:
    measure(filled, phrases=["Dark mode", "Dark <at night>"])
    page = page_of(filled, "/themes")
    assert '<span class="about quiet">Dark &lt;at night&gt;</span>' in page
