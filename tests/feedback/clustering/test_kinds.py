"""What a message holds: found where it is plain, held back where it is not English, and learned from labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feedback.clustering import bench, kinds
from feedback.clustering.kinds import judging, learned, own, train
from feedback.clustering.kinds.refitting import is_held_out
from tests.feedback.clustering.talk import ENGLISH, KINDS, LANGUAGES, lines

JUDGE = judging.Judge(None)
"""By the patterns and the lexicon alone, whatever is shipped."""
TALK = [(text, kind) for kind, texts in KINDS.items() for text in lines(texts)]
LABELS = {"idea": "idea", "problem": "bug"}
ODD = [
    "",
    " ",
    "\U0001f44d\U0001f389",
    "\ud800 halves \udfff",
    "\x00",
    "????",
    "<@U0ANA> <https://x.example>",
    "a" * 40_000,
]
ODD += ["it crashes when " * 2_500, "would be " * 4_500, "please " * 5_700, "can't " * 6_600, "(" * 40_000]


def likeliest(judge: kinds.Judge, texts: list[str]) -> list[str]:
    return [kinds.KINDS[int(row.argmax())] for row in judge.probabilities(texts)]


def test_plain_talk_is_taken_for_what_it_is() -> None:
    found = likeliest(JUDGE, [text for text, _ in TALK])
    right = {kind: [f == kind for f, (_, k) in zip(found, TALK, strict=True) if k == kind] for kind in KINDS}
    assert {kind: np.mean(hits) >= 0.8 for kind, hits in right.items()} == dict.fromkeys(KINDS, True), [
        (text, kind, f) for f, (text, kind) in zip(found, TALK, strict=True) if f != kind
    ]


def test_what_only_sounds_like_trouble_is_none() -> None:
    texts = [
        "No problems at all so far",
        "Thanks for fixing it",
        "I can't wait to see you",
        "It never crashes, love it",
    ]
    texts += ["I wish you all a happy new year", "I would like to thank everybody here", "The problem is solved now"]
    assert not {"problem", "idea"} & set(likeliest(JUDGE, texts))


def test_other_languages_get_no_answer() -> None:
    """Measured on sentences that were written for this: of others nearly all are held back, of English ones none."""
    foreign = [text for texts in LANGUAGES.values() for text in lines(texts)]
    assert len(foreign) == 66
    assert sum(kinds.is_english(text) for text in foreign) <= 3
    english = [text for text, _ in TALK] + lines(ENGLISH)
    assert [text for text in english if not kinds.is_english(text)] == []
    assert JUDGE.judge(["Die App stürzt immer ab", "The app crashes", ""])[::2] == [None, None]


def test_odd_texts_get_an_answer_and_the_same_one_each_time() -> None:
    rows = JUDGE.probabilities(ODD)
    assert np.allclose(rows.sum(axis=1), 1)
    assert np.isfinite(rows).all()
    alone = np.vstack([JUDGE.probabilities([text]) for text in ODD])
    assert np.array_equal(alone, rows)
    assert len(JUDGE.judge(ODD)) == len(ODD)
    assert JUDGE.probabilities([]).shape == (0, 5)


def test_learning_beats_the_patterns_where_people_speak_their_own_way() -> None:
    """Nobody's patterns know what "gone woozy" and "gimme" mean here."""
    texts = [f"the {thing} has gone woozy" for thing in ("lid", "strap", "zip", "pump", "lamp", "hinge")]
    asked = [f"gimme {thing} in teal" for thing in ("a lid", "the strap", "a zip", "one pump", "a lamp", "the hinge")]
    talk = [f"we walked {where} together" for where in ("home", "to town", "along the river", "back", "up", "there")]
    judge = judging.Judge(learned.fit(texts + asked + talk, ["problem"] * 6 + ["idea"] * 6 + ["other"] * 6))
    unseen = ["my bag has gone woozy", "gimme the bag in teal", "we walked with the bag together"]
    assert [kinds.KINDS[int(row[:2].argmax())] for row in judge.probabilities(unseen)[:2]] == ["problem", "idea"]
    assert (judge.probabilities(unseen)[[0, 1], [1, 0]] > JUDGE.probabilities(unseen)[[0, 1], [1, 0]] + 0.2).all()


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="Two different texts"):
        learned.fit(["a", "a", "b", "c"], ["idea", "idea", "problem", "other"])


def test_what_was_learned_is_the_same_after_packing() -> None:
    texts = [text for text, _ in TALK[::4]]
    labels = [kind if kind in ("idea", "problem") else "other" for _, kind in TALK[::4]]
    made, again = learned.fit(texts, labels), learned.fit(texts, labels)
    assert made.version == again.version
    packed = learned.unpack(made.pack())
    assert packed.version == made.version
    assert np.array_equal(packed.probabilities(texts), made.probabilities(texts))


def test_the_script_makes_numbers_that_are_used_and_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"text": text, "label": LABELS.get(kind, "other")} for text, kind in TALK]
    half = [rows[0::2], rows[1::2]]
    for name, some in zip(("cap_vlc", "cap_other"), half, strict=True):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, some)) + "\n", encoding="utf-8")
    numbers = tmp_path / "kinds.npz"
    assert train.main([str(tmp_path)], into=numbers) == 0
    made = numbers.read_bytes()
    assert train.main([str(tmp_path)], into=numbers) == 0
    card = numbers.with_suffix(".md").read_text(encoding="utf-8")
    assert "RE 2019; CC BY" in card
    assert "not known to the script" in card
    assert not any(text in card or text.encode() in made for text, _ in TALK)

    monkeypatch.setattr(judging, "NUMBERS", numbers)
    judging.shipped.cache_clear()
    try:
        judge = kinds.load()
        assert judge.version in {line.split("`")[1] for line in card.splitlines() if line.startswith("Version")}
        found = likeliest(judge, [text for text, _ in TALK])
        assert np.mean([f == kind for f, (_, kind) in zip(found, TALK, strict=True)]) >= 0.9
    finally:
        monkeypatch.undo()
        judging.shipped.cache_clear()


def test_a_folder_without_data_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main([str(tmp_path)], into=tmp_path / "kinds.npz") == 2
    assert "cap_*.jsonl" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_a_benchmark_asks() -> None:
    texts = [text for text, _ in TALK]
    predict = bench.capture(texts, [LABELS.get(kind, "other") for _, kind in TALK])
    found = predict(["The app crashes", "Please add a handle", "good morning", "Die App stürzt immer ab"])
    assert [max(row, key=lambda label: row[label]) for row in found] == ["bug", "idea", "other", "other"]
    assert all(sum(row.values()) == pytest.approx(1, abs=1e-6) for row in found)


WOOZY = [f"the {thing} has gone all woozy" for thing in ("lid", "strap", "zip", "pump", "lamp", "hinge", "tap", "box")]
CHATTER = [f"we walked {where} together" for where in ("home", "there", "back", "up", "out", "along", "north", "on")]


def corrections(count: int) -> dict[str, Any]:
    texts = [(WOOZY if number % 2 else CHATTER)[number // 2 % 8] + f", {number}" for number in range(count)]
    said = ["problem" if number % 2 else "nothing" for number in range(count)]
    return {"texts": texts, "kinds": said, "message_ids": list(range(100, 100 + count))}


def test_corrections_make_a_better_judge_and_leave_the_rest_as_it_was() -> None:
    now = kinds.load()
    refit = kinds.refit(now, **corrections(64))
    assert refit is not None
    assert refit.is_better
    assert refit.fitted + refit.held_out == 64
    better = kinds.load(refit.packed)
    assert better.version == refit.version != now.version
    assert likeliest(better, ["my chair has gone all woozy"]) == ["problem"]
    elsewhere = ["The app crashes", "Please add a handle", "I love the scent"]
    assert likeliest(better, elsewhere) == likeliest(now, elsewhere)
    assert not (kinds.refit(better, **corrections(64)) or refit).is_better, "the second time there is nothing to gain"


def test_corrections_that_contradict_each_other_change_nothing() -> None:
    told = corrections(64)
    told["kinds"] = ["problem" if number * 7 % 11 < 5 else "nothing" for number in range(64)]
    refit = kinds.refit(kinds.load(), **told)
    assert refit is not None
    assert not refit.is_better


def test_few_corrections_tell_nothing() -> None:
    assert kinds.refit(kinds.load(), **corrections(12)) is None


def test_who_is_held_out_stays_so() -> None:
    shares = [is_held_out(number) for number in range(4_000)]
    assert 0.2 < np.mean(shares) < 0.3
    assert shares[:3] == [is_held_out(0), is_held_out(1), is_held_out(2)]


def test_many_corrections_are_fitted_within_a_lease() -> None:
    """A step that is too long would make the numbers run away."""
    base = JUDGE.probabilities(["the same"] * 300)
    made = own.fit(base, ["the same"] * 300, [1] * 300, None)
    assert np.isfinite(made.weights).all()
    assert own.unpack(made.pack()).version == made.version
    assert judging.Judge(None, made).probabilities(["the same"])[0, 1] > 0.9
