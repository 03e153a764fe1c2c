"""What is left of a Slack message when only words are to count."""

import pytest

from feedback.clustering.cleaning import clean, words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<@U024BE7LH> please add dark mode", "please add dark mode"),
        ("<!subteam^S123|@cs> and <!here> look", "and look"),
        ("as said in <#C123|general> it fails", "as said in it fails"),
        ("see <https://example.com/a?b=c>", "see"),
        ("see <https://example.com|the pricing page> first", "see the pricing page first"),
        ("write to ana@example.com or https://example.com/x", "write to or"),
        ("as @Otieno said, it leaks", "as said, it leaks"),
        ("pay @ 5 or 10@once", "pay @ 5 or 10@once"),
        ("`export --all` fails", "fails"),
        ("fails:\n```\nTraceback (most recent call last)\n```\nevery time", "fails:\nevery time"),
        ("never closed ```x = 1", "never closed"),
        (":tada::+1::skin-tone-2: nice 🎉👍🏽❤️ 1️⃣", "nice"),
        ("starts at 10:30:45, ratio 3:2:1", "starts at 10:30:45, ratio 3:2:1"),
        ("R&amp;D &lt;b&gt; don’t", "R&D <b> don't"),
        ("*dark* _mode_ ~please~", "dark mode please"),
        ("  many \t spaces\n\n\nand lines ", "many spaces\nand lines"),
        ("Add dark mode\n-- \nAna Lindqvist\nHead of Coffee", "Add dark mode"),
        ("Add dark mode\n\nBest regards,\nAna\n+46 70 123", "Add dark mode"),
        ("Add dark mode\nSent from my iPhone", "Add dark mode"),
        ("Add dark mode\nThanks!", "Add dark mode"),
        ("Thanks!\nIt works now and the export is fine.", "Thanks!\nIt works now and the export is fine."),
        ("Cheers", "Cheers"),
        ("It is too loud\nBest\nwould be a switch that makes it quiet at night.", None),
        ("🎉 :tada: <https://example.com>", ""),
        ("", ""),
    ],
)
def test_markup_goes_and_words_stay(text: str, left: str | None) -> None:
    """None: as it was."""
    assert clean(text) == (text if left is None else left)


@pytest.mark.parametrize("text", ["I can't sync", "I cannot sync", "I CAN’T sync", "i can not sync", "I cant sync"])
def test_every_way_to_negate_is_one_word(text: str) -> None:
    assert words(clean(text)) == ["i", "can", "not", "sync"]


def test_a_negation_keeps_its_verb() -> None:
    assert words("It won't, doesn't, isn't") == ["it", "will", "not", "does", "not", "is", "not"]


@pytest.mark.parametrize("text", ["डार्क मोड", "تَحديث التطبيق", "โหมดมืด", "тёмная тема", "ダークモード"])
def test_words_of_other_scripts_stay_whole(text: str) -> None:
    assert words(clean(text)) == clean(text).split()


@pytest.mark.parametrize("piece", ["a", "@", "a@", ":a", "<@", "can'", "'", "```", "n't", "1:", "<http://a|", "ก"])
def test_ten_thousand_odd_characters_are_read(piece: str) -> None:
    assert len(words(clean(piece * (10_000 // len(piece))))) <= 10_000
