"""Fits the shipped numbers: `python -m feedback.clustering.kinds.train ../shared/data`.

Reads cap_*.jsonl there (one object a line, with `text` and `label`: bug, idea or other) and writes kinds.npz and
kinds.md, which says what it was made of. Words are hashed, so no word or sentence of the data is in the numbers.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from feedback.clustering.kinds import learned
from feedback.clustering.kinds.judging import NUMBERS

LABELS = {"bug": "problem", "idea": "idea", "other": "other"}
"""As the files call them."""
SOURCES = {
    "cap_maalej": "app-store reviews; Maalej et al. 2016, as in app_review_analysis; CC0",
    "cap_vlc": "sentences from a product’s user forum; Tizard et al., RE 2019; CC BY",
}


def main(arguments: Sequence[str], into: Path = NUMBERS) -> int:
    if len(arguments) != 1 or not (files := sorted(Path(arguments[0]).glob("cap_*.jsonl"))):
        print("Name the folder that holds cap_*.jsonl.", file=sys.stderr)  # noqa: T201 - a script
        return 2
    read = {file: [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()] for file in files}
    rows = [row for file in files for row in read[file]]
    made = learned.fit([row["text"] for row in rows], [LABELS[row["label"]] for row in rows])
    into.write_bytes(made.pack())
    lines = [_line(file, [row["label"] for row in read[file]]) for file in files]
    into.with_suffix(".md").write_text(_card(into.name, made, lines), encoding="utf-8")
    print(f"{into.name}: {len(rows)} texts, {into.stat().st_size:,} bytes, {made.version}")  # noqa: T201 - a script
    return 0


def _line(file: Path, labels: Sequence[str]) -> str:
    counts = Counter(labels)
    shares = ", ".join(f"{counts[label]} {label}" for label in LABELS)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    source = SOURCES.get(file.stem, "source and licence are not known to the script")
    return f"| `{file.name}` | {len(labels)} | {shares} | {source} | `{digest}…` |"


def _card(name: str, made: learned.Learned, lines: Sequence[str]) -> str:
    return "\n".join(
        (
            f"# What {name} was made of",
            "",
            f"Version `{made.version}`, made by `python -m feedback.clustering.kinds.train`.",
            "It holds weights of hashed features, and neither a word nor a sentence of the texts. They are English,",
            "and so is what it can judge.",
            "",
            "| file | texts | labels | source, licence | sha256 |",
            "|---|---|---|---|---|",
            *lines,
            "",
            f"Temperature, found on texts that the fit had not seen: {made.temperature[0]:.2f}.",
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
