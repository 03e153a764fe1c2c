"""What the tracker's pages are made of: the frame, forms, fields, marks. Markup.format escapes what people wrote."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from playground.tracker.records import REPOSITORY, TEAM

BASE = f"/{REPOSITORY}"
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

Words = Mapping[str, str]
"""What stands in the fields of a form, or what is wrong with them, by the name of the field."""


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


def when(moment: str) -> str:
    """Answer a time for people."""
    return datetime.fromisoformat(moment).strftime("%-d %b %Y, %H:%M UTC")


def mark(words: str, kind: str) -> Markup:
    """Answer a word with a colour."""
    return Markup('<span class="mark {}">{}</span>').format(kind, words)


def field(
    label: str, name: str, values: Words, wrong: Words, *, rows: int = 0, kind: str = "text", note: str = ""
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


def form(path: str, inner: Markup, button: str, kind: str = "") -> Markup:
    """Answer a form."""
    return Markup('<form method="post" action="{}">{}<button class="button {}">{}</button></form>').format(
        path, inner, kind, button
    )


def press(path: str, button: str, kind: str = "") -> Markup:
    """Answer a button that does something at once."""
    return Markup('<form class="press" method="post" action="{}"><button class="button {}">{}</button></form>').format(
        path, kind, button
    )


def folded(title: str, inner: Markup, is_open: bool) -> Markup:
    """Answer something that opens when it is pressed."""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(
        Markup(" open") if is_open else "", title, inner
    )
