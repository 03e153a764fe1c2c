"""What a tracker tells of one piece of work, whichever tracker it is and however it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SOURCES = ("github", "gitlab", "linear", "jira")
KINDS = ("issue", "pull_request", "milestone", "release")
STATES = ("open", "started", "done", "not_planned")
UNFINISHED = ("open", "started")


@dataclass(frozen=True)
class Fact:
    source: str
    kind: str
    key: str
    """As models.WorkItem has it."""
    state: str
    """One of STATES. done: it was finished, merged, released, and not only put away."""
    at: datetime
    """When it came to this state, as the tracker says; aware."""
    status: str = ""
    """The tracker's own word for where it stands ("In Review"), where it has one."""
    ref: str = ""
    """As models.WorkItem has it."""
    title: str = ""
    text: str = ""
    """Its description or its notes, plain or in Markdown."""
    url: str = ""
    part_of: str | None = None
    """The key of its milestone."""
    closes: tuple[str, ...] | None = None
    """The keys of the work that this says it finishes: closing words of a pull request, what a release's notes name.
    None: it does not speak of that, and what was known of it stands."""
