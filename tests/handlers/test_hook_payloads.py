"""What each tracker's own words come to."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import Headers

from feedback.hub import Hub
from handlers.webhooks import github as github_hook
from handlers.webhooks.payload import Part
from tests.handlers import trackers
from tests.handlers.trackers import Trackers, closed, issue, jira, linear, open_for, pull, repository

HERE = {"repository": repository()}


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    return open_for(hub)


def tell(desk: Trackers, action: str, facts: dict[str, Any], **more: Any) -> Any:
    answer = desk.send("github", {"action": action, "issue": facts, **HERE, **more}, event="issues")
    assert answer.status_code == 200, answer.json
    return answer.json


def stands(desk: Trackers, key: str = "brand/app#7") -> tuple[str, str]:
    item = desk.works()[key]
    return item.state, item.status


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("completed", ("done", "Closed")),
        (None, ("done", "Closed")),
        ("not_planned", ("not_planned", "Not planned")),
        ("duplicate", ("not_planned", "Duplicate")),
    ],
)
def test_an_issue_is_closed_for_a_reason(desk: Trackers, reason: str | None, state: tuple[str, str]) -> None:
    assert tell(desk, "opened", issue()) == {"taken": 1}
    assert tell(desk, "closed", closed(reason=reason)) == {"taken": 1}
    assert stands(desk) == state
    assert tell(desk, "reopened", issue(updated_at="2026-11-01T13:00:00Z")) == {"taken": 1}
    assert stands(desk) == ("open", "Open")
    assert tell(desk, "closed", closed(reason=reason)) == {"taken": 0}, "it is older"


def test_a_new_title_takes_nothing_back(desk: Trackers) -> None:
    tell(desk, "opened", issue())
    tell(desk, "assigned", issue(assignees=[{"login": "cy"}], updated_at="2026-11-01T11:00:00Z"))
    assert stands(desk) == ("started", "Assigned")
    assert tell(desk, "edited", issue(title="Refills, big", updated_at="2026-11-01T11:30:00Z")) == {"taken": 0}
    assert stands(desk) == ("started", "Assigned")
    assert desk.works()["brand/app#7"].title == "Refills, big"
    tell(desk, "milestoned", issue(milestone={"number": 3}, updated_at="2026-11-01T11:40:00Z"))
    assert desk.works()["brand/app#7"].part_of == "brand/app%3"
    tell(desk, "unassigned", issue(updated_at="2026-11-01T11:50:00Z"))
    assert stands(desk) == ("open", "Open")


def test_somebody_who_leaves_it_to_the_others_takes_nothing_back(desk: Trackers) -> None:
    both = [{"login": "cy"}, {"login": "bo"}]
    tell(desk, "milestoned", issue(assignees=both, milestone={"number": 3}))
    assert stands(desk) == ("started", ""), "what tells of it first may be told of last"
    tell(desk, "assigned", issue(assignees=both, updated_at="2026-11-01T11:00:00Z"))
    tell(desk, "unassigned", issue(assignees=both[:1], updated_at="2026-11-01T11:10:00Z"))
    assert stands(desk) == ("started", "Assigned")
    tell(desk, "unassigned", issue(updated_at="2026-11-01T11:20:00Z"))
    assert stands(desk) == ("open", "Open")


def test_what_is_deleted_is_put_away_unless_it_was_done(desk: Trackers) -> None:
    tell(desk, "opened", issue())
    tell(desk, "deleted", issue())
    assert stands(desk) == ("not_planned", "Deleted")
    tell(desk, "closed", closed(8))
    assert "ignored" in tell(desk, "deleted", closed(8))
    assert stands(desk, "brand/app#8") == ("done", "Closed")


def test_an_issue_that_is_transferred_keeps_its_row(desk: Trackers) -> None:
    tell(desk, "opened", issue())
    row_id = desk.works()["brand/app#7"].id
    to = {"new_repository": repository("Brand/Site"), "new_issue": issue(3, title="Refills there")}
    tell(desk, "transferred", issue(), changes=to)
    assert [(item.key, item.id, item.title) for item in desk.works().values()] == [
        ("brand/site#3", row_id, "Refills there")
    ]


def test_what_moves_to_a_name_that_is_known_leaves_both(desk: Trackers) -> None:
    tell(desk, "opened", issue())
    tell(desk, "opened", issue(3, title="Refills there"), repository=repository("Brand/Site"))
    to = {"new_repository": repository("Brand/Site"), "new_issue": issue(3)}
    tell(desk, "transferred", issue(), changes=to)
    assert list(desk.works()) == ["brand/app#7", "brand/site#3"]


def told_of(desk: Trackers, event: str, **facts: Any) -> Any:
    answer = desk.send("github", {**HERE, **facts}, event=event)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_pull_request_is_done_when_it_is_merged_into_the_default_branch(desk: Trackers) -> None:
    key = "brand/app#9"
    merged: dict[str, Any] = {"merged": True, "merged_at": "2026-11-01T12:00:00Z", "state": "closed"}
    told_of(desk, "pull_request", action="opened", pull_request=pull(draft=True))
    assert stands(desk, key) == ("started", "Draft")
    told_of(desk, "pull_request", action="closed", pull_request=pull(**merged, base={"ref": "release-1"}))
    assert stands(desk, key) == ("started", "Merged into release-1")
    told_of(desk, "pull_request", action="closed", pull_request=pull(**merged))
    assert stands(desk, key) == ("done", "Merged")
    told_of(
        desk, "pull_request", action="closed", pull_request=pull(10, state="closed", closed_at="2026-11-01T12:00:00Z")
    )
    assert stands(desk, "brand/app#10") == ("not_planned", "Closed")
    assert "ignored" in told_of(desk, "pull_request", action="synchronize", pull_request=pull())


def test_a_preview_is_no_release(desk: Trackers) -> None:
    release = {"tag_name": "V1.2", "name": None, "body": "#7", "published_at": "2026-11-01T12:00:00Z"}
    for kind in ("draft", "prerelease"):
        assert "ignored" in told_of(desk, "release", action="published", release={**release, kind: True})
    assert told_of(desk, "release", action="published", release=release) == {"taken": 1}
    item = desk.works()["brand/app@v1.2"]
    assert (item.kind, item.state, item.title) == ("release", "done", "V1.2")


CARD = {"content_node_id": "I_7", "updated_at": "2026-11-01T12:00:00Z"}


def move(desk: Trackers, status: str, **card: Any) -> Any:
    to = {"field_type": "single_select", "field_name": "Status", "to": {"name": status}}
    return told_of(
        desk, "projects_v2_item", action="edited", projects_v2_item={**CARD, **card}, changes={"field_value": to}
    )


def test_a_card_that_is_moved_tells_of_the_issue_that_we_know(desk: Trackers) -> None:
    assert move(desk, "In Progress") == {"taken": 0}, "nobody told us of that issue"
    tell(desk, "opened", issue(milestone={"number": 3}))
    assert move(desk, "👀 In Progress") == {"taken": 1}
    assert stands(desk) == ("started", "👀 In Progress")
    assert desk.works()["brand/app#7"].part_of == "brand/app%3"
    move(desk, "Waiting for Bo", updated_at="2026-11-01T12:30:00Z")
    assert stands(desk) == ("started", "Waiting for Bo"), "a team's own word leaves the state"
    assert move(desk, "Done", updated_at="2026-11-01T13:00:00Z") == {"taken": 1}
    assert move(desk, "Backlog", updated_at="2026-11-01T14:00:00Z") == {"taken": 0}, "only GitHub reopens"
    assert stands(desk) == ("done", "Done")


def test_commits_to_the_default_branch_close_what_we_know(desk: Trackers) -> None:
    tell(desk, "opened", issue())
    here = {"repository": {**repository(), "pushed_at": 1793620800}}
    commits = [{"message": "Fixes #7"}, {"message": "Closes #8"}]
    assert "ignored" in told_of(desk, "push", ref="refs/heads/other", commits=commits, **here)
    assert told_of(desk, "push", ref="refs/heads/main", commits=commits, **here) == {"taken": 1}
    assert stands(desk) == ("done", "Closed by a commit")
    assert list(desk.works()) == ["brand/app#7"]


def test_what_is_missing_is_named(desk: Trackers) -> None:
    for facts, say in (
        ({"action": "closed", **HERE}, "issue is missing"),
        ({"action": "closed", "issue": closed(at="never"), **HERE}, "issue.closed_at is missing"),
        ({"action": "closed", "issue": closed(number="7"), **HERE}, "issue.number is missing"),
        ({"action": "closed", "issue": closed()}, "repository is missing"),
        ({"issue": closed(), **HERE}, "action is missing"),
    ):
        answer = desk.send("github", facts, event="issues")
        assert (answer.status_code, answer.json) == (400, {"error": f"{say}, or is not what it should be."})
    assert desk.send("github", {}).status_code == 400


GITLAB = {"path_with_namespace": "Brand/App", "default_branch": "main", "web_url": "https://gitlab.com/brand/app"}
AT = {"updated_at": "2026-11-01 12:00:00 UTC"}


def gitlab(desk: Trackers, kind: str, *, about: dict[str, Any] | None = None, **more: Any) -> Any:
    facts = {"object_kind": kind, "project": GITLAB, **more}
    answer = desk.send("gitlab", {**facts, "object_attributes": {**AT, **about}} if about else facts)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_gitlabs_issue_finds_its_milestone_by_gitlabs_own_name(desk: Trackers) -> None:
    milestone = {"id": 61, "iid": 10, "title": "Spring", "state": "active"}
    gitlab(desk, "milestone", action="create", about=milestone)
    gitlab(desk, "issue", about={"action": "open", "iid": 7, "id": 61, "title": "Refills", "milestone_id": 61})
    assert desk.works()["brand/app#7"].part_of == "brand/app%10"
    gitlab(desk, "issue", about={"action": "update", "iid": 7, "id": 61, "assignee_ids": [5], "milestone_id": None})
    assert stands(desk) == ("started", "Assigned")
    assert desk.works()["brand/app#7"].part_of is None
    gitlab(desk, "milestone", action="close", about={**milestone, "state": "closed"})
    assert stands(desk, "brand/app%10") == ("done", "Closed")
    assert desk.works()["brand/app%10"].url == "https://gitlab.com/brand/app/-/milestones/10"


def test_gitlabs_merge_request_and_what_is_not_needed(desk: Trackers) -> None:
    merge = {"iid": 9, "id": 90, "title": "Refills", "state": "merged", "action": "merge", "target_branch": "next"}
    gitlab(desk, "merge_request", about=merge)
    assert stands(desk, "brand/app!9") == ("started", "Merged into next")
    gitlab(desk, "merge_request", about={**merge, "target_branch": "main"})
    assert stands(desk, "brand/app!9") == ("done", "Merged")
    assert "ignored" in gitlab(desk, "release", action="create", tag="v2", released_at="2027-01-01 00:00:00 UTC")
    assert "ignored" in gitlab(desk, "issue", about={"action": "close", "iid": 8, "moved_to_id": 4})
    group = {"object_kind": "milestone", "project": None, "group": {"full_path": "Brand/All"}, "action": "close"}
    facts = {**group, "object_attributes": {**AT, "iid": 2, "id": 112, "title": "One", "state": "closed"}}
    assert desk.send("gitlab", facts).json == {"taken": 1}
    assert stands(desk, "brand/all%2") == ("done", "Closed")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("triage", "open"),
        ("backlog", "open"),
        ("unstarted", "open"),
        ("started", "started"),
        ("completed", "done"),
        ("canceled", "not_planned"),
    ],
)
def test_linears_kinds_of_status(desk: Trackers, kind: str, state: str) -> None:
    now = int(desk.hub.clock().timestamp() * 1000)
    assert desk.send("linear", linear(kind, sent_ms=now)).json == {"taken": 1}
    assert stands(desk, "eng-42") == (state, kind.title())


def test_linears_issue_that_changes_teams_keeps_its_row(desk: Trackers) -> None:
    now = int(desk.hub.clock().timestamp() * 1000)
    desk.send("linear", linear("started", sent_ms=now))
    moved = linear("started", sent_ms=now, identifier="APP-3", previousIdentifiers=["ENG-42"])
    desk.send("linear", {**moved, "updatedFrom": {"teamId": "t"}})
    assert list(desk.works()) == ["app-3"]
    removed = {**linear("started", sent_ms=now, identifier="APP-3"), "action": "remove"}
    desk.send("linear", removed)
    assert stands(desk, "app-3") == ("not_planned", "Deleted")
    assert desk.send("linear", {"type": "Comment", "action": "create", "webhookTimestamp": now}).status_code == 200


def test_jiras_resolution_decides_what_done_means(desk: Trackers) -> None:
    desk.send("jira", jira("indeterminate"))
    assert stands(desk, "eng-42") == ("started", "Indeterminate")
    desk.send("jira", jira("done", resolution={"name": "Done"}))
    assert stands(desk, "eng-42") == ("done", "Done")
    desk.send("jira", jira("done", resolution={"name": "Won't Do"}))
    assert stands(desk, "eng-42") == ("not_planned", "Won't Do")
    assert desk.works()["eng-42"].url == "https://brand.atlassian.net/browse/ENG-42"
    moved = {"items": [{"field": "Key", "fromString": "ENG-42", "toString": "APP-1"}]}
    facts = jira("new", updated="2026-11-01T13:00:00.000+0000")
    desk.send("jira", {**facts, "changelog": moved, "issue": {**facts["issue"], "key": "APP-1"}})
    assert list(desk.works()) == ["app-1"]


def test_jiras_version_is_learned_from_an_issue_and_released_by_its_number(desk: Trackers) -> None:
    version = {"id": "10000", "name": "1.2", "released": False}
    desk.send("jira", jira("new", fixVersions=[version]))
    assert desk.works()["eng-42"].part_of == "eng@1.2"
    event = {"webhookEvent": "jira:version_released", "timestamp": 1793620800000, "version": version}
    assert desk.send("jira", event).json == {"taken": 1}
    assert stands(desk, "eng@1.2") == ("done", "Released")
    assert desk.send("jira", {**event, "version": {"id": "7"}}).json == {"taken": 0}
    assert stands(desk, "eng-42") == ("open", "New")


def test_a_pull_request_closes_what_it_says_only_on_the_default_branch() -> None:
    headers = Headers({"X-GitHub-Event": "pull_request"})

    def told(**facts: Any) -> Any:
        merged = pull(merged=True, merged_at="2026-11-01T12:00:00Z", state="closed", **facts)
        return github_hook.read(
            Part({"action": "closed", "pull_request": merged, **HERE}), headers, trackers.moment(0)
        )[0]

    assert (told().state, told().closes) == ("done", ("brand/app#7", "brand/site#3"))
    elsewhere = told(base={"ref": "release-1"})
    assert (elsewhere.state, elsewhere.status, elsewhere.closes) == ("started", "Merged into release-1", ())
