"""Another way of understanding, beside the one in use, on what was said already."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from feedback.errors import Refused
from feedback.hub import Hub
from jobs import lab
from jobs.drain import drain
from models import Base, Idea
from tests.feedback.scene import Scene

PUMPS = ["The pump leaks in my bag", "My pump leaks all over my bag", "the pump leaked again, my bag is wet"]
TALK = ["Could you please add a refill pouch?", "See you on Thursday", "जल्दी ठीक करें"]


@pytest.fixture
def told(hub: Hub, scene: Scene) -> Hub:
    """Three ideas about one thing, and some talk that nobody kept."""
    for who, text in zip(("Ana", "Flo", "Gus"), PUMPS, strict=True):
        scene.idea(who, text)
    for text in TALK:
        scene.say("Ana", text)
    drain(hub)
    return hub


def rows(hub: Hub) -> dict[str, int]:
    with hub.reading() as tx:
        return {
            table.name: tx.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
        }


def replayed(hub: Hub, export: Path | None = None, most: int = 5, **other: object) -> dict[str, tuple[str, str]]:
    """The figures by what they are of: now and then."""
    way = replace(lab.in_use(hub), **other)  # type: ignore[arg-type]
    lines = [line for line in lab.replay(hub, then=way, export=export, most=most) if line]
    figures = [line.rsplit(maxsplit=2) for line in lines if len(line) > 55 and line[-1].isdigit()]
    return {what.strip(): (now, then) for what, now, then in figures}


def test_the_way_in_use_beside_itself_changes_nothing(told: Hub) -> None:
    before = rows(told)
    found = replayed(told)
    assert all(now == then for now, then in found.values())
    assert found["groups"] == ("1", "1")
    assert found["in the largest"] == ("3", "3")
    assert found["not judged"] == ("1", "1")
    assert sum(int(found[what][0]) for what in (lab.KEPT, lab.SHOWN, lab.PASSED, lab.UNREAD)) == 6
    assert rows(told) == before


def test_a_finer_cut_parts_what_is_together(told: Hub) -> None:
    found = replayed(told, closeness=0.95)
    assert found["groups"][0] == "1"
    assert int(found["groups"][1]) > 1
    assert int(found["themes parted"][1]) > 0


def test_the_table_compares_otherwise_and_leaves_no_vectors(told: Hub) -> None:
    before = rows(told)
    way = replace(lab.in_use(told), vectors="static")
    assert any("pairs that are probably the same" in line for line in lab.replay(told, then=way, export=None, most=0))
    assert rows(told) == before


def test_who_has_to_be_surer_keeps_less(told: Hub) -> None:
    bold, careful = replayed(told, percent=50)[lab.KEPT], replayed(told, percent=99)[lab.KEPT]
    assert int(bold[1]) > int(careful[1])
    examples = list(lab.replay(told, then=replace(lab.in_use(told), percent=99), export=None, most=5))
    assert any("kept without asking → shown to somebody" in line for line in examples)


def test_an_export_is_grouped_by_both_ways(told: Hub, tmp_path: Path) -> None:
    (tmp_path / "feedback").mkdir()
    said = [*PUMPS, "Please add a dark mode, the white hurts", "A dark mode would be great, please add one"]
    day = [{"type": "message", "user": "U1", "text": text, "ts": f"17{n:08}.0"} for n, text in enumerate(said)]
    day.append(
        {"type": "message", "user": "U1", "text": "every day", "ts": "1800000000.0", "thread_ts": "1700000000.0"}
    )
    (tmp_path / "feedback" / "2026-03-02.json").write_text(json.dumps(day))
    before = rows(told)
    found = replayed(told, export=tmp_path, closeness=0.95)
    assert sum(int(found[what][0]) for what in (lab.KEPT, lab.SHOWN, lab.PASSED, lab.UNREAD)) == len(said)
    assert int(found["groups"][1]) > int(found["groups"][0])
    assert rows(told) == before


def test_too_few_corrections_are_said_to_be_too_few(told: Hub) -> None:
    with pytest.raises(Refused, match="too few to learn from"):
        list(lab.replay(told, then=replace(lab.in_use(told), judge="refit"), export=None, most=0))


def test_nothing_said_is_nothing_to_replay(hub: Hub) -> None:
    with pytest.raises(Refused, match="Nobody has said anything"):
        list(lab.replay(hub, then=lab.in_use(hub), export=None, most=0))
    with hub.reading() as tx:
        assert tx.scalars(select(Idea)).all() == []
