"""Grouping: texts out of the database, scikit-learn with no transaction open, its answer back in.

scikit-learn takes seconds and a hundred megabytes to load, so it is loaded where it is used: this file is known to the
workers of every queue, and only one of them groups.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import themes
from feedback.hub import Hub
from jobs.plans import Plan, Tx, Work

SEED = 7


def load() -> None:
    """Before the first idea waits for it."""
    import feedback.clustering  # noqa: F401


def place(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Finds the theme of one new idea, or opens one."""
    wanted = themes.to_place(tx, idea_id=ids["idea_id"])
    if wanted is None:
        return None

    def run() -> None:
        from feedback import clustering

        theme_id = clustering.place(wanted.text, wanted.themes)
        others = [text for texts in wanted.themes.values() for text in texts]
        name = clustering.name([wanted.text], others) if theme_id is None else ""
        with hub.transaction() as tx:
            theme = themes.place(tx, idea_id=wanted.idea_id, theme_id=theme_id, name=name, now=now)
        if theme is not None:
            _name(hub, theme.id, now)

    return Work(run)


def regroup(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """All ideas of a workspace anew; themes keep their ids, people's placements stay."""
    seen = themes.to_group(tx, workspace_id=ids["workspace_id"])
    if not seen.texts:
        return None

    def run() -> None:
        from feedback import clustering

        labels = clustering.cluster(seen.texts, SEED)
        groups: dict[int, list[str]] = {}
        for text, label in zip(seen.texts, labels, strict=True):
            groups.setdefault(label, []).append(text)
        heirs = themes.inherit(seen.theme_ids, labels)
        names = {label: clustering.name(texts, seen.texts) for label, texts in groups.items() if label not in heirs}
        with hub.transaction() as tx:
            moved = themes.regroup(tx, seen=seen, labels=labels, names=names, now=now)
        hub.log.info("themes.regrouped", ideas=len(labels), groups=len(groups), moved=moved)

    return Work(run)


def _name(hub: Hub, theme_id: int, now: datetime) -> None:
    """The theme's words changed, so its name may too."""
    from feedback import clustering

    with hub.reading() as tx:
        texts = themes.to_name(tx, theme_id=theme_id)
    if texts is None:
        return
    own, others = texts
    name = clustering.name(own, others)
    with hub.transaction() as tx:
        themes.name_by_words(tx, theme_id=theme_id, name=name, now=now)
