"""What GitHub tells, and how it signs: `X-Hub-Signature-256` over the body as it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from werkzeug.datastructures import Headers

from feedback import work
from feedback.work import Fact, Hint, Moved, Told
from handlers.webhooks import board
from handlers.webhooks.payload import NotNeeded, Odd, Part
from handlers.webhooks.signing import is_hmac

SOURCE = "github"
ISSUE_ENDS = {"not_planned": "Not planned", "duplicate": "Duplicate"}
"""GitHub's reasons for closing an issue that is not done, and the word for it."""
ISSUE_ACTS = (
    "opened",
    "edited",
    "closed",
    "reopened",
    "assigned",
    "unassigned",
    "milestoned",
    "demilestoned",
    "transferred",
    "deleted",
)
PULL_REQUEST_ACTS = ("opened", "edited", "closed", "reopened", "ready_for_review", "converted_to_draft")
MILESTONE_ACTS = ("created", "opened", "edited", "closed", "deleted")


def is_signed(secret: str, body: bytes, headers: Headers, now: datetime) -> bool:
    return is_hmac(secret, body, headers.get("X-Hub-Signature-256", ""), prefix="sha256=")


def delivery(payload: Part, headers: Headers) -> str:
    return headers.get("X-GitHub-Delivery", "")


def event(payload: Part, headers: Headers) -> str:
    return f"{headers.get('X-GitHub-Event', '')} {payload.words('action')}".strip()


def read(payload: Part, headers: Headers, now: datetime) -> Sequence[Told]:
    name = headers.get("X-GitHub-Event", "")
    if not name:
        raise Odd("The header X-GitHub-Event")
    if name == "ping":
        raise NotNeeded("GitHub reaches us, and the secret fits.")
    reader = READERS.get(name)
    if reader is None:
        raise NotNeeded("Nothing is read from events of this kind.")
    return reader(payload)


def _repository(payload: Part) -> str:
    return payload.part("repository").name("full_name").lower()


def _issues(payload: Part) -> Sequence[Told]:
    action = _one_of(payload, ISSUE_ACTS)
    issue, repository = payload.part("issue"), _repository(payload)
    if action == "transferred":
        return _transferred(payload, issue, repository)
    if action != "deleted":
        return [_issue(issue, repository, action)]
    if issue.words("state") == "closed":
        raise NotNeeded("It was closed before it was deleted.")
    return [_issue_as(issue, repository, "not_planned", "Deleted", issue.at("updated_at"))]


def _issue(issue: Part, repository: str, action: str) -> Fact:
    if issue.words("state") == "closed":
        reason = issue.words("state_reason")
        ended = "not_planned" if reason in ISSUE_ENDS else "done"
        return _issue_as(issue, repository, ended, ISSUE_ENDS.get(reason, "Closed"), issue.at("closed_at"))
    at = issue.at("updated_at")
    if issue.has("assignees") or issue.has("assignee"):
        # The only sign that plain issues have of somebody being at it. Whatever else happens to them later has no word
        # for where they stand, because a board may say more.
        is_said = action in ("opened", "assigned", "reopened")
        return _issue_as(issue, repository, "started", "Assigned" if is_said else "", at)
    return _issue_as(issue, repository, "open", "Open" if action in ("reopened", "unassigned") else "", at)


def _issue_as(issue: Part, repository: str, state: str, status: str, at: datetime) -> Fact:
    return Fact(
        source=SOURCE,
        kind="issue",
        key=f"{repository}#{issue.number('number')}",
        state=state,
        at=at,
        status=status,
        ref=issue.id("node_id"),
        title=issue.title("title"),
        text=issue.words("body"),
        url=issue.link("html_url"),
        part_of=_part_of(issue, repository),
    )


def _part_of(work_item: Part, repository: str) -> str | None:
    milestone = work_item.maybe("milestone")
    return f"{repository}%{milestone.number('number')}" if milestone else None


def _transferred(payload: Part, issue: Part, repository: str) -> Sequence[Told]:
    changes = payload.part("changes")
    there, new = changes.part("new_repository").name("full_name").lower(), changes.part("new_issue")
    moved = _issue(new, there, "edited")
    return [Moved(SOURCE, f"{repository}#{issue.number('number')}", moved.key), moved]


def _pull_request(payload: Part) -> Sequence[Told]:
    """Finished when it is merged into the default branch. One that was merged elsewhere is on its way; one that was
    closed unmerged was given up."""
    _one_of(payload, PULL_REQUEST_ACTS)
    pull, repository = payload.part("pull_request"), _repository(payload)
    branch = pull.part("base").name("ref")
    is_default = branch == payload.part("repository").name("default_branch")
    state, status, at = "started", "Draft" if pull.is_true("draft") else "Open", pull.at("updated_at")
    if pull.is_true("merged"):
        state, status = ("done", "Merged") if is_default else ("started", f"Merged into {branch}")
        at = pull.at("merged_at", "closed_at")
    elif pull.words("state") == "closed":
        state, status, at = "not_planned", "Closed", pull.at("closed_at")
    said = f"{pull.words('title')}\n\n{pull.words('body')}"
    return [
        Fact(
            source=SOURCE,
            kind="pull_request",
            key=f"{repository}#{pull.number('number')}",
            state=state,
            at=at,
            status=status,
            ref=pull.id("node_id"),
            title=pull.title("title"),
            text=pull.words("body"),
            url=pull.link("html_url"),
            part_of=_part_of(pull, repository),
            closes=work.closes(said, dialect=SOURCE, repository=repository) if is_default else (),
        )
    ]


def _release(payload: Part) -> Sequence[Told]:
    _one_of(payload, ("published", "released"))
    release, repository = payload.part("release"), _repository(payload)
    if release.is_true("draft") or release.is_true("prerelease"):
        raise NotNeeded("A draft or a preview is not out yet.")
    tag = release.name("tag_name")
    return [
        Fact(
            source=SOURCE,
            kind="release",
            key=f"{repository}@{tag.lower()}",
            state="done",
            at=release.at("published_at", "created_at"),
            status="Published",
            ref=release.id("node_id"),
            title=release.title("name") or tag,
            text=release.words("body"),
            url=release.link("html_url"),
            closes=work.named(release.words("body"), repository=repository),
        )
    ]


def _milestone(payload: Part) -> Sequence[Told]:
    action = _one_of(payload, MILESTONE_ACTS)
    milestone, repository = payload.part("milestone"), _repository(payload)
    is_closed = milestone.words("state") == "closed"
    if action == "deleted" and is_closed:
        raise NotNeeded("It was closed before it was deleted.")
    state, status, at = "open", "Open", milestone.at("updated_at", "created_at")
    if is_closed:
        state, status, at = "done", "Closed", milestone.at("closed_at", "updated_at")
    elif action == "deleted":
        state, status = "not_planned", "Deleted"
    return [
        Fact(
            source=SOURCE,
            kind="milestone",
            key=f"{repository}%{milestone.number('number')}",
            state=state,
            at=at,
            status=status,
            ref=milestone.id("node_id"),
            title=milestone.title("title"),
            text=milestone.words("description"),
            url=milestone.link("html_url"),
        )
    ]


def _project_item(payload: Part) -> Sequence[Told]:
    """A card that was moved on a board. It names the issue only by GitHub's own name for it."""
    _one_of(payload, ("edited",))
    item, changed = payload.part("projects_v2_item"), payload.part("changes").maybe("field_value")
    to = changed.maybe("to") if changed and changed.words("field_type") == "single_select" else None
    if changed is None or to is None or changed.words("field_name").casefold() != "status":
        raise NotNeeded("It does not say that a card’s status changed, and to what.")
    status = to.title("name")
    return [
        Hint(
            source=SOURCE,
            at=item.at("updated_at"),
            ref=item.name("content_node_id"),
            state=board.state_of(status),
            status=status,
        )
    ]


def _push(payload: Part) -> Sequence[Told]:
    """GitHub closes what commits to the default branch say that they fix, also in repositories that tell us nothing."""
    repository = payload.part("repository")
    if payload.words("ref") != f"refs/heads/{repository.name('default_branch')}":
        raise NotNeeded("It is not to the default branch.")
    said = "\n\n".join(commit.words("message") for commit in payload.parts("commits"))
    keys = work.closes(said, dialect=SOURCE, repository=_repository(payload))
    if not keys:
        raise NotNeeded("Its commits say of nothing that they close it.")
    at = repository.at("pushed_at")
    return [Hint(source=SOURCE, at=at, key=key, state="done", status="Closed by a commit") for key in keys]


def _one_of(payload: Part, acts: Sequence[str]) -> str:
    action = payload.words("action")
    if not action:
        raise Odd("action")
    if action not in acts:
        raise NotNeeded("It changes nothing that is read here.")
    return action


READERS: dict[str, Callable[[Part], Sequence[Told]]] = {
    "issues": _issues,
    "pull_request": _pull_request,
    "release": _release,
    "milestone": _milestone,
    "projects_v2_item": _project_item,
    "push": _push,
}
