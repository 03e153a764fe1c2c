"""The tracker speaks GitHub's REST, tells of each act once in GitHub's form, and its pages do what the API does."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from feedback.settings import ROOT
from playground.client import Client, RefusedError
from playground.server import Options, Playground
from playground.tracker.checks import closed_by
from tests.conftest import in_ci
from tests.playground.receiver import OK, Receiver
from tests.playground.schema import complaints

SCHEMAS = ROOT.parent / "shared" / "contracts" / "github" / "octokit-webhooks-schemas-7.6.1.json"
KEYWORDS = ROOT.parent / "shared" / "contracts" / "closing_keyword_vectors.json"
ISSUES = "/repos/demo/shop/issues"
RELEASES = "/repos/demo/shop/releases"
DELIVERIES = "/repos/demo/shop/hooks/1/deliveries"
TOKEN = "Bearer tracker-playground"


def call(
    playground: Playground, verb: str, path: str, body: Any = None, token: str = TOKEN
) -> tuple[int, Any, dict[str, str]]:
    """Status, body and headers."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Authorization": token} if token else {}
    request = urllib.request.Request(f"{playground.url}/tracker/api{path}", data=data, headers=headers, method=verb)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), dict(error.headers)


def opened(playground: Playground, title: str = "The zip sticks", **more: Any) -> dict[str, Any]:
    status, issue, _ = call(playground, "POST", ISSUES, {"title": title} | more)
    assert status == 201
    return dict(issue)


def send(
    playground: Playground, path: str, fields: dict[str, str] | None = None, **headers: str
) -> tuple[int, str, str]:
    """A form of the pages. Status, address in the end, and the page."""
    address = f"{playground.url}/demo/shop{path}"
    data = None if fields is None else urllib.parse.urlencode(fields).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=data, headers=headers)) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, address, error.read().decode()


def listen(playground: Playground, url: str, secret: str = "playground-hook-secret") -> None:
    assert Client(playground.url).track("/hook", url=url, secret=secret) == "/hook"


def heard(client: Client, app: Receiver) -> list[str]:
    client.quiet()
    return [told(one) for one in app.requests]


def told(request: dict[str, Any]) -> str:
    return f"{request['headers']['x-github-event']}.{request['payload'].get('action', '')}".rstrip(".")


def test_an_issue_over_the_api(playground: Playground) -> None:
    issue = opened(playground, body="Three people said so.", labels=["bug"])
    assert (issue["number"], issue["state"], issue["state_reason"], issue["closed_at"]) == (1, "open", None, None)
    assert issue["html_url"] == f"{playground.url}/demo/shop/issues/1"
    assert (issue["user"]["login"], issue["labels"][0]["name"]) == ("roundtrip", "bug")
    assert call(playground, "GET", f"{ISSUES}/1")[:2] == (200, issue)

    status, closed, _ = call(playground, "PATCH", f"{ISSUES}/1", {"state": "closed", "state_reason": "not_planned"})
    assert (status, closed["state"], closed["state_reason"]) == (200, "closed", "not_planned")
    assert closed["closed_at"].endswith("Z")
    again = call(playground, "PATCH", f"{ISSUES}/1", {"state": "open"})[1]
    assert (again["state"], again["state_reason"], again["closed_at"]) == ("open", "reopened", None)
    assert call(playground, "PATCH", f"{ISSUES}/1", {"state": "closed"})[1]["state_reason"] == "completed"

    status, comment, _ = call(playground, "POST", f"{ISSUES}/1/comments", {"body": "It shipped."})
    assert (status, comment["body"], comment["html_url"]) == (201, "It shipped.", f"{issue['html_url']}#issuecomment-1")
    assert call(playground, "GET", f"{ISSUES}/1/comments")[1] == [comment]
    assert call(playground, "GET", f"{ISSUES}/1")[1]["comments"] == 1
    assert call(playground, "GET", "/user")[1]["login"] == "roundtrip"
    assert call(playground, "GET", "/repos/demo/shop")[1]["open_issues"] == 0
    assert call(playground, "GET", "/rate_limit")[1]["rate"]["remaining"] > 0


def test_lists_come_in_pages_with_links_to_the_others(playground: Playground) -> None:
    for number in range(1, 6):
        opened(playground, f"Issue {number}")
    for number in (2, 4):
        call(playground, "PATCH", f"{ISSUES}/{number}", {"state": "closed"})

    def numbers(query: str) -> list[int]:
        return [one["number"] for one in call(playground, "GET", f"{ISSUES}?{query}")[1]]

    assert (numbers(""), numbers("state=closed"), numbers("state=all")) == ([5, 3, 1], [4, 2], [5, 4, 3, 2, 1])
    assert numbers("state=all&sort=created&direction=asc&per_page=2&page=2") == [3, 4]
    assert numbers("state=all&since=2020-01-01T00:00:00Z&sort=updated&direction=asc")[-1] >= 4
    assert numbers("since=2099-01-01T00:00:00Z") == numbers("page=9") == []
    send(playground, "/issues/1/merge", {"title": "A change"})
    assert [one["number"] for one in call(playground, "GET", "/repos/demo/shop/pulls?state=all")[1]] == [6]
    assert call(playground, "GET", "/repos/demo/shop/pulls/6")[1]["merged"] is True
    assert call(playground, "GET", f"{ISSUES}/6")[1]["pull_request"]["merged_at"].endswith("Z")
    assert send(playground, "/issues/6")[1].endswith("/pull/6")  # they share their numbers, as at GitHub

    first = f"{playground.url}/tracker/api{ISSUES}?state=all&per_page=2&since=2020-01-01T00:00:00Z"
    first = first.replace(":00:00Z", "%3A00%3A00Z")
    seen, address, links = [], first, []
    while address:
        _, page, headers = call(playground, "GET", address.split("/tracker/api")[1])
        seen += [one["number"] for one in page]
        links.append(headers.get("Link", ""))
        following = re.search(r'<([^>]+)>; rel="next"', links[-1])
        address = following[1] if following else ""
    assert seen == [6, 5, 4, 3, 2, 1]
    assert links[0] == f'<{first}&page=2>; rel="next", <{first}&page=3>; rel="last"'
    assert re.findall(r'rel="(\w+)"', links[1]) == ["prev", "next", "last", "first"]
    assert re.findall(r'rel="(\w+)"', links[2]) == ["prev", "first"]


@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "field"),
    [
        ("POST", ISSUES, b"{", 400, None),
        ("POST", ISSUES, [], 400, None),
        ("POST", ISSUES, {}, 422, "title"),
        ("POST", ISSUES, {"title": "  "}, 422, "title"),
        ("POST", ISSUES, {"title": 7}, 422, "title"),
        ("POST", ISSUES, {"title": "x" * 257}, 422, "title"),
        ("POST", ISSUES, {"title": "x", "body": "y" * 65_537}, 422, "body"),
        ("POST", ISSUES, {"title": "x", "assignees": ["nobody"]}, 422, "assignees"),
        ("POST", ISSUES, {"title": "x", "labels": [{}]}, 422, "labels"),
        ("POST", ISSUES, {"title": "x", "milestone": 9}, 422, "milestone"),
        ("PATCH", f"{ISSUES}/1", {"title": "Other", "state": "done"}, 422, "state"),
        ("PATCH", f"{ISSUES}/1", {"state": "closed", "state_reason": "tired"}, 422, "state_reason"),
        ("POST", f"{ISSUES}/1/comments", {"body": " "}, 422, "body"),
        ("POST", RELEASES, {"tag_name": "v 1"}, 422, "tag_name"),
        ("POST", RELEASES, {"tag_name": "v1", "draft": "no"}, 422, "draft"),
        ("GET", f"{ISSUES}?state=done", None, 422, "state"),
        ("GET", f"{ISSUES}?since=yesterday", None, 422, "since"),
        ("GET", f"{ISSUES}/2", None, 404, None),
        ("GET", f"{ISSUES}/{'9' * 30}", None, 404, None),
        ("GET", "/repos/demo/shop/pulls/1", None, 404, None),
        ("GET", "/repos/demo/other/issues", None, 404, None),
        ("DELETE", f"{ISSUES}/1", None, 404, None),
        ("POST", f"{DELIVERIES}/1/attempts", None, 404, None),
    ],
)
def test_refusals_are_githubs_and_nothing_happens(
    playground: Playground, verb: str, path: str, body: Any, status: int, field: str | None
) -> None:
    before = opened(playground)
    code, refused, _ = call(playground, verb, path, body)
    assert (code, refused["status"]) == (status, str(status))
    assert [error["field"] for error in refused.get("errors", [])] == ([field] if field else [])
    assert call(playground, "GET", f"{ISSUES}?state=all")[1] == [before]


def test_only_with_the_token(playground: Playground) -> None:
    for token, words in (("", "Requires authentication"), ("Bearer else", "Bad credentials"), ("x", "Bad credentials")):
        status, refused, _ = call(playground, "POST", ISSUES, {"title": "x"}, token)
        assert (status, refused["message"]) == (401, words)
    assert call(playground, "GET", f"{ISSUES}?state=all", token="token tracker-playground")[1] == []


def test_each_act_is_told_once_and_signed(playground: Playground, client: Client, app: Receiver) -> None:
    listen(playground, app.url)
    client.track("/milestones", title="Winter")
    assert client.track("/issues", title="Zips & <b>seams</b> ❄", body="One\r\ntwo") == "/issues/1"
    client.quiet()
    for act, fields in (
        ("start", {}),
        ("milestone", {"milestone": "1"}),
        ("edit", {"title": "Zips", "body": "One"}),
        ("comment", {"body": "Soon"}),
        ("complete", {}),
        ("complete", {}),  # a second press is no news
        ("reopen", {}),
        ("drop", {}),
        ("reopen", {}),
        ("merge", {"title": "New zips", "body": "Fixes #1, closes #7"}),
    ):
        assert client.track(f"/issues/1/{act}", **fields) == "/issues/1"
        client.quiet()
    client.track("/releases", tag_name="v1.2", name="Winter", body="Fixes #1")
    client.track("/milestones/1/close")

    assert sorted(heard(client, app)) == sorted(
        [
            *("ping", "milestone.created", "issues.opened", "issues.assigned", "issues.labeled", "issues.milestoned"),
            *("issues.edited", "issue_comment.created", "issues.closed", "issues.unlabeled", "issues.reopened"),
            *("issues.closed", "issues.reopened", "pull_request.closed", "issues.closed"),
            *("release.published", "release.released", "milestone.closed"),
        ]
    )
    assert all(one["signed"] for one in app.requests)
    assert len({one["headers"]["x-github-delivery"] for one in app.requests}) == len(app.requests)
    assert {one["headers"]["content-type"] for one in app.requests} == {"application/json"}
    closings = [one["payload"]["issue"] for one in app.requests if told(one) == "issues.closed"]
    assert [(one["state"], one["state_reason"]) for one in closings] == [
        ("closed", "completed"),
        ("closed", "not_planned"),
        ("closed", "completed"),
    ]
    payloads = {told(one): one["payload"] for one in app.requests}
    assert payloads["issues.opened"]["issue"]["title"] == "Zips & <b>seams</b> ❄"
    assert payloads["issues.edited"]["changes"] == {
        "title": {"from": "Zips & <b>seams</b> ❄"},
        "body": {"from": "One\ntwo"},
    }
    assert payloads["issues.closed"]["sender"]["login"] == "cy"
    merged = payloads["pull_request.closed"]["pull_request"]
    assert (merged["merged"], merged["base"]["ref"], merged["number"]) == (True, "main", 2)
    assert payloads["release.published"]["release"]["tag_name"] == "v1.2"
    assert payloads["milestone.closed"]["milestone"]["closed_issues"] == 1
    check_by_schema(app)


def check_by_schema(app: Receiver) -> None:
    """Everything that was told, by the schemas that GitHub's own library publishes."""
    if not SCHEMAS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")
    definitions = json.loads(SCHEMAS.read_text(encoding="utf-8"))["definitions"]
    assert ".issue is missing" in list(complaints({"action": "closed"}, definitions["issues$closed"], definitions))
    for one in app.requests:
        name = told(one).replace(".", "$") if told(one) != "ping" else "ping$event"
        assert list(complaints(one["payload"], definitions[name], definitions)) == [], name


def test_what_a_pull_request_closes() -> None:
    if not KEYWORDS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")
    for vector in json.loads(KEYWORDS.read_text(encoding="utf-8"))["github"]:
        here = [number for repository, number in vector["closes"] if repository is None]
        assert closed_by(vector["text"]) == here, vector["text"]
    assert closed_by("Fixes demo/shop#3 and fixes #3") == [3]


def test_nothing_is_told_again_but_by_a_person(playground: Playground, client: Client, app: Receiver) -> None:
    app.answer = lambda _: (503, {}, b"")
    listen(playground, app.url)
    opened(playground)
    assert heard(client, app) == ["ping", "issues.opened"]
    newest = call(playground, "GET", DELIVERIES)[1][0]
    assert (newest["event"], newest["action"], newest["status_code"]) == ("issues", "opened", 503)
    assert "Service Unavailable" in send(playground, "/hook")[2]

    app.answer = lambda _: OK
    assert send(playground, f"/hook/{newest['id']}/redeliver", {})[0] == 200
    client.quiet()
    first, again = app.requests[1:]
    assert again["signed"]
    assert again["body"] == first["body"]
    assert again["headers"]["x-github-delivery"] == first["headers"]["x-github-delivery"]
    status, made, _ = call(playground, "POST", f"{DELIVERIES}/{newest['id']}/attempts")
    assert (status, made) == (202, {})
    client.quiet()
    found = call(playground, "GET", DELIVERIES)[1]
    assert [(one["redelivery"], one["status"]) for one in found[:2]] == [(True, "OK"), (True, "OK")]
    assert call(playground, "GET", f"{DELIVERIES}/{newest['id']}")[1]["request"]["payload"] == first["payload"]


def test_what_nobody_listens_to_is_recorded_as_failed(playground: Playground, client: Client) -> None:
    opened(playground, "Before there is an address")
    receiver = Receiver()
    receiver.close()
    listen(playground, receiver.url)
    opened(playground)
    client.quiet()
    found = call(playground, "GET", DELIVERIES)[1]
    assert [(one["event"], one["status_code"], one["status"]) for one in found] == [
        ("issues", 0, "nobody answers there"),
        ("ping", 0, "nobody answers there"),
    ]


def test_another_secret_and_none(playground: Playground, client: Client, app: Receiver) -> None:
    listen(playground, app.url, secret="another")
    send(playground, "/hook", {"url": app.url, "secret": ""})  # an empty one keeps what is there
    client.quiet()
    assert [one["signed"] for one in app.requests] == [False, False]
    signatures = [one["headers"]["x-hub-signature-256"] for one in app.requests]
    assert all(re.fullmatch("sha256=[0-9a-f]{64}", one) for one in signatures)
    assert "another" not in send(playground, "/hook")[2]

    send(playground, "/hook", {"url": "", "secret": ""})
    opened(playground)
    client.quiet()
    assert len(app.requests) == 2
    assert call(playground, "GET", "/repos/demo/shop/hooks")[1] == []
    status, _, page = send(playground, "/hook", {"url": "the hub", "secret": ""})
    assert status == 422
    assert "An address begins with http:// or https://" in page


def test_faults_of_the_api_and_of_the_hook(playground: Playground, client: Client, app: Receiver) -> None:
    listen(playground, app.url)
    heard(client, app)
    app.requests.clear()
    client.faults(
        [
            {"on": "tracker", "match": "POST", "do": "error", "error": 502, "times": 1},
            {"on": "tracker", "match": ISSUES, "do": "rate_limit", "seconds": 7, "times": 1},
            {"on": "tracker", "match": "POST", "do": "error_after", "times": 1},
            {"on": "hook", "match": "issues.opened", "do": "duplicate", "times": 1},
            {"on": "hook", "match": "issues", "do": "error", "times": 1},
            {"on": "hook", "match": "issue_comment", "do": "drop", "times": 1},
        ]
    )
    assert call(playground, "POST", ISSUES, {"title": "x"})[0] == 502
    status, refused, headers = call(playground, "POST", ISSUES, {"title": "x"})
    assert (status, headers["Retry-After"], refused["status"]) == (429, "7", "429")
    assert call(playground, "POST", ISSUES, {"title": "It is there"})[0] == 500
    assert heard(client, app) == ["issues.opened", "issues.opened"]
    assert len({one["headers"]["x-github-delivery"] for one in app.requests}) == 1
    client.faults([{"on": "tracker", "do": "cut_after", "times": 1}])
    with pytest.raises(RemoteDisconnected):
        call(playground, "PATCH", f"{ISSUES}/1", {"state": "closed"})
    assert call(playground, "GET", f"{ISSUES}/1")[1]["state"] == "closed"
    call(playground, "POST", f"{ISSUES}/1/comments", {"body": "x"})
    assert len(heard(client, app)) == 2
    assert [one["status_code"] for one in call(playground, "GET", DELIVERIES)[1][:2]] == [0, 500]


def test_a_release_mentions_an_issue_and_is_published_once(playground: Playground) -> None:
    opened(playground, 'A "wide" <strap>')
    assert "- A &#34;wide&#34; &lt;strap&gt; (fixes #1)" in send(playground, "/releases?mentions=1")[2]
    form = {"tag_name": "v1", "name": "", "body": "- A strap (fixes #1)"}
    assert send(playground, "/releases", form)[0] == 200
    status, _, page = send(playground, "/releases", form)
    assert (status, "There is a release with this tag already." in page) == (422, True)
    assert call(playground, "POST", RELEASES, form)[1]["errors"][0]["code"] == "already_exists"
    draft = call(playground, "POST", RELEASES, {"tag_name": "v2", "draft": True})[1]
    assert (draft["draft"], draft["published_at"], draft["name"]) == (True, None, "v2")
    assert [one["tag_name"] for one in call(playground, "GET", RELEASES)[1]] == ["v2", "v1"]
    assert call(playground, "GET", f"{RELEASES}/tags/v1")[1]["body"] == "- A strap (fixes #1)"
    assert call(playground, "GET", f"{RELEASES}/tags/v2")[0] == 404


def test_what_people_write_is_shown_and_does_nothing(playground: Playground) -> None:
    words = "<script>alert(1)</script> \"' {0} {title} %s"
    _, address, _ = send(playground, "/issues", {"title": words, "body": words})
    assert address.endswith("/issues/1")
    send(playground, "/issues/1/comment", {"body": words})
    send(playground, "/releases", {"tag_name": "v1", "name": words, "body": words})
    send(playground, "/milestones", {"title": words, "description": words})
    send(playground, "/issues/1/milestone", {"milestone": "1"})
    send(playground, "/issues/1/comment", {"body": "Seen <!-- a note of a program --> by all"})
    assert "Seen  by all" in send(playground, "/issues/1")[2]
    for path in ("/issues", "/issues/1", "/releases", "/releases?mentions=1", "/milestones", "/hook"):
        page = send(playground, path)[2]
        assert "<script" not in page
        assert path == "/hook" or "&lt;script&gt;alert(1)&lt;/script&gt; &#34;&#39; {0} {title} %s" in page


def test_what_is_wrong_is_said_under_the_field_and_what_was_written_stays(playground: Playground) -> None:
    opened(playground)
    for path, fields, words in (
        ("/issues", {"title": " ", "body": "Much was written"}, "Give it a title."),
        ("/issues/1/comment", {"body": " "}, "Write a sentence."),
        ("/issues/1/edit", {"title": "", "body": "Much was written"}, "Give it a title."),
        ("/issues/1/merge", {"title": "", "body": "Much was written"}, "Give it a title."),
        ("/milestones", {"title": "", "description": "Much was written"}, "Give it a title."),
        ("/releases", {"tag_name": "a b", "body": "Much was written"}, "A tag has letters"),
    ):
        status, _, page = send(playground, path, fields)
        assert (status, words in page) == (422, True), path
        assert page.count("aria-invalid") == 1
        assert fields.get("body", fields.get("description", "")).strip() in page
    with pytest.raises(RefusedError) as refused:
        Client(playground.url).track("/issues", title="")
    assert refused.value.status == 422
    for path in ("/issues/9", "/nowhere", "/pull/9"):
        assert send(playground, path)[0] == 404
    assert send(playground, "/issues/1/explode", {})[0] == 404
    assert send(playground, "/issues/1/milestone", {"milestone": "²"})[0] == 422
    assert send(playground, "/issues/1/start", {}, Origin="https://elsewhere.example")[0] == 403
    assert call(playground, "GET", f"{ISSUES}/1")[1]["assignees"] == []


def test_a_restart_finds_everything(tmp_path: Path) -> None:
    options = Options(port=0, store=tmp_path / "playground.sqlite3", hook_url="http://127.0.0.1:9/", hook_secret="one")
    with Playground(options) as first:
        for number in range(1, 12):
            opened(first, f"Issue {number}")
        call(first, "POST", f"{ISSUES}/2/comments", {"body": "Kept"})
        call(first, "POST", RELEASES, {"tag_name": "v1"})
        send(first, "/milestones", {"title": "Winter"})
        send(first, "/hook", {"url": "http://127.0.0.1:9/set", "secret": "two"})
        Client(first.url).quiet()
        told_of = [one["id"] for one in call(first, "GET", DELIVERIES + "?per_page=100")[1]]
    with Playground(options) as second:
        assert [one["number"] for one in call(second, "GET", ISSUES)[1]] == list(range(11, 0, -1))
        assert call(second, "GET", f"{ISSUES}/2/comments")[1][0]["body"] == "Kept"
        assert call(second, "GET", RELEASES)[1][0]["tag_name"] == "v1"
        assert [one["id"] for one in call(second, "GET", DELIVERIES + "?per_page=100")[1]] == told_of
        assert "http://127.0.0.1:9/set" in send(second, "/hook")[2]
        assert opened(second)["number"] == 12
        Client(second.url).quiet()
        Client(second.url).reset()
        assert call(second, "GET", f"{ISSUES}?state=all")[1] == call(second, "GET", DELIVERIES)[1] == []
        assert 'value="http://127.0.0.1:9/"' in send(second, "/hook")[2]
