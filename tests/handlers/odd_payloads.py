"""Payloads as trackers send them, with something in them as no tracker would."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.handlers.trackers import closed, issue, jira, linear, pull, repository


def plain(source: str, now_ms: int) -> list[tuple[str, dict[str, Any]]]:
    """One of each kind that is read, with the event that GitHub would name in a header."""
    home = {"path_with_namespace": "brand/app", "default_branch": "main", "web_url": "https://gitlab.com/brand/app"}
    about = {"iid": 7, "id": 1, "title": "Refills", "state": "closed", "updated_at": "2026-11-01 12:00:00 UTC"}
    version = {"id": "5", "name": "1.2", "released": False}
    commits = [{"message": "Fixes #7"}]
    card = {"content_node_id": "I_7", "updated_at": "2026-11-01T12:00:00Z"}
    to = {"field_type": "single_select", "field_name": "Status", "to": {"name": "Done"}}
    release = {"tag_name": "v1", "name": "One", "body": "#7", "published_at": "2026-11-01T12:00:00Z"}
    milestone = {
        "number": 1,
        "title": "M",
        "state": "closed",
        "closed_at": "2026-11-01T12:00:00Z",
        "updated_at": "2026",
    }
    here: dict[str, Any] = {"repository": {**repository(), "pushed_at": 1793534400}}
    every: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "github": [
            ("issues", {"action": "closed", "issue": closed(milestone={"number": 1}), **here}),
            ("issues", {"action": "assigned", "issue": issue(assignees=[{"login": "cy"}]), **here}),
            ("pull_request", {"action": "opened", "pull_request": pull(), **here}),
            ("release", {"action": "published", "release": release, **here}),
            ("milestone", {"action": "closed", "milestone": milestone, **here}),
            ("projects_v2_item", {"action": "edited", "projects_v2_item": card, "changes": {"field_value": to}}),
            ("push", {"ref": "refs/heads/main", "commits": commits, **here}),
            ("issues", {"action": "transferred", "issue": issue(), **here, "changes": _to_site()}),
        ],
        "gitlab": [
            ("", {"object_kind": "issue", "project": home, "object_attributes": {**about, "action": "close"}}),
            (
                "",
                {
                    "object_kind": "merge_request",
                    "project": home,
                    "object_attributes": {**about, "action": "merge", "state": "merged", "target_branch": "main"},
                },
            ),
            (
                "",
                {
                    "object_kind": "release",
                    "action": "create",
                    "tag": "v1",
                    "released_at": "2026-01-01",
                    "project": home,
                },
            ),
            ("", {"object_kind": "milestone", "action": "close", "project": home, "object_attributes": about}),
            ("", {"object_kind": "push", "ref": "refs/heads/main", "project": home, "commits": commits}),
        ],
        "linear": [("", linear(sent_ms=now_ms))],
        "jira": [
            ("", jira(fixVersions=[version], resolution={"name": "Won't Do"})),
            ("", {"webhookEvent": "jira:version_released", "timestamp": 1793534400000, "version": version}),
        ],
    }
    return every[source]


def _to_site() -> dict[str, Any]:
    return {"new_repository": repository("Brand/Site"), "new_issue": issue(3)}


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["\x00", "\ud800", "x" * 3000, "9999-12-31T23:59:59-23:59", "0001-01-01", "2026-11-01", 10**40, -1]
    ),
    st.lists(st.integers(), max_size=2),
    st.lists(st.none() | st.dictionaries(st.text(max_size=3), st.none()), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


@st.composite
def odd(draw: st.DrawFn, facts: dict[str, Any]) -> dict[str, Any]:
    """The same with some of its values replaced or left out, however deep they stand."""
    changed: dict[str, Any] = json.loads(json.dumps(facts))
    for _ in range(draw(st.integers(1, 3))):
        inside = changed
        while True:
            name = draw(st.sampled_from(sorted(inside) or ["new"]))
            if isinstance(inside.get(name), dict) and draw(st.booleans()):
                inside = inside[name]
                continue
            if draw(st.booleans()):
                inside[name] = draw(VALUES)
            else:
                inside.pop(name, None)
            break
    return changed
