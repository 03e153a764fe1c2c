"""What the tracker holds. Every field is plain JSON, so that a record is stored as it stands; times are GitHub's."""

from dataclasses import dataclass, field

OWNER, NAME = "demo", "shop"
REPOSITORY = f"{OWNER}/{NAME}"
BRANCH = "main"
APP = "roundtrip"  # who acts with the token
TEAM = "cy"  # who acts on the pages
LOGINS = {TEAM: 101, APP: 102, OWNER: 100}
IN_PROGRESS = "in progress"


@dataclass
class Issue:
    """An issue, or a merged pull request: they share their numbers. ``state_reason`` is completed, not_planned,
    duplicate or reopened."""

    number: int
    title: str
    body: str
    user: str
    created_at: str
    updated_at: str
    state: str = "open"
    state_reason: str | None = None
    closed_at: str | None = None
    assignees: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    milestone: int | None = None
    comments: int = 0
    is_pull: bool = False


@dataclass
class Comment:
    """What somebody wrote below an issue."""

    id: int
    issue: int
    user: str
    body: str
    created_at: str


@dataclass
class Milestone:
    """A milestone; which issues belong to it stands in them."""

    number: int
    title: str
    description: str
    user: str
    created_at: str
    updated_at: str
    state: str = "open"
    closed_at: str | None = None


@dataclass
class Release:
    """A release. A draft has no ``published_at``."""

    id: int
    tag: str
    name: str
    body: str
    user: str
    created_at: str
    published_at: str | None
    prerelease: bool = False


@dataclass
class Delivery:
    """One attempt to tell the hook's address of an act. A redelivery is a new one with the same ``guid`` and body.

    ``status`` is HTTP's; 0 means that no answer came, and ``reason`` says why; None that it is under way.
    """

    id: int
    guid: str
    event: str
    action: str
    body: str
    at: str
    redelivery: bool = False
    status: int | None = None
    reason: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Say whether the address took it."""
        return self.status is not None and 200 <= self.status < 300
