"""The figures in docs/understanding.md: how well the grouping finds what belongs together, and what it costs.

    make bench      # after the replay; by itself: OMP_NUM_THREADS=1 .venv/bin/python -m tests.understanding

Everything stands beside a baseline in the same run: word counts (TF-IDF, 100 dimensions) in scikit-learn's own average
linkage with a fixed cut. Labelled sets of others' sentences are read in place where they are, and nothing is said of
them where they are not. CPU seconds are of one thread; memory is the peak of a fresh process.
"""

from __future__ import annotations

import multiprocessing
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import metrics
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from feedback.clustering import Corpus, Rows, bench, cluster, kinds
from feedback.clustering.parameters import MINILM, SEED
from feedback.settings import ROOT
from playground import community
from tests.feedback.clustering.sentences import COFFEE, CYCLING
from tests.feedback.clustering.shipped import COFFEE_SHIPPED, CYCLING_SHIPPED

PAGE = ROOT / "docs" / "understanding.md"
SHARED = ROOT.parent / "shared"
FIXED_CUT = 0.15
"""Of the baseline: the mean cosine that its groups have to exceed."""
SIZES = (1_000, 10_000, 100_000)
BASELINE_LARGEST = 10_000
"""The baseline's memory grows with the square."""
DIMENSIONS = 384

Labels = Sequence[Any]


def main() -> None:
    parts = [INTRODUCTION, _themes(), _duplicates(), _answers(), _kinds(), _names(), _scale(), _labelled()]
    PAGE.write_text("\n".join(parts).rstrip() + "\n")
    print(PAGE.read_text())


INTRODUCTION = """# What the grouping understands, and what it costs

Made by `make bench`, or by itself with `OMP_NUM_THREADS=1 .venv/bin/python -m tests.understanding`. Each row stands
beside a baseline in the same run: word counts (TF-IDF, 100 dimensions) in scikit-learn's average linkage with a fixed
cut. AMI, ARI and B³ F compare found themes with those made by hand; 1 is the same, and 0 (of the first two) is chance.
The sentences were written for this project, so they show that it works, not how well it works on a community's own
words.
"""


def _themes() -> str:
    sets = {"a coffee brand": _gold(COFFEE), "a cycling app": _gold(CYCLING), "the playground's community": _talk()}
    ways = {"minilm": bench.themes_minilm, "static": bench.themes_static, "baseline": _baseline_themes}
    for themes in ways.values():
        themes(["warm", "cold"])  # loading what it needs is not what is measured
    rows: list[tuple[str, ...]] = []
    for name, (texts, gold) in sets.items():
        for way, themes in ways.items():
            seconds, labels = _timed(partial(themes, texts))
            rows.append((f"{name}, {len(texts)} texts", way, *_agreement(gold, labels), f"{seconds:.2f}"))
    return _table("Themes", ("texts", "way", "AMI", "ARI", "B³ F", "themes (by hand)", "CPU s"), rows)


def _gold(groups: dict[str, list[str]]) -> tuple[list[str], Labels]:
    pairs = [(text, group) for group, texts in groups.items() for text in texts]
    return [text for text, _ in pairs], [group for _, group in pairs]


def _talk() -> tuple[list[str], Labels]:
    """What people of the playground need, by the need that each message was made from."""
    told = [each for each in community.generate(seed=7, weeks=3, messages_a_week=1100) if each.get("need")]
    return [each["text"] for each in told], [each["need"] for each in told]


def _baseline_themes(texts: Sequence[str]) -> list[int]:
    rows = _word_counts(texts)
    groups = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - FIXED_CUT
    )
    labels: list[int] = groups.fit_predict(rows).tolist()
    return labels


def _word_counts(texts: Sequence[str]) -> Any:
    found = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words=None).fit_transform(texts)
    if min(found.shape) > 100:
        found = TruncatedSVD(100, random_state=0).fit_transform(found)
    return normalize(found if isinstance(found, np.ndarray) else found.toarray())


def _agreement(gold: Labels, labels: Labels) -> tuple[str, str, str, str]:
    by_hand, found = (np.unique(np.array(each), return_inverse=True)[1] for each in (gold, labels))
    return (
        f"{metrics.adjusted_mutual_info_score(by_hand, found):.3f}",
        f"{metrics.adjusted_rand_score(by_hand, found):.3f}",
        f"{_b_cubed(by_hand.tolist(), found.tolist()):.3f}",
        f"{found.max() + 1} ({by_hand.max() + 1})",
    )


def _b_cubed(by_hand: list[int], found: list[int]) -> float:
    """F of B-cubed precision and recall (Bagga and Baldwin 1998)."""
    both, hand_sizes, sizes = Counter(zip(by_hand, found, strict=True)), Counter(by_hand), Counter(found)
    precision = sum(n * n / sizes[group] for (_, group), n in both.items()) / len(found)
    recall = sum(n * n / hand_sizes[label] for (label, _), n in both.items()) / len(found)
    return 2 * precision * recall / (precision + recall)


def _duplicates() -> str:
    """How often one of the same group is among the five closest, where the group has another."""
    brands = {"coffee": COFFEE, "cycling": CYCLING}
    texts, gold = _gold({f"{brand}: {name}": of for brand, all_of in brands.items() for name, of in all_of.items()})
    asked = [row for row, label in enumerate(gold) if gold.count(label) > 1]
    ways: dict[str, Callable[[Sequence[str]], Callable[[Sequence[int]], Any]]] = {
        "minilm": bench.duplicates_minilm,
        "static": bench.duplicates_static,
        "baseline": _baseline_duplicates,
    }
    rows = []
    for way, index in ways.items():
        scores = np.array(index(texts)(asked), dtype=float)
        scores[np.arange(len(asked)), asked] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")
        hits = [[gold[other] == gold[row] for other in order[n]] for n, row in enumerate(asked)]
        rows.append((way, *(f"{np.mean([any(hit[:k]) for hit in hits]):.3f}" for k in (1, 5))))
    return _table(f"Others who say the same ({len(asked)} asked, among {len(texts)})", ("way", "R@1", "R@5"), rows)


def _baseline_duplicates(texts: Sequence[str]) -> Callable[[Sequence[int]], Any]:
    rows = _word_counts(texts)
    return lambda asked: rows[list(asked)] @ rows.T


def _answers() -> str:
    """Of the ideas that a shipped change is said to answer, how many it does; and of those that it does, how many are
    found. A change that answers nothing of it should find nothing."""
    brands = ((COFFEE, COFFEE_SHIPPED), (CYCLING, CYCLING_SHIPPED))
    ways: dict[str, Callable[[Sequence[str], Sequence[str]], list[list[int]]]] = {
        "minilm": bench.answers_minilm,
        "static": bench.answers_static,
        "baseline": _baseline_answers,
    }
    rows = []
    for way, answers in ways.items():
        right = said = wanted = idle = 0
        for groups, shipped in brands:
            texts, gold = _gold(groups)
            for (_, answered), found in zip(shipped, answers(texts, [change for change, _ in shipped]), strict=True):
                right += sum(gold[row] in answered for row in found)
                said += len(found)
                wanted += sum(group in answered for group in gold)
                idle += bool(found) and not answered
        rows.append((way, f"{right / said:.3f}", f"{right / wanted:.3f}", said, idle))
    count, strangers = (sum(len(of) for _, of in brands), sum(not each for _, of in brands for _, each in of))
    title = f"Which ideas a change answers ({count} changes, {strangers} of which answer none)"
    return _table(title, ("way", "precision", "recall", "said", "of those that answer none"), rows)


def _baseline_answers(texts: Sequence[str], changes: Sequence[str]) -> list[list[int]]:
    rows = _word_counts([*texts, *changes])
    cosines = rows[len(texts) :] @ rows[: len(texts)].T
    return [np.flatnonzero(each > FIXED_CUT).tolist() for each in cosines]


def _kinds() -> str:
    """Every third need of the playground's community is judged by what was learned from the others."""
    told = community.generate(seed=7, weeks=1, messages_a_week=1100)
    texts = [each["text"] for each in told]
    gold = [{"problem": "bug", "idea": "idea"}.get(each["kind"], "other") for each in told]
    needs = [each.get("need") or str(number) for number, each in enumerate(told)]
    fold = {need: number % 3 for number, need in enumerate(sorted(set(needs)))}
    ways = {"learned": bench.capture, "baseline": _baseline_capture}
    found: dict[str, list[dict[str, float]]] = {way: [{} for _ in texts] for way in ways}
    for turn in range(3):
        test = [row for row, need in enumerate(needs) if fold[need] == turn]
        train = [row for row, need in enumerate(needs) if fold[need] != turn]
        for way, fit in ways.items():
            predict = fit([texts[row] for row in train], [gold[row] for row in train])
            for row, shares in zip(test, predict([texts[row] for row in test]), strict=True):
                found[way][row] = shares
    judge = kinds.load()
    five = judge.probabilities(texts)
    found["as shipped"] = [{"idea": row[0], "bug": row[1], "other": row[2:].sum()} for row in five]
    rows = [(way, *_accuracy(gold, found[way])) for way in ("as shipped", "learned", "baseline")]
    title = f"What holds feedback ({len(texts):,} messages of the playground's community)"
    note = f"\nShipped is `{judge.version}`. What is learned is judged on needs that it was not learned from.\n"
    return _table(title, ("way", "macro-F1", "problem F1", "idea F1", "Brier (0 is best)"), rows) + note


def _accuracy(gold: Sequence[str], found: Sequence[dict[str, float]]) -> tuple[str, ...]:
    names = ["bug", "idea", "other"]
    shares = np.array([[each[name] for name in names] for each in found])
    truth = np.array([names.index(label) for label in gold])
    f1 = metrics.f1_score(truth, shares.argmax(axis=1), average=None, labels=[0, 1, 2])
    brier = ((shares - np.eye(3)[truth]) ** 2).sum(axis=1).mean()
    return tuple(f"{each:.3f}" for each in (f1.mean(), f1[0], f1[1], brier))


def _baseline_capture(texts: Sequence[str], labels: Sequence[str]) -> bench.Predict:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LogisticRegression(max_iter=1000, class_weight="balanced").fit(words.fit_transform(texts), labels)

    def predict(texts: Sequence[str]) -> list[dict[str, float]]:
        shares = model.predict_proba(words.transform(texts))
        return [dict(zip(model.classes_, map(float, row), strict=True)) for row in shares]

    return predict


def _names() -> str:
    groups = [texts for brand in (COFFEE, CYCLING) for texts in brand.values() if len(texts) > 1]
    bench.names(groups[:2])
    seconds, found = _timed(lambda: bench.names(groups))
    rows = [("names, and what people also call it", len(found), f"{1000 * seconds / len(found):.1f}")]
    examples = "\n".join(f"- {name}" for name in found[:8])
    return _table("Names", ("", "themes", "CPU ms a theme"), rows) + f"\nThe first eight:\n\n{examples}\n"


def _scale() -> str:
    rows = []
    for size in SIZES:
        seconds, gigabytes, themes = _apart(_grouping, size)
        rows.append((f"{size:,} texts grouped, vectors kept", f"{seconds:.2f} s", f"{gigabytes:.2f}", f"{themes:,}"))
        if size <= BASELINE_LARGEST:
            seconds, gigabytes, themes = _apart(_baseline_grouping, size)
            rows.append(
                (f"… by the baseline's linkage, {size:,}", f"{seconds:.2f} s", f"{gigabytes:.2f}", f"{themes:,}")
            )
        if size > SIZES[0]:
            seconds, gigabytes, _ = _apart(_placing, size)
            rows.append((f"one placed among {size:,}", f"{1000 * seconds:.2f} ms", f"{gigabytes:.2f}", ""))
    return _table("At size (made-up vectors, uneven themes)", ("", "CPU", "GB", "themes"), rows)


def _apart(measure: Callable[[int], tuple[float, float, int]], size: int) -> tuple[float, float, int]:
    """In a fresh process, so that each has its own peak of memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, size).result()


def _grouping(size: int) -> tuple[float, float, int]:
    rows = _made_up(size)
    seconds, labels = _timed(lambda: cluster(rows, MINILM, seed=SEED))
    return seconds, _gigabytes(), len(set(labels))


def _baseline_grouping(size: int) -> tuple[float, float, int]:
    rows = _made_up(size)
    groups = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=0.5)
    seconds, labels = _timed(lambda: groups.fit_predict(rows).tolist())
    return seconds, _gigabytes(), len(set(labels))


def _placing(size: int) -> tuple[float, float, int]:
    rows = _made_up(size)
    themes = (np.arange(size) // 20).tolist()
    corpus = Corpus(rows, MINILM)
    seconds, _ = _timed(lambda: [corpus.place(rows[row], themes) for row in range(0, size, size // 100)])
    return seconds / 100, _gigabytes(), 0


def _made_up(size: int) -> Rows:
    """Unit vectors about as near to each other as sentences are: themes whose sizes fall like 1/rank, and one text in
    seven that belongs to none."""
    random = np.random.default_rng(3)
    count = size // 8
    shares = 1 / np.arange(1, count + 1)
    theme = random.choice(count, size, p=shares / shares.sum())
    middles = random.standard_normal((count, DIMENSIONS), dtype=np.float32)
    rows = middles[theme] * (random.random(size) > 1 / 7)[:, None].astype(np.float32)
    rows += np.float32(0.9) * random.standard_normal((size, DIMENSIONS), dtype=np.float32)
    found: Rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def _gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _labelled() -> str:
    """What the benchmark beside the project says of the labelled sets, if both are here."""
    script, data = SHARED / "bench" / "text_bench.py", SHARED / "data"
    if not script.exists() or not list(data.glob("*77.jsonl")):
        return "## Labelled sets\n\nThey were not on the machine that made this page.\n"
    asked = defaultdict[str, list[str]](list)
    for what, functions in {
        "themes": ("bench:themes_minilm", "bench:themes_static"),
        "stability": ("bench:themes_minilm",),
        "names": ("bench:names",),
        "capture": ("bench:capture",),
        "duplicates": ("bench:duplicates_minilm", "bench:duplicates_static"),
    }.items():
        asked[what] += [f"feedback.clustering.{function}" for function in functions]
    asked["themes"].append("tests.understanding:_baseline_themes")
    asked["duplicates"].append("tests.understanding:_baseline_duplicates")
    asked["capture"].append("tests.understanding:_baseline_capture")
    said = [f"### {what}: {function}\n\n{_asked(script, what, function)}" for what in asked for function in asked[what]]
    return "## Labelled sets\n\n" + "\n\n".join(said) + "\n"


def _asked(script: Path, what: str, function: str) -> str:
    done = subprocess.run(
        [sys.executable, script, what, function], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return f"    {done.stdout.rstrip()}".replace("\n", "\n    ")


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = act()
    return time.process_time() - start, found


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return f"## {title}\n\n" + "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
