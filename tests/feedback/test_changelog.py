"""Changelogs of both dialects, and such as nobody can read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedback.changes import changelog
from feedback.errors import Refused
from feedback.settings import ROOT

SAMPLES = ROOT.parent / "shared" / "contracts" / "importexport"
BY_HAND = """# Changelog
All notable changes.

## [Unreleased]
### Added
- Dark mode (#12, thanks @dana)

## [1.1.0] - 2026-02-01
### Changed
- Refill size for the balm,
  for half the price. Closes #34
- Refill size for the balm, for half the price. Closes #34
### Fixed
* Cap no longer cracks, see [the note](https://brand.test/cap)

```
## [9.9.9] - 2026-01-01
- An example
```

## v1.0.1 (2026-01-02) [YANKED]
Security only.

## 1.0.0 - Aurora
<!-- ## [0.0.1] -->

[1.1.0]: https://github.com/brand/app/compare/v1.0.1...v1.1.0
"""
BY_A_TOOL = """# Changelog

## [5.8.0](https://github.com/brand/app/compare/app-v5.7.0...app-v5.8.0) (2026-02-27)


### Features

* rename `CART` to `OPEN` ([389b231](https://github.com/brand/app/commit/389b231))

### [5.7.1](https://gitlab.com/brand/sub/app/-/compare/v5.7.0...v5.7.1) (2026-02-26)
"""


def read_sample(name: str) -> list[changelog.Version]:
    path: Path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    return changelog.read(path.read_text(encoding="utf-8"))


def test_one_that_is_kept_by_hand() -> None:
    unreleased, newest, yanked, first = changelog.read(BY_HAND)
    assert (unreleased.name, unreleased.is_out, unreleased.entries[0].text) == (
        "Unreleased",
        False,
        "Dark mode (#12, thanks @dana)",
    )
    assert (newest.name, newest.on, newest.is_out) == ("1.1.0", date(2026, 2, 1), True)
    assert newest.url == "https://github.com/brand/app/compare/v1.0.1...v1.1.0"
    assert [(entry.section, entry.text) for entry in newest.entries] == [
        ("Changed", "Refill size for the balm, for half the price. Closes #34"),
        ("Fixed", "Cap no longer cracks, see [the note](https://brand.test/cap)"),
    ]
    assert newest.entries[1].plain == "Cap no longer cracks, see the note"
    assert (yanked.name, yanked.on, yanked.is_yanked, yanked.is_out) == ("v1.0.1", date(2026, 1, 2), True, False)
    assert [entry.text for entry in yanked.entries] == ["Security only."]
    assert (first.name, first.on, first.entries) == ("1.0.0", None, ())


def test_one_that_a_tool_writes() -> None:
    newest, patch = changelog.read(BY_A_TOOL)
    assert (newest.name, newest.on) == ("5.8.0", date(2026, 2, 27))
    assert newest.url == "https://github.com/brand/app/compare/app-v5.7.0...app-v5.8.0"
    assert newest.entries == (
        changelog.Entry("Features", "rename `CART` to `OPEN` ([389b231](https://github.com/brand/app/commit/389b231))"),
    )
    assert (patch.name, patch.on) == ("5.7.1", date(2026, 2, 26))


def test_the_samples_of_both_dialects() -> None:
    by_hand = read_sample("CHANGELOG.keepachangelog.sample.md")
    assert [(each.name, each.is_out) for each in by_hand] == [
        ("Unreleased", False),
        ("1.1.0", True),
        ("1.0.1", False),
        ("1.0.0", True),
    ]
    by_a_tool = read_sample("CHANGELOG.release-please.tremendous-python.md")
    assert (by_a_tool[0].name, by_a_tool[0].on) == ("5.8.0", date(2026, 2, 27))
    assert all(each.on and each.entries and each.url for each in by_a_tool[:10])


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("", "Paste a changelog"),
        ("# Changelog\n\nNothing yet", "No version was found"),
        ("## [1.0.0] - 2026-13-01\n- A", "Line 1: “2026-13-01”, behind 1.0.0, is no date"),
        ("# C\n\n## 1.0.0 (27.02.2026)\n- A", "Line 3: “27.02.2026”"),
        ("## 1.0.0 2026-1-1\n", "is no date"),
        ("x" * 300_001, "at most 300,000 characters"),
    ],
)
def test_what_cannot_be_read_is_said_below_the_field(text: str, say: str) -> None:
    with pytest.raises(Refused, match=say) as refused:
        changelog.read(text)
    assert refused.value.field == "text"


@pytest.mark.parametrize("piece", ["# ", "## 1.1-", "a/", "[x", "\n", "- ", "`", "<!--", "[a]: "])
def test_odd_text_takes_no_longer_than_other_text(piece: str) -> None:
    assert changelog.read("## 1.0.0\n" + piece * 40_000)[0].name == "1.0.0"
