"""Rules about the code that no linter knows: what is declared in one place is what happens in the other."""

from __future__ import annotations

import ast
import importlib
import inspect as inspect_source
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import yaml
from alembic import command
from slack_bolt import App
from sqlalchemy import inspect

import handlers.slack
from feedback import settings as configuration
from feedback.database import connect
from feedback.hub import Hub
from feedback.settings import ROOT
from handlers.web import create_app
from jobs import outbox as relay
from models import migrations
from tests.conftest import make_settings

SOURCES = ("feedback", "handlers", "jobs", "models", "playground", "tests")

SCOPES_OF_EVENT = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "channel_archive": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
SCOPES_OF_METHOD = {
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    # Receipts and notices are looked for where they were posted: in channels of both kinds, and in DMs.
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
"""What docs.slack.dev asks for. The manifest's schema knows neither, so a misspelt name is found only here."""


@dataclass
class Registered:
    """Stands in for Bolt's App, and only remembers."""

    events: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    shortcuts: set[str] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)
    count: int = 0

    def event(self, what: str | dict[str, str]) -> Callable[[object], None]:
        return self._into(self.events, what if isinstance(what, str) else what["type"])

    def action(self, action_id: str) -> Callable[[object], None]:
        return self._into(self.actions, action_id)

    def view(self, callback_id: str) -> Callable[[object], None]:
        return self._into(self.views, callback_id)

    def shortcut(self, callback_id: str) -> Callable[[object], None]:
        return self._into(self.shortcuts, callback_id)

    def command(self, name: str) -> Callable[[object], None]:
        return self._into(self.commands, name)

    def _into(self, held: set[str], name: str) -> Callable[[object], None]:
        def remember(listener: object) -> None:
            assert callable(listener)
            held.add(name)
            self.count += 1

        return remember


@pytest.fixture(scope="module")
def registered() -> Registered:
    """What all files of handlers/slack register, whether or not somebody calls them."""
    found = Registered()
    for module in pkgutil.iter_modules(handlers.slack.__path__):
        word = importlib.import_module(f"handlers.slack.{module.name}")
        if hasattr(word, "register"):
            word.register(cast(App, found))
    return found


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return found


def events_of(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def test_everything_that_can_be_registered_is(registered: Registered, hub: Hub) -> None:
    """A file with a register() that nobody calls would be silent."""
    assert len(handlers.slack.build(hub)._listeners) == registered.count


def test_the_manifest_subscribes_to_what_somebody_listens_to(manifest: dict[str, Any], registered: Registered) -> None:
    """An event that nobody takes is answered 404, which Slack counts as a failure."""
    assert {event.partition(".")[0] for event in events_of(manifest)} == registered.events


def test_the_manifest_offers_the_shortcuts_and_commands_that_are_answered(
    manifest: dict[str, Any], registered: Registered
) -> None:
    features = manifest["features"]
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == registered.shortcuts
    assert {slash["command"] for slash in features["slash_commands"]} == registered.commands
    assert features["app_home"]["home_tab_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_the_manifest_asks_for_the_scopes_that_are_used_and_for_no_others(manifest: dict[str, Any]) -> None:
    needed = {"commands"}  # shortcuts and slash commands
    for event in events_of(manifest):
        needed |= SCOPES_OF_EVENT[event]
    methods = set(_called_methods())
    assert {"chat.postMessage", "views.open"} <= methods
    for method in methods:
        needed |= SCOPES_OF_METHOD[method]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_names_in_the_manifest_fit(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert all(len(item["name"]) <= 24 and len(item["description"]) <= 150 for item in features["shortcuts"])
    assert all(len(item["command"]) <= 32 for item in features["slash_commands"])


def test_every_button_and_form_that_we_show_is_answered(registered: Registered) -> None:
    """And no listener waits for something that is never shown."""
    shown = list(_calls_of_blocks())
    buttons = {_constant(call.args[1]) for call in shown if _name(call) == "button"}
    menus = {_constant(value) for value in _literal_action_ids()}
    forms = {_constant(call.args[0]) for call in shown if _name(call) == "modal" and _is_sent(call)}
    assert buttons | menus == registered.actions
    assert forms == registered.views


def test_every_page_names_who_may_see_it(hub: Hub) -> None:
    app = create_app(hub, handlers.slack.build(hub))
    open_to_all = [name for name, view in app.view_functions.items() if not hasattr(view, "who")]
    assert open_to_all == ["static"]
    assert len(app.view_functions) > 30


def test_migrations_make_what_the_models_say_and_lead_back(on_both: str) -> None:
    engine = connect(on_both)
    assert migrations.is_current(engine)
    migrations.check(engine)
    command.downgrade(migrations.config(engine), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    migrations.check(engine)
    engine.dispose()


TO_CUSTOMERS = {
    "appeal.heard": "they asked again for it",
    "home.publish": "they opened it",
    "idea.receipt": "they said it, or it was kept for them",
    "idea.receipt_refresh": "they said it",
    "loop.digest": "they raised or backed it, and wait for it",
    "loop.announcement": "people there raised it, and the team wants a note about it",
    "loop.announcement_refresh": "they read it, and whom it may name has changed",
    "loop.notice": "they raised or backed it",
    "loop.notice_refresh": "they were told",
    "loop.post": "they raised it, or wrote below it",
    "loop.post_refresh": "they were told",
    "loop.reminder": "they were told, and have not answered",
    "loop.reminder_refresh": "they were asked",
    "message.ask": "they said it",
    "reward.expiring": "it is theirs, and soon worth nothing",
    "reward.gift": "it is theirs",
    "reward.thanks": "they helped, and somebody confirmed it",
    "reward.gift_again": "they, or a manager for them, asked for it once more",
    "reward.returned": "it was theirs",
}
"""All that customers are ever sent, and what of theirs it answers. There is no news that nobody asked for: whoever adds
a line here says what it is an answer to."""
TO_THE_TEAM = {
    "card.replaced",
    "idea.card",
    "idea.card_refresh",
    "loop.alert",
    "loop.rehearsal",
    "loop.week",
    "promise.ask",
    "promise.remind",
    "promise.remind_refresh",
    "reward.answered",
    "reward.card",
    "reward.card_refresh",
    "reward.question",
    "reward.held",
    "theme.map",
    "theme.waiting",
}
SENDING = re.compile(r"\b(?:_?[Pp]ost|Whisper|Publish|Update|_?shown_anew)\(")


def test_customers_are_sent_only_what_answers_something_of_theirs() -> None:
    sends = {kind for kind, plan in relay.PLANS.items() if SENDING.search(inspect_source.getsource(plan))}
    assert sends == TO_CUSTOMERS.keys() | TO_THE_TEAM
    assert not TO_CUSTOMERS.keys() & TO_THE_TEAM


WEB = (
    "from feedback import settings\n"
    "from handlers import slack\n"
    "from handlers.web import create_app\n"
    "hub = app.wire(settings.read())\n"
    "create_app(hub, slack.build(hub))\n"
)
WORKER = "from jobs import worker\n"


@pytest.mark.parametrize(("program", "needs"), [(WEB, {"flask", "slack_bolt"}), (WORKER, {"rq"})])
def test_only_the_worker_that_groups_loads_the_grouping(sqlite_database: str, program: str, needs: set[str]) -> None:
    """It takes seconds to load, and a hundred megabytes. Nobody who waits for an answer from Slack needs it."""
    shows = "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    facts = {"DATABASE_URL": sqlite_database, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "DEMO": ""}
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys, app\n{program}{shows}"],
        cwd=ROOT,
        env=configuration.child_environment(**facts, SECRET_KEY="k" * 32),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert needs <= loaded
    assert not loaded & {"sklearn", "scipy", "numpy", "onnxruntime", "tokenizers", "playground"}


def test_no_file_is_a_drawer_for_everything() -> None:
    found = [path for path in _files() if path.stem in ("utils", "util", "helpers", "common", "core", "misc")]
    assert found == []


def test_the_readme_tells_of_every_setting_what_the_code_does() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([A-Z_]+)` \| (.*) \| (?:`([^`]*)`)? \|$", readme, re.MULTILINE)
    assert told == [(name, meaning, default) for name, meaning, default, _ in configuration.table(make_settings())]


def _files() -> Iterator[Any]:
    for folder in SOURCES:
        yield from (ROOT / folder).rglob("*.*")


def _called_methods() -> Iterator[str]:
    """Web API methods by their names in the provider, and as calls of Bolt's client in the listeners."""
    provider = (ROOT / "feedback/providers/slack.py").read_text(encoding="utf-8")
    yield from re.findall(r'"((?:auth|chat|conversations|reactions|team|users|views)\.[\w.]+)"', provider)
    for path in (ROOT / "handlers/slack").glob("*.py"):
        for call in re.findall(r"\bclient\.([a-z]+_\w+)\(", path.read_text(encoding="utf-8")):
            yield call.replace("_", ".", 1)


def _trees() -> Iterator[ast.Module]:
    """What we say in Slack is made in feedback/blocks; a few refusals are put into a plain modal at the edge."""
    for folder in ("feedback/blocks", "handlers/slack"):
        for path in sorted((ROOT / folder).glob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _calls_of_blocks() -> Iterator[ast.Call]:
    for tree in _trees():
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1)


def _literal_action_ids() -> Iterator[ast.expr]:
    """Of elements that are written out; an input's is its block's name, and nobody listens to inputs."""
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    is_ours = isinstance(key, ast.Constant) and key.value == "action_id"
                    if is_ours and isinstance(value, ast.Constant):
                        yield value


def _is_sent(call: ast.Call) -> bool:
    """Slack tells of a modal only where it has a button to send it."""
    return any(keyword.arg == "submit" for keyword in call.keywords)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _constant(value: ast.expr) -> str:
    assert isinstance(value, ast.Constant), f"line {value.lineno}: an id is written out, so that it can be found"
    assert isinstance(value.value, str)
    return value.value
