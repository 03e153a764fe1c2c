"""In App Home: what somebody's help amounts to, whether they may be named, and who helped most lately."""

from __future__ import annotations

from feedback import blocks
from feedback.blocks import Json
from feedback.overview.recognition import Mine, Place

NAMED = "When something ships that you helped with, the note about it may name you."
NOT_NAMED = "When something ships that you helped with, nobody is told your name."
NOBODY = "Nobody has asked to be on it yet."
ON_IT_SOON = "You are on it as soon as something that you said is accepted."
ON_IT_BELOW = "You are on it too, further down."
FADES = "It goes by what shipped and by how clear your words were. Older help counts for less."


def shown(mine: Mine | None) -> list[Json]:
    """Little, where there is little to say."""
    if mine is None:
        return []
    return [*_standing(mine), _name(mine), *_board(mine)]


def _standing(mine: Mine) -> list[Json]:
    standing = mine.standing
    if not standing.badges and not standing.level:
        return []
    line = "  ·  ".join([f"*{standing.level}*"] * bool(standing.level) + list(standing.badges))
    return [blocks.header("What you helped with"), blocks.section(line), blocks.context(FADES)]


def _name(mine: Mine) -> Json:
    if mine.is_credited:
        return blocks.section(f"*Your name*\n{NAMED}", blocks.button("Do not name me", "credit_switch", "no"))
    return blocks.section(f"*Your name*\n{NOT_NAMED}", blocks.button("You may name me", "credit_switch", "yes"))


def _board(mine: Mine) -> list[Json]:
    if not mine.has_board:
        return []
    lines = [line for line in (*map(_place, mine.board), beside_board(mine)) if line]
    rows = [blocks.header("Who helped most lately"), blocks.section("\n".join(lines))]
    if mine.is_on_board:
        return [*rows, blocks.actions([blocks.button("Take me off it", "board_switch", "no")])]
    return [*rows, blocks.actions([blocks.button("Put me on it", "board_switch", "yes")])] if mine.may_join else rows


def beside_board(mine: Mine) -> str:
    """What the places alone do not say; empty where they say all."""
    if not mine.is_on_board:
        return "" if mine.board else NOBODY
    if any(place.is_theirs for place in mine.board):
        return ""
    return ON_IT_BELOW if mine.standing.points else ON_IT_SOON


def _place(place: Place) -> str:
    name = blocks.said(place.name, 80)
    return f"{place.number}. {f'*{name}*' if place.is_theirs else name}  ·  {blocks.escape(place.level)}"
