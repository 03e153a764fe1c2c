"""Tables: columns, constraints, relationships. No queries, no rules."""

from models.audit import Audit, Seal
from models.base import Base
from models.changes import Change, ChangeIdea
from models.digests import Digest
from models.earning import RewardPot, RewardRule, Score
from models.hooks import HookSecret
from models.ideas import Idea, IdeaMerge, Likeness, SamePair, Vote
from models.judgements import Judgement, Refit
from models.ledger import Budget, LedgerTransaction, Posting
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
from models.members import Absence, Member, MemberLink, SignInLink, WebSession
from models.messages import Message, Reaction
from models.outbox import Inbox, Outbox, Pace, Tick
from models.payouts import Discrepancy, GiftCode, Payout, PayoutProduct, TaxLine
from models.promises import Promise
from models.rewards import Approval, Hold, Reward, RewardQuestion, Vouch
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
    "Budget",
    "Change",
    "ChangeIdea",
    "Channel",
    "Digest",
    "Discrepancy",
    "GiftCode",
    "Hold",
    "HookSecret",
    "Idea",
    "IdeaMerge",
    "Inbox",
    "Judgement",
    "LedgerTransaction",
    "Likeness",
    "Member",
    "MemberLink",
    "Message",
    "Notice",
    "NoticePost",
    "Outbox",
    "Pace",
    "Payout",
    "PayoutProduct",
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
    "RewardPot",
    "RewardQuestion",
    "RewardRule",
    "SamePair",
    "Score",
    "Seal",
    "SignInLink",
    "Stop",
    "TaxLine",
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
    "Vouch",
    "WebSession",
    "WorkItem",
    "WorkLink",
    "WorkOrder",
    "WorkRules",
    "Workspace",
]
