"""What a replay did, and how it is told at its end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground import replay_kinds


@dataclass
class Report:
    """What a replay did. Acknowledgement times are milliseconds, None where nothing was acknowledged."""

    done: Counter[str] = field(default_factory=Counter)  # by verb
    refused: list[str] = field(default_factory=list)  # why, one line each
    delivered: int = 0
    redelivered: int = 0
    failed: int = 0
    ack_p50_ms: float | None = None
    ack_p99_ms: float | None = None
    ack_max_ms: float | None = None
    wall_seconds: float = 0.0
    quiet: bool = False  # whether the playground had delivered everything at the end
    unheard: bool = False  # whether no app was listening
    lost: str | None = None  # why the deliveries could not be counted
    interrupted: bool = False
    kept: replay_kinds.Kept | None = None  # None where the file labels nothing, or it could not be asked

    def table(self) -> str:
        """The report for a terminal."""
        rows = [
            ("messages posted", str(self.done["post"])),
            ("replies", str(self.done["reply"])),
            ("reactions", str(self.done["react"])),
            ("edits", str(self.done["edit"])),
            ("deletions", str(self.done["delete"])),
            ("refused by the playground", str(len(self.refused))),
            ("events delivered", str(self.delivered)),
            ("redelivered", str(self.redelivered)),
            ("failed", str(self.failed)),
            ("acknowledged in, p50 ms", _milliseconds(self.ack_p50_ms)),
            ("acknowledged in, p99 ms", _milliseconds(self.ack_p99_ms)),
            ("acknowledged in, max ms", _milliseconds(self.ack_max_ms)),
            ("wall seconds", f"{self.wall_seconds:.1f}"),
            *(self.kept.rows() if self.kept else ()),
        ]
        width = max(len(name) for name, _ in rows)
        lines = [f"{name:<{width}}  {value:>9}" for name, value in rows]
        return "\n".join(lines + self._remarks())

    def _remarks(self) -> list[str]:
        remarks = ["interrupted: this is what was done until then"] if self.interrupted else []
        if self.unheard:
            remarks.append("no app was listening: start one, or tell the playground its request_url")
        if self.lost:
            remarks.append(f"the deliveries could not be counted: {self.lost}")
        elif not self.quiet:
            remarks.append("the playground was still delivering at the end")
        return remarks + [f"refused: {why}" for why in self.refused[:5]]


def count_deliveries(report: Report, attempts: Sequence[Mapping[str, Any]]) -> None:
    """Events delivered and failed are counted once each, redeliveries each time."""
    taken = [attempt for attempt in attempts if 200 <= attempt["status"] < 300]
    delivered = {attempt["event_id"] for attempt in taken}
    report.unheard = any(attempt.get("error") == "no_receiver" for attempt in attempts)
    report.delivered = len(delivered)
    report.failed = len({attempt["event_id"] for attempt in attempts} - delivered)
    report.redelivered = sum(attempt["retry"] > 0 for attempt in attempts)
    if times := sorted(attempt["seconds"] * 1000 for attempt in taken):
        report.ack_p50_ms, report.ack_p99_ms, report.ack_max_ms = (
            times[math.ceil(share * len(times)) - 1] for share in (0.5, 0.99, 1.0)
        )


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
