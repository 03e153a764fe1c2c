"""Tables: columns, constraints, relationships. No queries, no rules."""

from models.audit import Audit
from models.base import Base
from models.changes import Change, ChangeIdea
from models.ideas import Idea, IdeaMerge, Likeness, SamePair, Vote
from models.judgements import Judgement, Refit
from models.loop import Answer, Appeal, Notice, Reminder
from models.members import Absence, Member, SignInLink, WebSession
from models.messages import Message, Reaction
from models.outbox import Inbox, Outbox, Pace, Tick
from models.promises import Promise
from models.rewards import Approval, LedgerTransaction, Payout, Posting, Reward
from models.themes import TextVector, Theme, ThemeEvent, ThemeProposal, ThemeQuestion, ThemeReading
from models.work import ProposedAnswer, ProposedChange, WorkItem, WorkLink
from models.workspaces import Channel, Workspace

__all__ = [
    "Absence",
    "Answer",
    "Appeal",
    "Approval",
    "Audit",
    "Base",
    "Change",
    "ChangeIdea",
    "Channel",
    "Idea",
    "IdeaMerge",
    "Inbox",
    "Judgement",
    "LedgerTransaction",
    "Likeness",
    "Member",
    "Message",
    "Notice",
    "Outbox",
    "Pace",
    "Payout",
    "Posting",
    "Promise",
    "ProposedAnswer",
    "ProposedChange",
    "Reaction",
    "Refit",
    "Reminder",
    "Reward",
    "SamePair",
    "SignInLink",
    "TextVector",
    "Theme",
    "ThemeEvent",
    "ThemeProposal",
    "ThemeQuestion",
    "ThemeReading",
    "Tick",
    "Vote",
    "WebSession",
    "WorkItem",
    "WorkLink",
    "Workspace",
]
