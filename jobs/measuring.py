"""Measuring the themes: texts out of the database, numbers with no transaction open, what they say back in."""
# ruff: noqa: PLC0415

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feedback import themes
from feedback.hub import Hub
from jobs.plans import Plan, Tx, Work
from jobs.themes import rows_of

if TYPE_CHECKING:
    from feedback.clustering import Point, Rows, Vectors

QUOTES, PHRASES = 3, 3
MOST_ON_THE_MAP = 300
"""Twice as many as are drawn, so that a theme that grows into the picture has its place already."""


def measure(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Everything that the trust cards and the map show of a workspace's themes and that is no mere count."""
    seen = themes.to_measure(tx, workspace_id=ids["workspace_id"])

    def run() -> None:
        from feedback import clustering

        vectors = clustering.load(hub.settings.text_vectors)
        rows = rows_of(hub, vectors, seen.workspace_id, seen.texts) if seen.texts else None
        if rows is None and seen.texts:
            with hub.transaction() as tx:
                themes.measure_now(tx, workspace_id=seen.workspace_id, now=hub.clock())
            return
        measured = [] if rows is None else _measured(seen, vectors, rows)
        with hub.transaction() as tx:
            themes.keep_readings(tx, workspace_id=seen.workspace_id, measured=measured, now=now)

    return Work(run)


def _measured(seen: themes.ToMeasure, vectors: Vectors, rows: Rows) -> list[themes.Measured]:
    from feedback import clustering

    grouped = clustering.Grouped(rows, seen.theme_ids, vectors.parameters)
    texts: dict[int, list[str]] = {}
    for text, theme_id in zip(seen.texts, seen.theme_ids, strict=True):
        texts.setdefault(theme_id, []).append(text)
    points, naming = _points(seen, grouped), clustering.Naming(seen.texts)
    found = zip(
        grouped.groups,
        grouped.cohesions(),
        grouped.quotes(QUOTES),
        clustering.try_out(grouped, seed=clustering.SEED),
        (naming.phrases(texts[theme_id], PHRASES) for theme_id in grouped.groups),
        strict=True,
    )
    return [
        themes.Measured(
            theme_id=theme_id,
            ideas=seen.ideas.get(theme_id, 0),
            people=seen.people.get(theme_id, 0),
            cohesion=cohesion,
            least=grouped.least,
            runs=trials.runs,
            same_runs=trials.same,
            stability=trials.together,
            central=[seen.idea_ids[row] for row in central],
            borderline=[seen.idea_ids[row] for row in borderline],
            phrases=phrases,
            x=points[theme_id][0] if theme_id in points else None,
            y=points[theme_id][1] if theme_id in points else None,
        )
        for theme_id, cohesion, (central, borderline), trials, phrases in found
    ]


def _points(seen: themes.ToMeasure, grouped: Any) -> dict[int, Point]:
    """Of the themes with most people behind them, and of equals those with most ideas."""
    from feedback import clustering

    sizes = Counter(seen.theme_ids)
    order = sorted(grouped.groups, key=lambda each: (-seen.people.get(each, 0), -sizes[each], each))
    chosen = sorted(order[:MOST_ON_THE_MAP])
    row_of = {theme_id: row for row, theme_id in enumerate(grouped.groups)}
    means = grouped.means[[row_of[theme_id] for theme_id in chosen]]
    laid_out = clustering.lay_out(means, [seen.points.get(theme_id) for theme_id in chosen])
    return dict(zip(chosen, laid_out, strict=True))
