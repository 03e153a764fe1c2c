"""Slack text as people meant it: markup out, words out of that, negations kept."""

import html
import re
import unicodedata

MOST_CHARACTERS = 2_000
"""Of a longer text only so many are read, lest a pasted log outweighs the rest and costs seconds."""
FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LABELLED_LINK = re.compile(r"<(?:https?://|mailto:|tel:)[^|<>]*\|([^<>]*)>")
# Mentions of people, groups and channels, dates, and links without a label.
BRACKETED = re.compile(r"<[@#!][^<>]*>|<(?:https?://|mailto:|tel:)[^<>]*>")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+")
# As people read it: who is meant is no part of the subject.
MENTION = re.compile(r"(?<![\w.@+-])@[\w.-]*\w")
# A time such as 10:30:45 is no emoji: a name follows no letter or digit and has a letter in it, or is +1 or -1.
EMOJI_NAME = re.compile(r"(?<![^\W_]):(?:[+-]1|(?=[\w'+-]*[^\W\d_])[\w'+-]+):")
# Signs that a selector or a keycap turns into a picture, pictures, and what joins and colours them.
EMOJI = re.compile(
    r"\S\ufe0f\u20e3?|[0-9#*]\u20e3|[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f]"
)
EMPHASIS = re.compile(r"[*_~]+")
# Vowel signs and accents are no letters to `re`, yet without them words of Hebrew, Arabic, Hindi, Thai ... fall apart.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0970-\u0e3a\u0e40-\u0e4e"
    "\u0eb0-\u0ecd\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3"
)
WORD = re.compile(rf"[\w{MARKS}]+(?:'[\w{MARKS}]+)*")
# How people close a mail that they paste, or send to a channel: a line of two dashes, what a phone adds, a greeting.
SIGNATURE = re.compile(r"-- ?|(?:sent from my|sent via|get outlook for)\b.{0,40}", re.IGNORECASE)
GREETING = re.compile(
    r"(?:(?:best|kind|kindest|warm|many) )?(?:regards|wishes)|sincerely|cheers|best|yours(?: truly)?|thanks|thank you",
    re.IGNORECASE,
)
MOST_LINES_OF_A_NAME, MOST_WORDS_OF_A_NAME = 3, 4
NEGATED = re.compile(r"\b(?:can't|cant|cannot)\b|\b(\w+)n't\b")
IRREGULAR = {"wo": "will", "sha": "shall", "ai": "is"}


def clean(text: str) -> str:
    """The sentence without mentions, channels, links, code, emoji and signature; entities decoded; white space single,
    lines kept.

    At most MOST_CHARACTERS, and "" where nothing is left. The label of a link stays, because people wrote it as part
    of the sentence.
    """
    text = INLINE_CODE.sub(" ", FENCED.sub(" ", _whole(text[: 4 * MOST_CHARACTERS])))
    text = BRACKETED.sub(" ", LABELLED_LINK.sub(r" \1 ", text))
    text = MENTION.sub(" ", ADDRESS.sub(" ", html.unescape(text)))
    text = EMOJI.sub(" ", EMOJI_NAME.sub(" ", text))
    text = unicodedata.normalize("NFKC", EMPHASIS.sub(" ", text)).replace("’", "'")
    lines = [shown for shown in (" ".join(line.split()) for line in text.splitlines()) if shown]
    return "\n".join(_without_signature(lines))[:MOST_CHARACTERS].rstrip()


def _without_signature(lines: list[str]) -> list[str]:
    """What was said before somebody signed it. A greeting alone is all that was said."""
    for number, line in enumerate(lines):
        rest = lines[number + 1 :]
        is_name = len(rest) <= MOST_LINES_OF_A_NAME and all(
            len(each.split()) <= MOST_WORDS_OF_A_NAME and each[-1] not in ".?!" for each in rest
        )
        if SIGNATURE.fullmatch(line) or (number and is_name and GREETING.fullmatch(line.rstrip(",.! "))):
            return lines[:number]
    return lines


def _whole(text: str) -> str:
    """Halves of characters, which no tokenizer takes, become question marks."""
    return text.encode("utf-8", "replace").decode()


def words(cleaned: str) -> list[str]:
    """Words of a cleaned text, small letters, every negation spelt "not", so that can't, cannot and won't meet."""
    return WORD.findall(NEGATED.sub(_spelt_out, cleaned.casefold()))


def _spelt_out(found: re.Match[str]) -> str:
    verb = found[1]
    return "can not" if verb is None else f"{IRREGULAR.get(verb, verb)} not"
