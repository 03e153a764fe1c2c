"""Another way of understanding, tried on what was said already, beside the one in use. Nothing is written anywhere."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback import exports, ideas, judgements, themes, workspaces
from feedback.blocks import shorten
from feedback.errors import Refused
from feedback.hub import Hub
from jobs.judgements import judge_of

if TYPE_CHECKING:
    from feedback.clustering import Rows, kinds
    from feedback.themes import Found

JUDGES = ("used", "shipped", "refit")
"""What judges at present; what came with the product; what today's corrections come to, better or not."""
QUOTE, AT_ONCE = 90, 500
KEPT, SHOWN, PASSED, UNREAD = "kept without asking", "shown to somebody", "let pass", "not judged"


@dataclass(frozen=True)
class Way:
    """One way of understanding."""

    vectors: str
    """One of clustering.KINDS, or auto."""
    closeness: float | None
    """None: as it is in feedback/clustering/parameters.py."""
    percent: int
    """So sure it has to be to keep something without asking."""
    judge: str
    """One of JUDGES."""


@dataclass(frozen=True)
class Outcome:
    """What one way makes of each message, and of each text that is grouped."""

    became: list[str]
    labels: list[int]
    changes: Sequence[Found]
    same: int


def in_use(hub: Hub) -> Way:
    """Raises Refused before any workspace is there."""
    with hub.reading() as tx:
        found = workspaces.every(tx)
    if not found:
        raise Refused("No workspace is here yet. Start `python app.py web` once.")
    return Way(hub.settings.text_vectors, None, found[0].capture_percent, "used")


def replay(hub: Hub, *, then: Way, export: Path | None, most: int) -> Iterator[str]:
    """Lines for a terminal. `export`: a Slack export instead of the archive; `most`: so many examples of each kind.

    Raises Refused where there is nothing to replay.
    """
    now = in_use(hub)
    with hub.reading() as tx:
        workspace_id = workspaces.every(tx)[0].id
        told = [] if export else judgements.archive(tx, workspace_id=workspace_id)
        seen = themes.to_group(tx, workspace_id=workspace_id)
        names = {theme.id: theme.name for theme in themes.living(tx, workspace_id=workspace_id)}
    if export:
        told = [judgements.Told(text, None) for text in exports.conversations(exports.read(export))]
    if not told:
        raise Refused("Nobody has said anything yet.")
    judged = [_judged(hub, workspace_id, way, told) for way in (now, then)]
    if export:
        kept = [told[row].text for row in range(len(told)) if {became[row] for became in judged} & {KEPT, SHOWN}]
        seen, names = _as_grouped(hub, now, workspace_id, kept)
    outcomes = [_outcome(hub, way, workspace_id, became, seen) for way, became in zip((now, then), judged, strict=True)]
    yield from _capture_lines(told, outcomes, most)
    yield from _theme_lines(seen, names, outcomes, most)


def _judged(hub: Hub, workspace_id: int, way: Way, told: Sequence[judgements.Told]) -> list[str]:
    found = []
    for verdict in _judge(hub, workspace_id, way).judge([each.text for each in told]):
        if verdict is None:
            found.append(UNREAD)
        elif 100 * verdict.probability < judgements.LEAST_PERCENT[verdict.kind]:
            found.append(PASSED)
        else:
            found.append(KEPT if 100 * verdict.probability >= way.percent else SHOWN)
    return found


def _judge(hub: Hub, workspace_id: int, way: Way) -> kinds.Judge:
    from feedback.clustering import kinds

    if way.judge == "used":
        return judge_of(hub, workspace_id)
    if way.judge == "shipped":
        return kinds.load()
    with hub.reading() as tx:
        wanted = judgements.to_refit(tx, workspace_id=workspace_id)
    made = kinds.refit(judge_of(hub, workspace_id), wanted.texts, wanted.kinds, wanted.message_ids)
    if made is None:
        raise Refused(f"People have decided about {len(wanted.texts)} messages, which is too few to learn from.")
    return kinds.load(made.packed)


def _as_grouped(hub: Hub, way: Way, workspace_id: int, texts: list[str]) -> tuple[themes.ToGroup, dict[int, str]]:
    """Texts that no theme holds, as the way in use would put them together."""
    from feedback import clustering

    nobody = themes.settle([themes.Placed(None, False, None)] * len(texts), [])
    loose: list[int | None] = [None] * len(texts)
    alone = themes.ToGroup(workspace_id, list(range(len(texts))), texts, loose, nobody, frozenset(), [])
    labels = [label + 1 for label in _labels(_rows(hub, way, alone), way, alone)]
    groups: dict[int, list[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        groups.setdefault(label, []).append(text)
    naming = clustering.Naming(texts)
    return replace(alone, theme_ids=list(labels)), {label: naming.name(group) for label, group in groups.items()}


def _outcome(hub: Hub, way: Way, workspace_id: int, became: list[str], seen: themes.ToGroup) -> Outcome:
    rows = _rows(hub, way, seen)
    labels = _labels(rows, way, seen)
    changes = themes.compare(seen.theme_ids, labels, seen.settled.homes, seen.settled.answers)
    return Outcome(became, labels, changes, _same(rows, way))


def _same(rows: Rows, way: Way) -> int:
    """How many pairs the team would be asked about, if nobody had answered anything."""
    from feedback import clustering

    parameters = _parameters(way)
    corpus, count = clustering.Corpus(rows, parameters), 0
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        count += int((corpus.cosines(some) >= parameters.same).sum()) - int(some.any(axis=1).sum())
    return count // 2


def _rows(hub: Hub, way: Way, seen: themes.ToGroup) -> Rows:
    """Vectors that are kept are used; others are made, and forgotten."""
    from feedback import clustering

    vectors = clustering.load(way.vectors)
    with hub.reading() as tx:
        known = ideas.known_vectors(tx, workspace_id=seen.workspace_id, version=vectors.version, texts=seen.texts)
    missing = sorted(set(seen.texts) - known.keys())
    made = vectors.embed([clustering.clean(text) for text in missing])
    known |= dict(zip(missing, clustering.pack(made), strict=True))
    return clustering.unpack([known[text] for text in seen.texts]) if seen.texts else made


def _labels(rows: Rows, way: Way, seen: themes.ToGroup) -> list[int]:
    from feedback import clustering

    said = seen.settled
    return clustering.cluster(
        rows,
        _parameters(way),
        seed=clustering.SEED,
        together=said.together,
        apart=said.apart,
        anchors=said.anchors,
    )


def _parameters(way: Way) -> Any:
    from feedback import clustering

    usual = clustering.load(way.vectors).parameters
    return usual if way.closeness is None else replace(usual, closeness=way.closeness)


def _capture_lines(told: Sequence[judgements.Told], outcomes: Sequence[Outcome], most: int) -> Iterator[str]:
    now, then = (outcome.became for outcome in outcomes)
    yield _row(f"{len(told):,} messages", "now", "then")
    for what in (KEPT, SHOWN, PASSED, UNREAD):
        yield _row(f"  {what}", now.count(what), then.count(what))
    kept = [row for row, each in enumerate(told) if each.kept_as]
    if kept:
        found = (sum(became[row] in (KEPT, SHOWN) for row in kept) for became in (now, then))
        yield _row(f"  of {len(kept):,} that are ideas: kept or shown", *found)
    changed = [row for row in range(len(told)) if now[row] != then[row]]
    yield from _examples(
        "Would become something else", changed, most, lambda row: f"{now[row]} → {then[row]}: {_quote(told[row].text)}"
    )


def _theme_lines(seen: themes.ToGroup, names: dict[int, str], outcomes: Sequence[Outcome], most: int) -> Iterator[str]:
    sizes = [Counter(outcome.labels) for outcome in outcomes]
    yield ""
    yield _row(f"{len(seen.texts):,} ideas", "now", "then")
    yield _row("  groups", *(len(each) for each in sizes))
    yield _row("  alone in theirs", *(sum(size == 1 for size in each.values()) for each in sizes))
    yield _row("  in the largest", *(max(each.values(), default=0) for each in sizes))
    yield _row("  pairs that are probably the same", *(outcome.same for outcome in outcomes))
    for kind, say in (("merge", "themes put together"), ("split", "themes parted"), ("move", "ideas moved elsewhere")):
        yield _row(f"  {say}", *(sum(each.kind == kind for each in outcome.changes) for outcome in outcomes))
    as_now = {(each.kind, each.theme_id, each.into_id, tuple(each.rows)) for each in outcomes[0].changes}
    new = [
        each for each in outcomes[1].changes if (each.kind, each.theme_id, each.into_id, tuple(each.rows)) not in as_now
    ]
    new.sort(key=lambda each: (-len(each.rows), each.theme_id, each.rows))
    yield from _examples("Would change, and does not now", new, most, lambda each: _change(each, names, seen.texts))


def _change(found: Found, names: dict[int, str], texts: Sequence[str]) -> str:
    theme, count = f"“{names.get(found.theme_id, 'a theme')}”", len(found.rows)
    quote = _quote(texts[found.rows[0]])
    into = f"“{names.get(found.into_id or 0, 'a theme')}”"
    if found.kind == "merge":
        return f"{theme} ({count}) into {into}: {quote}"
    if found.kind == "split":
        return f"{count} of {count + len(found.staying)} out of {theme}: {quote}"
    return f"{count} from {theme} to {into}: {quote}"


def _examples(title: str, found: Sequence[Any], most: int, say: Callable[[Any], str]) -> Iterator[str]:
    if not found or not most:
        return
    yield ""
    yield f"{title}: {len(found):,}" + (f", the first {most}" if len(found) > most else "")
    yield from (f"  {say(each)}" for each in found[:most])


def _quote(text: str) -> str:
    return f"“{shorten(text, QUOTE)}”"


def _row(what: str, now: object, then: object) -> str:
    return f"{what:45} {_plain(now):>10} {_plain(then):>10}"


def _plain(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
