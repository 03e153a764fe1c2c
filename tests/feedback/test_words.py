"""What people read who are part of it in different ways, and what is left of it where words are long."""

from __future__ import annotations

import pytest

from feedback import blocks, loop
from feedback.blocks import loop as loop_blocks
from tests.feedback import odd
from tests.feedback.odd import Odd

WORDS = Odd("The pump leaks.", "Why", "It locks.", "Ana", "Pumps", "gift")


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("backed", "|2 November 2026> Ana wrote this, and you backed it:"),
        ("joined", "|2 November 2026> Ana wrote this, and you wrote below it:"),
        ("not_yet", "|2 November 2026>, and you told us that it was not solved yet:"),
    ],
)
def test_the_message_of_the_week_says_how_they_are_part_of_it(because: str, said: str) -> None:
    shown = loop_blocks.item(odd.notice(WORDS, raised_it=False, because=because))[0]["text"]["text"]
    assert said in shown
    assert shown.startswith("Ana wrote" if because == "not_yet" else "On <!date")
    own = loop_blocks.item(odd.notice(WORDS))[0]["text"]["text"]
    assert own.startswith("On <!date")
    assert "you wrote:" in own


def test_who_wrote_below_it_is_not_said_to_have_backed_it_when_they_are_reminded() -> None:
    found = loop_blocks.reminder(odd.notice(WORDS, raised_it=False, because="joined"))
    assert "You wrote below it" in str(found.blocks)


def test_no_link_is_cut_where_the_news_stand_above_empty_lines() -> None:
    template = "{news}" + "\n" * 500 + "{name} {words}"
    assert loop.words.check(template, "shipped") == template
    long = Odd("Leaks. " * 60, "Why", "It locks. " * 100, "Ana", "Pumps", "gift")
    url = "https://shop.example/" + "a" * 979
    notices = [odd.notice(long, words=template, url=url) for _ in range(loop.MOST_TOGETHER)]
    for number, each in enumerate(notices):
        each.idea.id = each.idea_id = number
    first = loop_blocks.together(notices[0].change, notices).blocks[0]["text"]["text"]
    assert len(first) <= blocks.SECTION_LIMIT
    assert first.endswith("|See it here>")
