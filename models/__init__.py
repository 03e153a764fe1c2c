"""Tables: columns, constraints, relationships. No queries, no rules."""

from models.audit import Audit
from models.base import Base
from models.changes import Change, ChangeIdea
from models.digests import Digest
from models.hooks import HookSecret
from models.ideas import Idea, IdeaMerge, Likeness, SamePair, Vote
from models.judgements import Judgement, Refit
from models.loop import (
    Announcement,
    Answer,
    Appeal,
    Notice,
    NoticePost,
    Rehearsal,
    Reminder,
    Reply,
    Stop,
    Template,
)
from models.members import Absence, Member, SignInLink, WebSession
from models.messages import Message, Reaction
from models.outbox import Inbox, Outbox, Pace, Tick
from models.promises import Promise
from models.rewards import Approval, LedgerTransaction, Payout, Posting, Reward
from models.themes import TextVector, Theme, ThemeEvent, ThemeProposal, ThemeQuestion, ThemeReading
from models.work import (
    ProposedAnswer,
    ProposedChange,
    RepositoryReading,
    TrackerAccount,
    WorkItem,
    WorkLink,
    WorkOrder,
    WorkRules,
)
from models.workspaces import Channel, Workspace

__all__ = [
    "Absence",
    "Announcement",
    "Answer",
    "Appeal",
    "Approval",
    "Audit",
    "Base",
    "Change",
    "ChangeIdea",
    "Channel",
    "Digest",
    "HookSecret",
    "Idea",
    "IdeaMerge",
    "Inbox",
    "Judgement",
    "LedgerTransaction",
    "Likeness",
    "Member",
    "Message",
    "Notice",
    "NoticePost",
    "Outbox",
    "Pace",
    "Payout",
    "Posting",
    "Promise",
    "ProposedAnswer",
    "ProposedChange",
    "Reaction",
    "Refit",
    "Rehearsal",
    "Reminder",
    "Reply",
    "RepositoryReading",
    "Reward",
    "SamePair",
    "SignInLink",
    "Stop",
    "Template",
    "TextVector",
    "Theme",
    "ThemeEvent",
    "ThemeProposal",
    "ThemeQuestion",
    "ThemeReading",
    "Tick",
    "TrackerAccount",
    "Vote",
    "WebSession",
    "WorkItem",
    "WorkLink",
    "WorkOrder",
    "WorkRules",
    "Workspace",
]
