"""What a tracker or a changelog says, item by item, without what says nothing of the change."""

import pytest

from feedback.clustering import parts
from tests.feedback.clustering.shipped import NOTES


def test_of_release_notes_each_item_is_left_and_nothing_that_tools_and_forms_add() -> None:
    assert parts("v2.3.0", NOTES) == [
        "dark mode",
        "New quiet mode: the grinder runs about half as loud in the morning",
        "Recipes can be shared with friends",
        "wifi: pairing no longer fails at step 3",
        "The descale light goes out once the programme is finished.",
    ]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("feat(app)!: dark mode (#12)", "dark mode"),
        ("Fix crash on start, fixes brand/app#7 and IDEA-77", "Fix crash on start"),
        ("<b>Louder</b> `beep`", "Louder beep"),
        ("Export 2.0", "Export 2.0"),
        ("🎉 Gloves", "🎉 Gloves"),
    ],
)
def test_a_title_is_what_people_would_say(title: str, plain: str) -> None:
    assert parts(title, "")[0].startswith(plain)


@pytest.mark.parametrize("title", ["chore: move CI", "Bump rails from 7.1 to 7.2", "ci(lint): faster", "", "🎉", "#12"])
def test_work_on_the_work_says_nothing_to_anybody_outside(title: str) -> None:
    assert parts(title, "") == []


def test_a_version_is_what_it_says_unless_it_says_nothing() -> None:
    assert parts("Fieldnotes 2.3.0", "- Dark mode") == ["Dark mode"]
    assert parts("Fieldnotes 2.3.0", "### Bug fixes\n") == ["Fieldnotes 2.3.0"]


def test_a_form_for_issues_is_not_what_the_issue_is_about() -> None:
    form = (
        "## Is your feature request related to a problem?\nThe screen blinds me.\n\n## Describe the solution\n"
        "A dark theme\nfor the app.\n\n### Checklist\n- [x] I have searched\n- [ ] Docs\n\n## Additional context\n"
    )
    assert parts("Dark theme", form) == ["Dark theme", "The screen blinds me.", "A dark theme for the app."]


def test_the_same_is_said_once_and_not_without_end() -> None:
    assert parts("Dark mode", "- Dark mode\n- Dark mode") == ["Dark mode"]
    assert len(parts("", "\n".join(f"- Wish for {number} cups" for number in range(1_000)))) == 80


@pytest.mark.parametrize("piece", ["[x", "[[[", " ", "\n", "# ", "a-", "a/", "closes ", "<!--", "![", "1.1-", "|", "`"])
def test_odd_text_takes_no_longer_than_other_text(piece: str) -> None:
    """An expression that goes back over what it has read would stand still here for minutes."""
    assert len(parts("Dark mode", piece * 60_000)) <= 80
