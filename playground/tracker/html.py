"""What stands on the tracker's pages. Everything from people goes through Markup.format, which escapes it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from playground.tracker.parts import BASE, Words, field, folded, form, mark, press, when
from playground.tracker.records import IN_PROGRESS, Comment, Delivery, Issue, Milestone, Release

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


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
    facts = f"#{issue.number} by {issue.user}, {when(issue.created_at)}"
    if issue.comments:
        facts += f" · {_counted(issue.comments, 'comment')}"
    return Markup('<li><a href="{}"><b>{}</b></a> {}<br><span class="faint">{}</span></li>').format(
        path_of(issue), issue.title, _badge(issue), facts
    )


def new_issue(values: Words, wrong: Words) -> Markup:
    """Answer the form of a new issue."""
    inner = field("Title", "title", values, wrong) + field("What is it about?", "body", values, wrong, rows=8)
    return Markup("<h1>New issue</h1>{}").format(form(f"{BASE}/issues", inner, "Open the issue", "primary"))


def issue(
    shown: Issue, comments: Iterable[Comment], milestones: Sequence[Milestone], values: Words, wrong: Words
) -> Markup:
    """Answer the page of an issue or a pull request. ``wrong`` has the field's name behind the act: edit.title."""
    said = Markup("").join(_said(one.user, one.created_at, one.body, f"issuecomment-{one.id}") for one in comments)
    head = Markup('<h1>{} <span class="faint">#{}</span></h1><p>{}</p>').format(
        shown.title, shown.number, _facts(shown, milestones)
    )
    first = _said(shown.user, shown.created_at, shown.body or "Nothing more was written.", "body")
    write = form(f"{path_of(shown)}/comment", field("Comment", "comment.body", values, wrong, rows=3), "Comment")
    if shown.is_pull:
        return head + first + said + write
    return head + _acts(shown) + first + said + write + _more(shown, milestones, values, wrong)


def _facts(shown: Issue, milestones: Sequence[Milestone]) -> Markup:
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
        return Markup('<div class="acts">{}{}</div>').format(press(f"{path}/reopen", "Reopen"), _mention(shown))
    acts = [] if IN_PROGRESS in shown.labels else [press(f"{path}/start", "Start work", "primary")]
    acts += [press(f"{path}/complete", "Close as completed"), press(f"{path}/drop", "Close as not planned")]
    return Markup('<div class="acts">{}{}</div>').format(Markup("").join(acts), _mention(shown))


def _mention(shown: Issue) -> Markup:
    """Answer the way to a release that mentions it."""
    return Markup('<a class="button" href="{}/releases?mentions={}">Publish a release that mentions it</a>').format(
        BASE, shown.number
    )


def _more(shown: Issue, milestones: Sequence[Milestone], values: Words, wrong: Words) -> Markup:
    """Answer what is done less often: merge, edit, milestone."""
    pull = {"merge.title": shown.title, "merge.body": f"Fixes #{shown.number}"} | dict(values)
    merge = field("Title", "merge.title", pull, wrong) + field("What it says", "merge.body", pull, wrong, rows=3)
    texts = {"edit.title": shown.title, "edit.body": shown.body} | dict(values)
    edit = field("Title", "edit.title", texts, wrong) + field("What is it about?", "edit.body", texts, wrong, rows=6)
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
        "merge": (fixes, form(f"{path}/merge", merge, "Merge it")),
        "edit": ("Edit", form(f"{path}/edit", edit, "Save")),
        "milestone": ("Milestone", form(f"{path}/milestone", choose, "Set the milestone")),
    }
    opened = {name.partition(".")[0] for name in wrong}
    return Markup("").join(folded(title, inner, word in opened) for word, (title, inner) in forms.items())


def milestones(found: Iterable[tuple[Milestone, int, int]], values: Words, wrong: Words) -> Markup:
    """Answer the milestones, each with how many of its issues are open and closed, and the form of a new one."""
    rows = Markup("").join(_milestone(*one) for one in found)
    inner = field("Title", "title", values, wrong) + field("Description", "description", values, wrong, rows=2)
    new = form(f"{BASE}/milestones", inner, "Open the milestone", "primary")
    return Markup('<h1>Milestones</h1><ul class="rows">{}</ul><h2>A new one</h2>{}').format(rows, new)


def _milestone(one: Milestone, open_issues: int, closed_issues: int) -> Markup:
    """Answer one milestone."""
    path = f"{BASE}/milestones/{one.number}/close"
    return Markup('<li><b>{}</b> {}<br><span class="faint">{} open, {} closed</span>{}</li>').format(
        one.title,
        mark(one.state.capitalize(), one.state),
        open_issues,
        closed_issues,
        press(path, "Close the milestone") if one.state == "open" else "",
    )


def releases(found: Iterable[Release], values: Words, wrong: Words) -> Markup:
    """Answer the releases, and the form of a new one."""
    rows = Markup("").join(_release(one) for one in found)
    inner = field("Tag", "tag_name", values, wrong) + field("Title", "name", values, wrong)
    new = form(f"{BASE}/releases", inner + field("What is in it?", "body", values, wrong, rows=6), "Publish", "primary")
    return Markup('<h1>Releases</h1><h2>A new one</h2>{}<ul class="rows">{}</ul>').format(new, rows)


def _release(one: Release) -> Markup:
    """Answer one release."""
    tag = f"Tag {one.tag}" if one.published_at else f"Draft of {one.tag}"
    at = when(one.published_at or one.created_at)
    return Markup(
        '<li id="release-{}"><b>{}</b> {}<div class="text">{}</div><span class="faint">{}</span></li>'
    ).format(one.id, one.name, mark(tag, "open"), one.body, f"{at} by {one.user}")


def hook(url: str, has_secret: bool, deliveries: Iterable[Delivery], wrong: Words) -> Markup:
    """Answer where acts are told, and what came of telling lately."""
    note = "A secret is set. Leave this empty to keep it." if has_secret else "None is set, so nothing is signed."
    inner = field("Payload URL", "url", {"url": url}, wrong) + field(
        "Secret", "secret", {}, wrong, kind="password", note=note
    )
    rows = Markup("").join(_delivery(one) for one in deliveries)
    nothing = "Nothing was told yet." if url else "No address is set, so nobody is told of anything."
    return Markup(
        "<h1>Webhook</h1><p>Each act here is told to this address once, signed with the secret. What nobody takes is "
        'not told again by itself.</p>{}<h2>Recent deliveries</h2>{}<ul class="rows">{}</ul>'
    ).format(
        form(f"{BASE}/hook", inner, "Save", "primary"),
        "" if rows else Markup('<p class="faint">{}</p>').format(nothing),
        rows,
    )


def _delivery(one: Delivery) -> Markup:
    """Answer one attempt, with what was sent behind it."""
    word, kind = ("Under way", "open") if one.status is None else ("Taken", "done") if one.ok else ("Failed", "failed")
    said = ": ".join(part for part in (str(one.status or ""), one.reason) if part)
    facts = f"{one.guid} · {when(one.at)}{' · sent again' if one.redelivery else ''}"
    return Markup(
        '<li id="delivery-{}"><b>{}</b> {} <span class="faint">{}</span><br><span class="faint">{}</span>{}'
        "<details><summary>What was sent</summary><pre>{}</pre></details></li>"
    ).format(
        one.id,
        ".".join(part for part in (one.event, one.action) if part),
        mark(word, kind),
        said,
        facts,
        press(f"{BASE}/hook/{one.id}/redeliver", "Redeliver"),
        one.body,
    )


def missing(words: str) -> Markup:
    """Answer that something is not there, or was not understood."""
    return Markup('<h1>{}</h1><p><a href="{}/issues">To the issues</a></p>').format(words, BASE)


def path_of(shown: Issue) -> str:
    """Answer the path of an issue's or a pull request's page."""
    return f"{BASE}/{'pull' if shown.is_pull else 'issues'}/{shown.number}"


def _counted(number: int, word: str) -> str:
    """Answer a number of things."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _badge(shown: Issue) -> Markup:
    """Answer where an issue stands."""
    if shown.is_pull:
        return mark("Merged", "done")
    if shown.state == "open":
        return mark("In progress", "started") if IN_PROGRESS in shown.labels else mark("Open", "open")
    return mark("Completed", "done") if shown.state_reason == "completed" else mark("Not planned", "dropped")


def _said(who: str, at: str, text: str, anchor: str) -> Markup:
    """Answer what somebody wrote, without comments: programs leave notes to themselves in them."""
    text = _COMMENT.sub("", text).rstrip()
    return Markup('<article id="{}"><p class="faint"><b>{}</b>, {}</p><div class="text">{}</div></article>').format(
        anchor, who, when(at), text
    )
