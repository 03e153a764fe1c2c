"""The tracker's state in memory, with every change written through to the store, and each act told to the hook.

Used in one event loop only, which is why nothing here locks.
"""

from typing import TYPE_CHECKING

from playground.records import Doc
from playground.tracker import checks
from playground.tracker.errors import not_found
from playground.tracker.hooks import Hooks
from playground.tracker.records import Comment, Issue, Milestone, Release
from playground.tracker.shapes import Shapes
from playground.tracker.times import moment

if TYPE_CHECKING:
    from playground.site import Site


class Tracker:
    """Issues and pull requests by number, comments, milestones and releases. ``user`` is who acts: a login."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self.issues: dict[int, Issue] = {}
        self.comments: dict[int, Comment] = {}
        self.milestones: dict[int, Milestone] = {}
        self.releases: dict[int, Release] = {}
        self.hooks = Hooks(site)
        self._read_store()

    def _read_store(self) -> None:
        """Find what an earlier start left."""
        store = self._site.store
        issues = [Issue(**document) for _, document in store.all("tracker_issue")]
        self.issues = {one.number: one for one in sorted(issues, key=lambda one: one.number)}
        comments = [Comment(**document) for _, document in store.all("tracker_comment")]
        self.comments = {one.id: one for one in sorted(comments, key=lambda one: one.id)}
        milestones = [Milestone(**document) for _, document in store.all("tracker_milestone")]
        self.milestones = {one.number: one for one in sorted(milestones, key=lambda one: one.number)}
        releases = [Release(**document) for _, document in store.all("tracker_release")]
        self.releases = {one.id: one for one in sorted(releases, key=lambda one: one.id)}

    def clear(self) -> None:
        """Forget everything; the store is empty by then."""
        self.hooks.clear()
        self._read_store()

    @property
    def shapes(self) -> Shapes:
        """Answer the forms in which records go out, with the address of now."""
        return Shapes(self._site.url)

    # looking

    def issue(self, number: int) -> Issue:
        """Answer an issue or a pull request. Refuses what is not there."""
        if number not in self.issues:
            raise not_found()
        return self.issues[number]

    def milestone(self, number: int) -> Milestone:
        """Answer a milestone. Refuses what is not there."""
        if number not in self.milestones:
            raise not_found()
        return self.milestones[number]

    def comments_of(self, issue: Issue) -> list[Comment]:
        """Answer the comments on an issue, oldest first."""
        return [one for one in self.comments.values() if one.issue == issue.number]

    def issue_json(self, issue: Issue) -> Doc:
        """Answer an issue in GitHub's form."""
        return self.shapes.issue(issue, self._milestone_of(issue))

    def pull_json(self, pull: Issue) -> Doc:
        """Answer a pull request in GitHub's form."""
        return self.shapes.pull_request(pull, self._milestone_of(pull), self._open_count())

    def milestone_json(self, milestone: Milestone) -> Doc:
        """Answer a milestone in GitHub's form."""
        states = [one.state for one in self.issues.values() if one.milestone == milestone.number]
        return self.shapes.milestone(milestone, states.count("open"), states.count("closed"))

    def repository_json(self) -> Doc:
        """Answer the repository in GitHub's form."""
        return self.shapes.repository(self._open_count())

    def _open_count(self) -> int:
        """Answer how many issues are open."""
        return sum(one.state == "open" for one in self.issues.values())

    def _milestone_of(self, issue: Issue) -> Doc | None:
        """Answer the milestone that an issue belongs to, in GitHub's form."""
        return None if issue.milestone is None else self.milestone_json(self.milestones[issue.milestone])

    # acting

    def open(self, asked: Doc, user: str) -> Issue:
        """Open an issue: {title, body, labels, assignees, milestone}."""
        facts = checks.issue(asked, is_new=True, milestones=self.milestones)
        now = self._now()
        made = Issue(self._next_number(), user=user, created_at=now, updated_at=now, **facts)
        self._keep_issue(made)
        self._tell("issues", "opened", user, {"issue": self.issue_json(made)})
        return made

    def change(self, issue: Issue, asked: Doc, user: str) -> None:
        """Change what is asked for (as open, and {state, state_reason}), and tell each thing that is news of it."""
        facts = checks.issue(asked, is_new=False, milestones=self.milestones)
        before = dict(vars(issue))
        state = facts.pop("state", issue.state)
        reason = facts.pop("state_reason", None)
        for name, value in facts.items():
            setattr(issue, name, value)
        if state != issue.state:
            issue.state, issue.closed_at = state, self._now() if state == "closed" else None
            issue.state_reason = "reopened" if state == "open" else reason or "completed"
        if vars(issue) != before:
            issue.updated_at = self._now()
            self._keep_issue(issue)
            self._tell_changes(issue, before, user)

    def _tell_changes(self, issue: Issue, before: Doc, user: str) -> None:
        """Tell what is other than before, each in GitHub's word for it."""
        doc = {"issue": self.issue_json(issue)}
        texts = {name: {"from": before[name]} for name in ("title", "body") if getattr(issue, name) != before[name]}
        if texts:
            self._tell("issues", "edited", user, doc | {"changes": texts})
        for login in _only(issue.assignees, before["assignees"]):
            self._tell("issues", "assigned", user, doc | {"assignee": self.shapes.user(login)})
        for login in _only(before["assignees"], issue.assignees):
            self._tell("issues", "unassigned", user, doc | {"assignee": self.shapes.user(login)})
        for name in _only(issue.labels, before["labels"]):
            self._tell("issues", "labeled", user, doc | {"label": self.shapes.label(name)})
        for name in _only(before["labels"], issue.labels):
            self._tell("issues", "unlabeled", user, doc | {"label": self.shapes.label(name)})
        if issue.milestone != before["milestone"]:
            number = before["milestone"] if issue.milestone is None else issue.milestone
            word = "demilestoned" if issue.milestone is None else "milestoned"
            self._tell("issues", word, user, doc | {"milestone": self.milestone_json(self.milestones[number])})
        if issue.state != before["state"]:
            self._tell("issues", "closed" if issue.state == "closed" else "reopened", user, doc)

    def comment(self, issue: Issue, asked: Doc, user: str) -> Comment:
        """Write {body} below an issue."""
        body = checks.comment(asked)
        made = Comment(max(self.comments, default=0) + 1, issue.number, user, body, self._now())
        self.comments[made.id] = made
        self._site.store.put("tracker_comment", str(made.id), vars(made))
        issue.comments, issue.updated_at = issue.comments + 1, made.created_at
        self._keep_issue(issue)
        docs = {"issue": self.issue_json(issue), "comment": self.shapes.comment(made, issue)}
        self._tell("issue_comment", "created", user, docs)
        return made

    def merge(self, asked: Doc, user: str) -> Issue:
        """Merge a new pull request {title, body} into the default branch; it closes the issues that its body names."""
        facts = checks.pull_request(asked)
        now = self._now()
        made = Issue(self._next_number(), user=user, created_at=now, updated_at=now, is_pull=True, **facts)
        made.state, made.closed_at = "closed", now
        self._keep_issue(made)
        self._tell("pull_request", "closed", user, {"number": made.number, "pull_request": self.pull_json(made)})
        for number in checks.closed_by(made.body):
            if number in self.issues:
                self.change(self.issues[number], {"state": "closed", "state_reason": "completed"}, user)
        return made

    def publish(self, asked: Doc, user: str) -> Release:
        """Publish a release {tag_name, name, body, draft, prerelease}; a draft is kept and told to nobody."""
        facts = checks.release(asked, tags={one.tag for one in self.releases.values()})
        now, is_draft = self._now(), facts.pop("draft")
        number = max(self.releases, default=0) + 1
        made = Release(number, user=user, created_at=now, published_at=None if is_draft else now, **facts)
        self.releases[number] = made
        self._site.store.put("tracker_release", str(number), vars(made))
        if not is_draft:
            # GitHub tells of one release twice: as published, and, unless it is a trial, as released.
            for word in ["published"] if made.prerelease else ["published", "released"]:
                self._tell("release", word, user, {"release": self.shapes.release(made)})
        return made

    def open_milestone(self, asked: Doc, user: str) -> Milestone:
        """Open a milestone: {title, description}."""
        facts, now = checks.milestone(asked), self._now()
        made = Milestone(max(self.milestones, default=0) + 1, user=user, created_at=now, updated_at=now, **facts)
        self._keep_milestone(made)
        self._tell("milestone", "created", user, {"milestone": self.milestone_json(made)})
        return made

    def close_milestone(self, milestone: Milestone, user: str) -> None:
        """Close a milestone; one that is closed is no news. Its issues stay as they are."""
        if milestone.state == "open":
            now = self._now()
            milestone.state, milestone.closed_at, milestone.updated_at = "closed", now, now
            self._keep_milestone(milestone)
            self._tell("milestone", "closed", user, {"milestone": self.milestone_json(milestone)})

    def _tell(self, event: str, action: str, user: str, docs: Doc) -> None:
        """Tell the hook of an act."""
        where = {"repository": self.repository_json(), "sender": self.shapes.user(user)}
        self.hooks.tell(event, {"action": action} | docs | where)

    def _now(self) -> str:
        """Answer the clock's time in GitHub's form."""
        return moment(self._site.clock())

    def _next_number(self) -> int:
        """Answer the number of a new issue or pull request."""
        return max(self.issues, default=0) + 1

    def _keep_issue(self, issue: Issue) -> None:
        """Keep a new or changed issue."""
        self.issues[issue.number] = issue
        self._site.store.put("tracker_issue", str(issue.number), vars(issue))

    def _keep_milestone(self, milestone: Milestone) -> None:
        """Keep a new or changed milestone."""
        self.milestones[milestone.number] = milestone
        self._site.store.put("tracker_milestone", str(milestone.number), vars(milestone))


def _only(these: list[str], others: list[str]) -> list[str]:
    """Answer what is in these and not in the others."""
    return [one for one in these if one not in others]
