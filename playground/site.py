"""Everything a running playground consists of, in one place that every request is handed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playground import cast, manifest
from playground.delivery.deliveries import Deliveries
from playground.delivery.sockets import Sockets
from playground.faults import Faults
from playground.logs import Logs
from playground.modals import Modals
from playground.records import Channel
from playground.response_urls import ResponseUrls
from playground.sign_in import SignIns
from playground.store import Store
from playground.stream import Stream
from playground.tracker.tracker import Tracker
from playground.tremendous.book import Book
from playground.triggers import Triggers
from playground.web_api.pace import Pace
from playground.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Options:
    """How a playground is started. From request_url on it may be changed while it runs."""

    host: str = "127.0.0.1"
    port: int = 8090  # 0 = any free port
    store: Path | None = None  # sqlite3 file; None keeps everything in memory
    manifest: Path = REPOSITORY / "manifest.yml"
    signing_secret: str = "playground-signing-secret"
    bot_token: str = "xoxb-playground"
    app_token: str = "xapp-playground"
    client_id: str = "playground-client"
    client_secret: str = "playground-client-secret"
    payout_key: str = "payouts-playground"
    tracker_token: str = "tracker-playground"
    request_url: str | None = None  # where events, interactions and commands go; None = Socket Mode only
    posting_interval_seconds: float = 1.0  # between two posts of the app in one channel; 0 = any pace
    method_tiers: bool = False  # whether every method is held to its tier's calls a minute
    retry_after_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)  # Slack's schedule of redelivery
    ack_timeout_seconds: float = 3.0
    hook_url: str | None = None  # where the tracker tells of what happens in it; None = nowhere
    hook_secret: str = "playground-hook-secret"  # signs what it tells
    payout_hook_url: str | None = None  # where the gift service tells of its orders; None = nowhere
    payout_hook_key: str = "playground-payout-hook-key"  # signs what it tells
    # Told of each call of the gift service, as in ("POST /orders", "done"): arrived, done or answered. For tests that
    # let something happen in the midst of a call; it runs in the playground's thread, which waits for it.
    on_payout: Callable[[str, str], None] | None = None


@dataclass
class Settings:
    """What may be changed while the playground runs. Units as in Options."""

    request_url: str | None
    posting_interval_seconds: float
    method_tiers: bool
    retry_after_seconds: tuple[float, ...]
    ack_timeout_seconds: float


@dataclass
class Site:
    """A running workspace. ``clock`` gives the time of messages and events; signatures and time-outs use real time."""

    options: Options
    clock: Callable[[], float]
    url: str = ""
    started_at: float = field(default_factory=time.time)
    last_micros: int = 0

    def __post_init__(self) -> None:
        self.manifest = manifest.read(self.options.manifest)
        self.settings = Settings(
            request_url=self.options.request_url,
            posting_interval_seconds=self.options.posting_interval_seconds,
            method_tiers=self.options.method_tiers,
            retry_after_seconds=self.options.retry_after_seconds,
            ack_timeout_seconds=self.options.ack_timeout_seconds,
        )
        self.store = Store(self.options.store)
        self.workspace = Workspace(self.store)
        self.stream, self.faults, self.logs = Stream(), Faults(), Logs()
        self.triggers, self.modals, self.response_urls = Triggers(), Modals(), ResponseUrls()
        self.sign_ins = SignIns(self.store)
        self.sockets, self.pace = Sockets(self), Pace()
        self.deliveries, self.tracker, self.book = Deliveries(self), Tracker(self), Book(self)
        if not self.workspace.people:
            self.fill()

    def fill(self) -> None:
        """Put the first cast into an empty workspace."""
        cast.fill(self.workspace, bot_name=self.manifest.bot_name, now=self.clock())

    def next_ts(self, channel: Channel) -> str:
        """Answer a ts for a new message: the clock's time, a little later where it was given before, even if what it
        was given to is deleted."""
        micros = max(int(self.clock() * 1_000_000), self.last_micros + 1)
        whispers, said = self.workspace.ephemerals, channel.messages
        while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in said or ts in whispers:
            micros += 1
        self.last_micros = micros
        return ts

    def event_ts(self) -> str:
        """Answer the clock's time in the form of a ts."""
        return f"{self.clock():.6f}"

    def permalink(self, channel: Channel, ts: str, thread_ts: str | None = None) -> str:
        """Answer the address of a message on the page."""
        link = f"{self.url}/archives/{channel.id}/p{ts.replace('.', '')}"
        return f"{link}?thread_ts={thread_ts}&cid={channel.id}" if thread_ts else link

    def watch(self, call: str, stage: str) -> None:
        """Tell whoever watches how far a call of the gift service is."""
        if self.options.on_payout is not None:
            self.options.on_payout(call, stage)

    def reset(self) -> None:
        """Forget everything and begin with the first cast. Settings and faults stay, connected sockets too."""
        self.store.clear()
        self.workspace.clear()
        self.modals.clear()
        self.tracker.clear()
        self.book.clear()
        self.sign_ins.clear()
        self.logs.deliveries.clear()
        self.logs.calls.clear()
        self.pace = Pace()
        self.fill()
        self.stream.tell_all({"type": "reset"})

    def add_community(self) -> None:
        """Add the members of the invented community and the channels in which they talk."""
        cast.add_community(self.workspace, now=self.clock())
        self.stream.tell_all({"type": "reset"})
