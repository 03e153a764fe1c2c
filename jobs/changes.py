"""Which ideas a change answers: texts out of the database, compared with no transaction open, the answer back in.

As in jobs/themes.py the packages are loaded where they are used.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import changes
from feedback.hub import Hub
from jobs.plans import Plan, Tx, Work
from jobs.themes import rows_of


def compare(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Finds the ideas that something which happened probably answers."""
    wanted = changes.to_compare(tx, proposed_id=ids["proposed_id"])
    if wanted is None:
        return None

    def run() -> None:
        from feedback import clustering

        vectors = clustering.load(hub.settings.text_vectors)
        parts = clustering.parts(wanted.title, wanted.text)
        found: list[changes.Likely] = []
        if parts and wanted.waiting:
            rows = rows_of(hub, vectors, wanted.workspace_id, [*parts, *wanted.texts])
            if rows is None:
                with hub.transaction() as tx:
                    changes.compare_on(tx, proposed_id=wanted.proposed_id, now=hub.clock())
                return
            corpus = clustering.Corpus(rows[len(parts) :], vectors.parameters)
            near = clustering.answered(corpus, rows[: len(parts)], wanted.among)
            found = [changes.Likely(each.row, each.closeness, parts[each.part]) for each in near]
        with hub.transaction() as tx:
            offered = changes.keep(tx, seen=wanted, found=found, now=now)
        hub.log.info("changes.compared", proposed=wanted.proposed_id, parts=len(parts), offered=offered)

    return Work(run)
