"""What trackers send us, signed as each of them signs, with a secret that a manager made on the page."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from feedback import members, workspaces
from feedback.hub import Hub
from feedback.settings import ROOT
from handlers import slack
from handlers.web import create_app, pages
from models import HookSecret, Member, WorkItem
from tests.conftest import in_ci, who_am_i

CONTRACTS = ROOT.parent / "shared" / "contracts"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LINEAR_SECRET = "lin_wh_0123456789abcdef"
SOURCES = ("github", "gitlab", "linear", "jira")
HEADERS = {
    "github": "X-Hub-Signature-256",
    "gitlab": "X-Gitlab-Token",
    "linear": "Linear-Signature",
    "jira": "X-Hub-Signature",
}
"""What proves who they are."""


@dataclass
class Trackers:
    """All four of them, and the manager's browser. A secret is made when the first delivery needs one."""

    http: FlaskClient
    hub: Hub
    secrets: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def sign_in(self, slack_id: str) -> None:
        with self.hub.transaction() as tx:
            member = tx.scalars(select(Member).where(Member.slack_id == slack_id)).one()
            self.http.set_cookie(pages.COOKIE, members.begin_session(tx, member=member, now=self.hub.clock()))

    def page(self) -> str:
        return self.http.get("/settings/hooks").get_data(as_text=True)

    def press(self, path: str, **data: str) -> TestResponse:
        """As the page's form would send it."""
        page = self.page()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        nonce = re.search(r'name="nonce" value="([^"]+)"', page)
        assert found
        assert nonce
        return self.http.post(path, data={"nonce": nonce[1], **data, "csrf_token": found[1]})

    def connect(self, source: str, **data: str) -> str:
        """The secret that is shown then, or that was pasted."""
        if source == "linear":
            data.setdefault("secret", LINEAR_SECRET)
        answer = self.press("/settings/hooks", source=source, **data)
        shown = re.search(r'<textarea id="made"[^>]*>([^<]+)<', answer.get_data(as_text=True))
        secret = data.get("secret") or (shown[1] if shown else "")
        assert secret, answer.get_data(as_text=True)
        self.secrets[source] = secret
        return secret

    def send(
        self,
        source: str,
        payload: Any,
        *,
        event: str = "",
        delivery: str = "",
        secret: str | None = None,
        mimetype: str = JSON,
        **headers: str,
    ) -> TestResponse:
        """`payload`: bytes as they are, or facts. `secret`: other than the one in use, which is made first if there is
        none. `headers` win over ours; what stands as `_` in their names is a dash, and an empty one is left out."""
        self.sent += 1
        if secret is None and source not in self.secrets:
            self.connect(source)
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        key = self.secrets[source] if secret is None else secret
        given = {
            **signed(source, body, key, now=int(self.hub.clock().timestamp())),
            **named(source, delivery or f"delivery-{self.sent}", event),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        present = {name: value for name, value in given.items() if value}
        return self.http.post(f"/hooks/{source}", data=body, content_type=mimetype, headers=present)

    def works(self) -> dict[str, WorkItem]:
        with self.hub.reading() as tx:
            return {item.key: item for item in tx.scalars(select(WorkItem).order_by(WorkItem.id))}

    def kept(self) -> Sequence[HookSecret]:
        with self.hub.reading() as tx:
            return tx.scalars(select(HookSecret).order_by(HookSecret.id)).all()


def open_for(hub: Hub, who: str = "U0DI") -> Trackers:
    """With Di at the browser."""
    found = Trackers(FlaskClient(create_app(hub, slack.build(hub))), hub)
    found.sign_in(who)
    return found


def signed(source: str, body: bytes, secret: str, *, now: int) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "github": {"X-Hub-Signature-256": f"sha256={digest}"},
        "gitlab": {"X-Gitlab-Token": secret},
        "linear": {"Linear-Signature": digest},
        "jira": {"X-Hub-Signature": f"sha256={digest}"},
    }[source]


def standard(body: bytes, secret: str, *, now: int, name: str = "msg-1") -> dict[str, str]:
    """GitLab's newer form."""
    key = b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{name}.{now}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
        "X-Gitlab-Token": "",
    }


def named(source: str, delivery: str, event: str) -> dict[str, str]:
    return {
        "github": {"X-GitHub-Delivery": delivery, "X-GitHub-Event": event},
        "gitlab": {"Idempotency-Key": delivery},
        "linear": {"Linear-Delivery": delivery},
        "jira": {"X-Atlassian-Webhook-Identifier": delivery},
    }[source]


def samples(source: str) -> list[tuple[Path, str]]:
    """Every payload in the contracts with the event that GitHub would name in a header, in the order of their names."""
    found = []
    for path in sorted((CONTRACTS / source).glob("*.json")):
        if "schemas" not in path.name:
            plain = path.name.removeprefix("go-scm.").partition(".")[0]
            found.append((path, {"pr_closed": "pull_request", "push_tag": "push"}.get(plain, plain)))
    return found


def needs_contracts() -> None:
    if not CONTRACTS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")


def repository(name: str = "Brand/App") -> dict[str, Any]:
    return {"full_name": name, "default_branch": "main", "html_url": f"https://github.com/{name}"}


def issue(number: Any = 7, **facts: Any) -> dict[str, Any]:
    """GitHub's, open."""
    return {
        "number": number,
        "node_id": f"I_{number}",
        "title": "Refills",
        "body": "People ask for refills",
        "html_url": f"https://github.com/Brand/App/issues/{number}",
        "state": "open",
        "state_reason": None,
        "assignees": [],
        "milestone": None,
        "updated_at": "2026-11-01T10:00:00Z",
        "closed_at": None,
        **facts,
    }


def closed(number: Any = 7, reason: str | None = "completed", at: str = "2026-11-01T12:00:00Z", **facts: Any) -> Any:
    return issue(number, state="closed", state_reason=reason, closed_at=at, updated_at=at, **facts)


def pull(number: Any = 9, **facts: Any) -> dict[str, Any]:
    """GitHub's, open."""
    return {
        **issue(number),
        "body": "Fixes #7, resolves brand/site#3",
        "html_url": f"https://github.com/Brand/App/pull/{number}",
        "draft": False,
        "merged": False,
        "merged_at": None,
        "base": {"ref": "main"},
        **facts,
    }


def linear(state: str = "completed", *, sent_ms: int, **facts: Any) -> dict[str, Any]:
    data = {
        "id": "3443a709",
        "identifier": "ENG-42",
        "number": 42,
        "title": "Refills",
        "team": {"key": "ENG"},
        "state": {"type": state, "name": state.title()},
        "updatedAt": "2026-11-01T12:00:00.000Z",
        "url": "https://linear.app/brand/issue/ENG-42",
        **facts,
    }
    return {"type": "Issue", "action": "update", "data": data, "webhookTimestamp": sent_ms}


def jira(category: str = "done", *, event: str = "jira:issue_updated", **fields: Any) -> dict[str, Any]:
    facts = {
        "summary": "Refills",
        "status": {"name": category.title(), "statusCategory": {"key": category}},
        "resolution": None,
        "fixVersions": [],
        "updated": "2026-11-01T12:00:00.000+0000",
        **fields,
    }
    home = "https://brand.atlassian.net/rest/api/2/issue/10000"
    return {
        "webhookEvent": event,
        "timestamp": 1793534400000,
        "issue": {"id": "10000", "self": home, "key": "ENG-42", "fields": facts},
    }


def headers_of(given: dict[str, str]) -> Headers:
    return Headers(given)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def other_workspace(tx: Session, *, now: datetime) -> int:
    """Eve's, where she is the manager. Its id."""
    workspace = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=now)
    tx.add(Member(workspace_id=workspace.id, slack_id="U0EVE", name="Eve", handle="eve", role="manager", joined_at=now))
    return workspace.id
