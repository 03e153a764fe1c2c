"""What customers said, without who they are, for readers outside of this community."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.database import in_pieces
from models import Member

SOMEBODY = "somebody"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SLACK_ID = re.compile(r"<?@?\b[UW][A-Z0-9]{7,}\b(?:\|[^>]*)?>?")
HANDLE = re.compile(r"(?<!\w)@[\w.-]*\w")
LEAST_LETTERS = 2
"""A single letter is also a word, and nobody is recognized by it."""


def without_names(tx: Session, *, workspace_id: int, texts: Sequence[str]) -> list[str]:
    """Names of members, handles, mentions, Slack's ids and e-mail addresses are replaced. A name is only taken for one
    as it is written, with its capitals."""
    shown = [SLACK_ID.sub(SOMEBODY, ADDRESS.sub("(an address)", text)) for text in texts]
    whole = "\n".join(shown)
    rows = tx.execute(select(Member.name, Member.handle).where(Member.workspace_id == workspace_id))
    names = {word for row in rows for word in (row.name, row.handle and f"@{row.handle}") if word and word in whole}
    # The longer ones first: “Ana Lopez” is not to become “somebody Lopez”.
    in_order = sorted((name for name in names if len(name) >= LEAST_LETTERS), key=lambda name: (-len(name), name))
    for some in in_pieces(in_order):
        found = re.compile(rf"@?(?<!\w)(?:{'|'.join(map(re.escape, some))})(?!\w)")
        shown = [found.sub(SOMEBODY, text) for text in shown]
    return [HANDLE.sub(SOMEBODY, text) for text in shown]


def in_markdown(text: str) -> str:
    """Somebody's words as words: no markup, nobody over there who is called the same is called in, no issue is meant by
    a number."""
    escaped = re.sub(r"([\\`*_\[\]])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return re.sub(r"([@#])(?=\w)", "\\1\u2060", escaped)
