"""What the tracker's pages look like. Everything from people goes through Markup.format, which escapes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from markupsafe import Markup

from playground.tracker.records import IN_PROGRESS, REPOSITORY, TEAM, Comment, Delivery, Issue, Milestone, Release

BASE = f"/tracker/{REPOSITORY}"
_PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title} · Tracker</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/page/base.css">
  <link rel="stylesheet" href="/page/controls.css">
  <link rel="stylesheet" href="/page/tracker.css">
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  <header class="bar">
    <a class="home" href="/">Playground</a>
    <strong>{repository}</strong>
    <nav aria-label="Tracker">{links}</nav>
    <span class="faint who">You are {who} here</span>
  </header>
  <main id="main" tabindex="-1">{said}{body}</main>
</body>
</html>
"""
)
_PLACES = {"issues": "Issues", "milestones": "Milestones", "releases": "Releases", "hook": "Webhook"}
_WORDS = {
    ("title", "missing_field"): "Give it a title.",
    ("body", "missing_field"): "Write a sentence.",
    ("tag_name", "missing_field"): "Give it a tag, such as v1.2.",
    ("tag_name", "already_exists"): "There is a release with this tag already.",
    ("tag_name", "custom"): "A tag has letters, digits, dots, dashes and slashes, and no spaces.",
}

Wrong = Mapping[str, str]
"""What is wrong with a form, by the name of the field."""


def words_of(error: Mapping[str, str]) -> str:
    """Answer what people read of a refusal of one field."""
    sentence = error.get("message") or "This cannot be used."
    return _WORDS.get((error["field"], error["code"]), sentence)


def page(title: str, body: Markup, *, place: str, said: str = "") -> str:
    """Answer a whole page. ``place`` is which of the bar's links it belongs to, ``said`` what was done just now."""
    link = Markup('<a href="{}"{}>{}</a>')
    here = Markup(' aria-current="page"')
    links = Markup("").join(
        link.format(f"{BASE}/{name}", here if name == place else "", label) for name, label in _PLACES.items()
    )
    note = Markup('<p class="said" role="status">{}</p>').format(said) if said else ""
    return _PAGE.format(title=title, repository=REPOSITORY, links=links, who=TEAM, said=note, body=body)


# issues


def issues(found: Iterable[Issue], state: str, counts: Mapping[str, int]) -> Markup:
    """Answer the list of issues."""
    rows = Markup("").join(_row(one) for one in found)
    nothing = Markup('<p class="faint">{}</p>').format("Nothing is open." if state == "open" else "Nothing is closed.")
    tabs = Markup("").join(
        Markup('<a class="tab" href="?state={}"{}>{} {}</a>').format(
            word, Markup(' aria-current="true"') if word == state else "", counts[word], word
        )
        for word in ("open", "closed")
    )
    return Markup(
        '<div class="head"><h1>Issues</h1><a class="button primary" href="{}/issues/new">New issue</a></div>'
        '<nav class="tabs" aria-label="State">{}</nav><ul class="rows">{}</ul>{}'
    ).format(BASE, tabs, rows, "" if rows else nothing)


def _row(issue: Issue) -> Markup:
    """Answer one line of the list."""
    return Markup(
        '<li><a href="{}"><b>{}</b></a> {}<br><span class="faint">#{} by {}, {}{}</span></li>'
    ).format(
        path_of(issue), issue.title, _badge(issue), issue.number, issue.user, when(issue.created_at),
        f" · {_counted(issue.comments, 'comment')}" if issue.comments else "",
    )  # fmt: skip


def new_issue(values: Wrong, wrong: Wrong) -> Markup:
    """Answer the form of a new issue."""
    inner = _field("Title", "title", values, wrong) + _field("What is it about?", "body", values, wrong, rows=8)
    return Markup("<h1>New issue</h1>{}").format(_form(f"{BASE}/issues", inner, "Open the issue", "primary"))


def issue(
    shown: Issue, comments: Iterable[Comment], milestones: Iterable[Milestone], values: Wrong, wrong: Wrong
) -> Markup:
    """Answer the page of an issue or a pull request. ``wrong`` has the field's name behind the act: edit.title."""
    said = Markup("").join(_said(one.user, one.created_at, one.body, f"issuecomment-{one.id}") for one in comments)
    head = Markup('<h1>{} <span class="faint">#{}</span></h1><p>{}</p>').format(
        shown.title, shown.number, _facts(shown, milestones)
    )
    first = _said(shown.user, shown.created_at, shown.body or "Nothing more was written.", "body")
    write = _form(f"{path_of(shown)}/comment", _field("Comment", "comment.body", values, wrong, rows=3), "Comment")
    if shown.is_pull:
        return head + first + said + write
    return head + _acts(shown) + first + said + write + _more(shown, milestones, values, wrong)


def _facts(shown: Issue, milestones: Iterable[Milestone]) -> Markup:
    """Answer the line below the title: where it stands, who works on it, what it belongs to."""
    parts = [_badge(shown)]
    if shown.assignees:
        parts.append(Markup('<span class="faint">{} on it</span>').format(" and ".join(shown.assignees)))
    parts += [Markup('<span class="pill">{}</span>').format(name) for name in shown.labels if name != IN_PROGRESS]
    parts += [
        Markup('<span class="pill">{}</span>').format(one.title) for one in milestones if one.number == shown.milestone
    ]
    return Markup(" ").join(parts)


def _acts(shown: Issue) -> Markup:
    """Answer the buttons: what can be done with it as it stands."""
    path = path_of(shown)
    if shown.state == "closed":
        return Markup('<div class="acts">{}{}</div>').format(_press(f"{path}/reopen", "Reopen"), _mention(shown))
    acts = [] if IN_PROGRESS in shown.labels else [_press(f"{path}/start", "Start work", "primary")]
    acts += [_press(f"{path}/complete", "Close as completed"), _press(f"{path}/drop", "Close as not planned")]
    return Markup('<div class="acts">{}{}</div>').format(Markup("").join(acts), _mention(shown))


def _mention(shown: Issue) -> Markup:
    """Answer the way to a release that mentions it."""
    return Markup('<a class="button" href="{}/releases?mentions={}">Publish a release that mentions it</a>').format(
        BASE, shown.number
    )


def _more(shown: Issue, milestones: Iterable[Milestone], values: Wrong, wrong: Wrong) -> Markup:
    """Answer what is done less often: merge, edit, milestone."""
    pull = {"merge.title": shown.title, "merge.body": f"Fixes #{shown.number}"} | dict(values)
    merge = _field("Title", "merge.title", pull, wrong) + _field("What it says", "merge.body", pull, wrong, rows=3)
    texts = {"edit.title": shown.title, "edit.body": shown.body} | dict(values)
    edit = _field("Title", "edit.title", texts, wrong) + _field("What is it about?", "edit.body", texts, wrong, rows=6)
    choices = Markup('<option value="">None</option>') + Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            one.number, Markup(" selected") if one.number == shown.milestone else "", one.title
        )
        for one in milestones
        if one.state == "open" or one.number == shown.milestone
    )
    choose = Markup('<label>Milestone<select class="field" name="milestone">{}</select></label>').format(choices)
    path = path_of(shown)
    fixes = f"Merge a pull request that says: Fixes #{shown.number}"
    forms = {
        "merge": (fixes, _form(f"{path}/merge", merge, "Merge it")),
        "edit": ("Edit", _form(f"{path}/edit", edit, "Save")),
        "milestone": ("Milestone", _form(f"{path}/milestone", choose, "Set the milestone")),
    }
    opened = {name.partition(".")[0] for name in wrong}
    return Markup("").join(_folded(title, form, word in opened) for word, (title, form) in forms.items())


# milestones, releases, the hook


def milestones(found: Iterable[tuple[Milestone, int, int]], values: Wrong, wrong: Wrong) -> Markup:
    """Answer the milestones, each with how many of its issues are open and closed, and the form of a new one."""
    rows = Markup("").join(
        Markup('<li id="{}"><b>{}</b> {}<br><span class="faint">{} open, {} closed</span>{}</li>').format(
            f"milestone-{one.number}", one.title, _mark(one.state.capitalize(), one.state), opened, closed,
            _press(f"{BASE}/milestones/{one.number}/close", "Close the milestone") if one.state == "open" else "",
        )
        for one, opened, closed in found
    )  # fmt: skip
    inner = _field("Title", "title", values, wrong) + _field("Description", "description", values, wrong, rows=2)
    form = _form(f"{BASE}/milestones", inner, "Open the milestone", "primary")
    return Markup('<h1>Milestones</h1><ul class="rows">{}</ul><h2>A new one</h2>{}').format(rows, form)


def releases(found: Iterable[Release], values: Wrong, wrong: Wrong) -> Markup:
    """Answer the releases, and the form of a new one."""
    rows = Markup("").join(
        Markup('<li id="{}"><b>{}</b> {}<div class="text">{}</div><span class="faint">{} by {}</span></li>').format(
            f"release-{one.id}", one.name, _mark(one.tag if one.published_at else f"{one.tag}, a draft", "open"),
            one.body, when(one.published_at or one.created_at), one.user,
        )
        for one in found
    )  # fmt: skip
    inner = _field("Tag", "tag_name", values, wrong) + _field("Title", "name", values, wrong)
    form = _form(
        f"{BASE}/releases", inner + _field("What is in it?", "body", values, wrong, rows=6), "Publish", "primary"
    )
    return Markup('<h1>Releases</h1><h2>A new one</h2>{}<ul class="rows">{}</ul>').format(form, rows)


def hook(url: str, has_secret: bool, deliveries: Iterable[Delivery], wrong: Wrong) -> Markup:
    """Answer where acts are told, and what came of telling lately."""
    note = "A secret is set. Leave this empty to keep it." if has_secret else "None is set, so nothing is signed."
    inner = _field("Payload URL", "url", {"url": url}, wrong) + _field(
        "Secret", "secret", {}, wrong, kind="password", note=note
    )
    rows = Markup("").join(_delivery(one) for one in deliveries)
    nothing = "Nothing was told yet." if url else "No address is set, so nobody is told of anything."
    return Markup(
        "<h1>Webhook</h1><p>Each act here is told to this address once, signed with the secret. What nobody takes is "
        'not told again by itself.</p>{}<h2>Recent deliveries</h2>{}<ul class="rows">{}</ul>'
    ).format(
        _form(f"{BASE}/hook", inner, "Save", "primary"),
        "" if rows else Markup('<p class="faint">{}</p>').format(nothing),
        rows,
    )


def _delivery(one: Delivery) -> Markup:
    """Answer one attempt, with what was sent behind it."""
    word, kind = ("Under way", "open") if one.status is None else ("Taken", "done") if one.ok else ("Failed", "failed")
    said = ": ".join(part for part in (str(one.status or ""), one.reason) if part)
    return Markup(
        '<li id="delivery-{}"><b>{}</b> {} <span class="faint">{}</span><br><span class="faint guid">{} · {}{}</span>'
        "{}<details><summary>What was sent</summary><pre>{}</pre></details></li>"
    ).format(
        one.id, ".".join(part for part in (one.event, one.action) if part), _mark(word, kind), said, one.guid,
        when(one.at), " · sent again" if one.redelivery else "",
        _press(f"{BASE}/hook/{one.id}/redeliver", "Redeliver"), one.body,
    )  # fmt: skip


def missing(words: str) -> Markup:
    """Answer that something is not there, or was not understood."""
    return Markup('<h1>{}</h1><p><a href="{}/issues">To the issues</a></p>').format(words, BASE)


# parts


def path_of(shown: Issue) -> str:
    """Answer the path of an issue's or a pull request's page."""
    return f"{BASE}/{'pull' if shown.is_pull else 'issues'}/{shown.number}"


def when(moment: str) -> str:
    """Answer a time for people."""
    return datetime.fromisoformat(moment).strftime("%-d %b %Y, %H:%M UTC")


def _counted(number: int, word: str) -> str:
    """Answer a number of things."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _badge(shown: Issue) -> Markup:
    """Answer where an issue stands."""
    if shown.is_pull:
        return _mark("Merged", "done")
    if shown.state == "open":
        return _mark("In progress", "started") if IN_PROGRESS in shown.labels else _mark("Open", "open")
    return _mark("Completed", "done") if shown.state_reason == "completed" else _mark("Not planned", "dropped")


def _mark(words: str, kind: str) -> Markup:
    """Answer a word with a colour."""
    return Markup('<span class="mark {}">{}</span>').format(kind, words)


def _said(who: str, at: str, text: str, anchor: str) -> Markup:
    """Answer what somebody wrote."""
    return Markup(
        '<article id="{}"><p class="faint"><b>{}</b>, {}</p><div class="text">{}</div></article>'
    ).format(anchor, who, when(at), text)  # fmt: skip


def _field(
    label: str, name: str, values: Wrong, wrong: Wrong, *, rows: int = 0, kind: str = "text", note: str = ""
) -> Markup:
    """Answer a field with its label, and below it what is wrong with it."""
    state, below = Markup(""), Markup("")
    if name in wrong:
        state = Markup(' aria-invalid="true" aria-describedby="{}-wrong" autofocus').format(name)
        below = Markup('<small class="wrong" id="{}-wrong">{}</small>').format(name, wrong[name])
    value, sent = values.get(name, ""), name.rpartition(".")[2]
    if rows:
        box = Markup('<textarea class="field" id="{}" name="{}" rows="{}"{}>\n{}</textarea>').format(
            name, sent, rows, state, value
        )
    else:
        box = Markup('<input class="field" id="{}" name="{}" type="{}" value="{}" autocomplete="off"{}>').format(
            name, sent, kind, value, state
        )
    hint = Markup('<small class="faint">{}</small>').format(note) if note else ""
    return Markup('<div class="asked"><label for="{}">{}</label>{}{}{}</div>').format(name, label, box, hint, below)


def _form(path: str, inner: Markup, button: str, kind: str = "") -> Markup:
    """Answer a form."""
    return Markup('<form method="post" action="{}">{}<button class="button {}">{}</button></form>').format(
        path, inner, kind, button
    )


def _press(path: str, button: str, kind: str = "") -> Markup:
    """Answer a button that does something at once."""
    return Markup('<form class="press" method="post" action="{}"><button class="button {}">{}</button></form>').format(
        path, kind, button
    )


def _folded(title: str, inner: Markup, is_open: bool) -> Markup:
    """Answer something that opens when it is pressed."""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(
        Markup(" open") if is_open else "", title, inner
    )
