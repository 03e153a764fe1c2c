"""What a tracker or a changelog says of one change, item by item: Markdown out, and what says nothing of the change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedback.clustering.cleaning import clean, words
from feedback.clustering.words import SILENT

MOST_PARTS = 80
MOST_CHARACTERS = 60_000
"""Of longer notes only so many are read."""
LONGEST_PART = 300

FENCED = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1[`~]*\s*$|\Z)", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\s]*(?:\s[^()]*)?\)")
LINK = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\](?:\([^()\s]*(?:\s[^()\n]*)?\)|\[[^\]\n]*\])")
DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:\s*\S.*$", re.MULTILINE)
# A name in code is a word of the sentence here, and what the change is about.
CODE = re.compile(r"`+([^`\n]*)`+")
RULE = re.compile(r"^ {0,3}(?:[-*_] *){3,}$|^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$")
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$")
# Lines that tools add below what people write.
TRAILER = re.compile(
    r"^\W*(?:(?:co-authored|signed-off|reviewed|acked|tested|reported|helped|suggested)-by|change-id|cc|"
    r"full changelog|release-as|see-also)\W*:|"
    r"^\W*(?:generated (?:with|by)|this (?:pr|pull request|release) was (?:generated|created)|dependabot (?:will|can)|"
    r"you can trigger|compare the source)|made their first contribution",
    re.IGNORECASE,
)
CREDIT = re.compile(r"\s+by @[\w\[\]-]+(?: in \S+)?\s*$|,?\s*\bthanks,?(?: to)? @[\w-]+", re.IGNORECASE)
# (#70), (389b231), closes #55, IDEA-77, !7: which work it was and not what it does.
REFERENCE = re.compile(
    r"\b(?i:close[sd]?|fix(?:e[sd])?|resolve[sd]?|implement(?:s|ed)?|refs?|see)\b:?\s+(?=[\w./-]*[#!]\d)|"
    r"(?<![\w./-])[\w.-]*(?:/[\w.-]+)*[#!]\d+\b|\b[A-Z][A-Z0-9]+-\d+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b"
)
EMPTY_BRACKETS = re.compile(r"[(\[][\s,;]*[)\]]")
# "feat(app)!: …" of a commit, and "**app:** …" that tools make of it.
SCOPE = re.compile(r"^\s*\*\*[\w./-]+:\*\*\s*")
COMMIT_KIND = re.compile(r"^(?:feat(?:ure)?|(?:bug|hot)?fix|perf|docs?|revert)(?:\([^()]*\))?!?:\s+", re.IGNORECASE)
# Work on the work: nobody outside asked for it.
INWARD = re.compile(
    r"^(?:chore|ci|build|tests?|style|refactor)(?:\([^()]*\))?!?:\s|^(?:update|upgrade) dependency\b|"
    r"^bump(?:s|ed)?\s+\S+\s+from\s+\S+\s+to\s+\S+",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“‘(])")
VERSION = re.compile(r"^\W*(?:\w+[\s@-]+){0,3}v?\d+(?:\.\d+)+\S*\W*$|^\W*v?\d+\W*$")
# Headings that release notes and forms for issues have, which name a kind of thing and no thing.
LABEL_WORDS = """
acceptance actual added additional and behavior behaviour breaking bug bugs bugfixes change changed changelog
changes check checklist chores context contributors criteria current dependencies deprecated describe description
details documentation docs enhancements environment expected feature features fixed fixes full highlights how
improvements in info information internal introduction is issue issues kind miscellaneous more motivation new notes
of other overview performance problem proposed related release removed reproduce request screenshots security
solution steps summary test testing tests the this to type unreleased updates version what what's why your
"""
LABELS = frozenset(LABEL_WORDS.split())


def parts(title: str, text: str) -> list[str]:
    """The title and each item or sentence of the text, as plain sentences, in their order and each once; at most
    MOST_PARTS. A title that only names a version is none, where the text says more."""
    found = dict.fromkeys(part for line in _lines(text[:MOST_CHARACTERS]) for part in _sentences(line) if _says(part))
    first = _plain(title)[:LONGEST_PART]
    if words(clean(first)) and not (found and VERSION.match(first)):
        found = {first: None, **found}
    return list(found)[:MOST_PARTS]


def _lines(text: str) -> Iterator[str]:
    """Each item, heading or paragraph as one line."""
    text = COMMENT.sub("\n", FENCED.sub("\n", text.replace("\r\n", "\n")))
    text = RULE.sub("", DEFINITION.sub("", text))
    open_ = ""
    for line in [*text.split("\n"), ""]:
        heading, item = HEADING.match(line), ITEM.match(line)
        begins = heading or item or not line.strip() or TRAILER.search(line)
        if not begins:
            open_ = f"{open_} {line.strip()}".lstrip()
            continue
        if open_:
            yield open_
        open_ = ""
        if heading and not _is_label(heading[1].rstrip("# \t")):
            yield heading[1].rstrip("# \t")
        elif item and item[1] != " " and not (item[1] and item[2].startswith("I ")):
            # What is not ticked was not done; what "I" ticked is about whoever wrote it.
            open_ = "" if TRAILER.search(line) else item[2]


def _is_label(heading: str) -> bool:
    said = words(clean(_plain(heading)))
    return all(word in LABELS or word in SILENT or word.isdigit() for word in said) or bool(VERSION.match(heading))


def _sentences(line: str) -> Iterator[str]:
    for sentence in SENTENCE.split(_plain(line)):
        yield sentence.strip()[:LONGEST_PART]


def _plain(line: str) -> str:
    """Without Markdown, references and what tools put before and after it."""
    line = CODE.sub(r"\1", TAG.sub(" ", IMAGE.sub(" ", " ".join(SCOPE.sub("", line).split()))))
    line = CREDIT.sub(" ", LINK.sub(r"\1", line)).replace("**", "").replace("__", "")
    line = EMPTY_BRACKETS.sub(" ", EMPTY_BRACKETS.sub(" ", REFERENCE.sub(" ", line)))
    line = " ".join(line.split()).strip(" ,;–—-")
    return "" if INWARD.match(line) else COMMIT_KIND.sub("", line)


def _says(part: str) -> bool:
    """Whether there is anything in it that an idea could be about."""
    said = [word for word in words(clean(part)) if word not in SILENT and word not in LABELS and not word.isdigit()]
    return bool(said)
