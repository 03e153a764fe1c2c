"""Grouping: texts out of the database, numbers with no transaction open, the answer back in.

The grouping's packages take seconds and hundreds of megabytes to load, so they are loaded where they are used: this
file is known to the workers of every queue, and only one of them groups.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feedback import ideas, themes
from feedback.hub import Hub
from feedback.settings import SettingsError
from jobs.plans import Plan, Tx, Work

if TYPE_CHECKING:
    from feedback.clustering import Naming, Near, Rows, Vectors
    from feedback.themes import Found, ToGroup, Weighed

NEAREST = 20
"""So many are kept as alike, because not everybody may see each of them."""
MOST_SAME = 3
"""About so many pairs with one idea somebody is asked: of ten that say the same, each leads to the next."""
TEXTS_AT_ONCE, CHARACTERS_AT_ONCE = 300, 20_000
"""So much goes through the model before the work is put down and taken up again: a few seconds, less than a lease."""


def load(hub: Hub) -> None:
    """Before the first idea waits for it. Raises SettingsError where TEXT_VECTORS asks for what is not installed."""
    from feedback import clustering

    try:
        vectors = clustering.load(hub.settings.text_vectors)
    except ImportError as error:
        wanted = hub.settings.text_vectors
        raise SettingsError(f"TEXT_VECTORS is {wanted}, which cannot be loaded here ({error}). Leave it out.") from None
    hub.log.info("texts.compared_by", version=vectors.version)


def place(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Finds the theme of one new idea, or opens one."""
    wanted = themes.to_place(tx, idea_id=ids["idea_id"])
    if wanted is None:
        return None

    def run() -> None:
        from feedback import clustering

        vectors = clustering.load(hub.settings.text_vectors)
        rows = rows_of(hub, vectors, wanted.workspace_id, [wanted.text, *wanted.texts])
        if rows is None:
            with hub.transaction() as tx:
                themes.place_soon(tx, idea_id=wanted.idea_id, now=hub.clock())
            return
        corpus = clustering.Corpus(rows[1:], vectors.parameters)
        theme_id = wanted.belongs_in or corpus.place(rows[0], wanted.theme_ids, barred=wanted.barred)
        (near,) = clustering.Sameness(corpus, wanted.texts).nearest(rows[:1], [wanted.text], NEAREST)
        texts = {wanted.idea_id: wanted.text, **dict(zip(wanted.idea_ids, wanted.texts, strict=True))}
        closeness = {wanted.idea_ids[each.row]: each.closeness for each in near}
        alike = _resemblances(wanted.idea_id, wanted.idea_ids, near, texts)
        name = clustering.Naming(wanted.texts).name([wanted.text]) if theme_id is None else ""
        with hub.transaction() as tx:
            theme = themes.place(tx, idea_id=wanted.idea_id, theme_id=theme_id, name=name, now=now)
        with hub.transaction() as tx:  # by itself: it refers to other ideas, while that one is locked above
            ideas.keep_alike(tx, idea_id=wanted.idea_id, text=wanted.text, closeness=closeness, now=now)
            ideas.propose(tx, found=alike, texts=texts, now=now)
        if theme is not None:
            _name(hub, theme.id, now)

    return Work(run)


def name(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Words of a theme were changed or deleted, and its name may have been made of them."""
    return Work(lambda: _name(hub, ids["theme_id"], now))


def regroup(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """All ideas of a workspace anew, as proposals: only ideas that have no theme yet are placed. And which questions
    would help."""
    seen = themes.to_group(tx, workspace_id=ids["workspace_id"])
    if not seen.texts:
        ideas.forget_vectors(tx, workspace_id=seen.workspace_id, version="")
        return None

    def run() -> None:
        from feedback import clustering

        vectors = clustering.load(hub.settings.text_vectors)
        rows = rows_of(hub, vectors, seen.workspace_id, seen.texts)
        if rows is None:
            with hub.transaction() as tx:
                themes.regroup_soon(tx, workspace_id=seen.workspace_id, now=hub.clock())
            return
        said: dict[str, Any] = {
            "together": seen.settled.together,
            "apart": seen.settled.apart,
            "anchors": seen.settled.anchors,
        }
        labels = clustering.cluster(rows, vectors.parameters, seed=clustering.SEED, **said)
        found = themes.compare(seen.theme_ids, labels, seen.settled.homes, seen.settled.answers)
        naming = clustering.Naming(seen.texts)
        changes = _weigh(vectors, rows, seen, found, naming)
        asked = clustering.questions(rows, labels, vectors.parameters, most=themes.MOST_ASKED, asked=seen.asked, **said)
        weights = {(seen.idea_ids[each.left], seen.idea_ids[each.right]): each.weight for each in asked}
        placed = _place_rest(hub, seen, labels, naming, now)
        with hub.transaction() as tx:
            proposed, free = themes.propose(tx, seen=seen, changes=changes, version=vectors.version, now=now)
        done = 0
        for proposal_id in free:
            with hub.transaction() as tx:
                done += themes.follow(tx, workspace_id=seen.workspace_id, proposal_id=proposal_id, now=now)
        with hub.transaction() as tx:
            themes.ask(tx, workspace_id=seen.workspace_id, weights=weights, now=now)
            forgotten = ideas.forget_vectors(tx, workspace_id=seen.workspace_id, version=vectors.version)
        told = {"found": len(found), "proposed": proposed, "followed": done, "placed": placed, "asked": len(asked)}
        hub.log.info("themes.regrouped", ideas=len(labels), groups=len(set(labels)), **told, forgotten=forgotten)
        _propose(hub, vectors, seen, rows, now)

    return Work(run)


def _propose(hub: Hub, vectors: Vectors, seen: themes.ToGroup, rows: Rows, now: datetime) -> None:
    """Asks about the pairs that nobody was asked about when the second one came."""
    from feedback import clustering

    with hub.reading() as tx:
        compared = ideas.to_compare(tx, workspace_id=seen.workspace_id)
    which = [row for row, idea_id in enumerate(seen.idea_ids) if idea_id in compared]
    if len(which) < 2:
        return
    # Among all texts, as when one is placed, so that the same numbers mean the same.
    sameness = clustering.Sameness(clustering.Corpus(rows, vectors.parameters), seen.texts)
    texts = dict(zip(seen.idea_ids, seen.texts, strict=True))
    found: list[ideas.Resemblance] = []
    for row, near in zip(
        which, sameness.nearest(rows[which], [seen.texts[row] for row in which], NEAREST), strict=True
    ):
        others = [each for each in near if each.row != row and seen.idea_ids[each.row] in compared]
        found += _resemblances(seen.idea_ids[row], seen.idea_ids, others, texts)
    with hub.transaction() as tx:
        asked = ideas.propose(tx, found=found, texts=texts, now=now)
    hub.log.info("ideas.proposed", ideas=len(which), pairs=len(found), new=asked)


def _resemblances(
    idea_id: int, ids: Sequence[int], near: Sequence[Near], texts: Mapping[int, str]
) -> list[ideas.Resemblance]:
    """Those of the near ones that are probably the same, at most MOST_SAME, with the words that both use."""
    from feedback import clustering

    return [
        ideas.Resemblance(
            idea_id=idea_id,
            other_id=ids[each.row],
            closeness=each.closeness,
            score=each.score,
            words=clustering.in_common(texts[idea_id], texts[ids[each.row]]),
        )
        for each in [each for each in near if each.is_same][:MOST_SAME]
    ]


def _weigh(vectors: Vectors, rows: Rows, seen: ToGroup, found: Sequence[Found], naming: Naming) -> list[Weighed]:
    """Each change with how clear it is, and what the new theme would be called."""
    from feedback import clustering

    sides = [side for each in found for side in each.sides]
    margins = iter(clustering.margins(rows, vectors.parameters, sides))
    weighed = []
    for each in found:
        strength = each.strength([next(margins) for _ in each.sides])
        texts = [seen.texts[row] for row in each.rows] if each.into_id is None else []
        weighed.append(themes.Weighed(each, strength, naming.name(texts) if texts else ""))
    return weighed


def _place_rest(hub: Hub, seen: ToGroup, labels: Sequence[int], naming: Naming, now: datetime) -> int:
    """Ideas that have no theme yet, group by group. Returns how many."""
    heirs = themes.inherit(seen.theme_ids, labels, seen.settled.homes)
    placed = 0
    for label, rows in themes.without_theme(seen, labels).items():
        texts = [seen.texts[row] for row in rows]
        name = naming.name(texts) if label not in heirs else ""
        where: dict[str, Any] = {"workspace_id": seen.workspace_id, "theme_id": heirs.get(label), "name": name}
        with hub.transaction() as tx:
            idea_ids = [seen.idea_ids[row] for row in rows]
            placed += themes.place_together(tx, idea_ids=idea_ids, **where, now=now)
    return placed


def rows_of(hub: Hub, vectors: Vectors, workspace_id: int, texts: Sequence[str]) -> Rows | None:
    """The vector of each text. None where so many had none yet that some still have none: then come again."""
    from feedback import clustering

    with hub.reading() as tx:
        known = ideas.known_vectors(tx, workspace_id=workspace_id, version=vectors.version, texts=texts)
    missing = sorted(set(texts) - known.keys())
    if missing:
        some = _some(missing)
        made = vectors.embed([clustering.clean(text) for text in some])
        new = dict(zip(some, clustering.pack(made), strict=True))
        with hub.transaction() as tx:
            ideas.keep_vectors(tx, workspace_id=workspace_id, version=vectors.version, vectors=new)
        if len(missing) > len(some):
            hub.log.info("texts.embedded", texts=len(some), left=len(missing) - len(some), version=vectors.version)
        known |= new
    return clustering.unpack([known[text] for text in texts]) if known.keys() >= set(texts) else None


def _some(texts: Sequence[str]) -> list[str]:
    """The first of them, at least one."""
    found, characters = list[str](), 0
    for text in texts[:TEXTS_AT_ONCE]:
        characters += len(text)
        if found and characters > CHARACTERS_AT_ONCE:
            break
        found.append(text)
    return found


def _name(hub: Hub, theme_id: int, now: datetime) -> None:
    """The theme's words changed, so its name may too."""
    from feedback import clustering

    with hub.reading() as tx:
        texts = themes.to_name(tx, theme_id=theme_id)
    if texts is None:
        return
    own, others = texts
    name = clustering.Naming(others).name(own)
    with hub.transaction() as tx:
        themes.name_by_words(tx, theme_id=theme_id, name=name, now=now)
