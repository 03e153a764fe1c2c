"""What a person does at a terminal: look at the settings, upgrade the database, give somebody a role."""

from __future__ import annotations

from collections.abc import Callable

import click

from feedback import members, privacy, sealing, settings, verifying, workspaces
from feedback.database import check_answers, connect
from feedback.errors import Refused
from feedback.hub import Hub
from models import migrations

HubMaker = Callable[[], Hub]


def show_settings() -> None:
    """Each setting with its meaning, default and present state; secrets hidden."""
    for name, meaning, default, state in settings.table(settings.read()):
        click.echo(f"{name:22} {state}")
        click.echo(f"{'':22} {meaning}" + (f" Default: {default}" if default else ""))


def upgrade_database() -> None:
    engine = connect(settings.read().database_url)
    check_answers(engine)
    migrations.upgrade(engine)
    click.echo("The database has the newest schema.")


def check_database() -> None:
    """Exit 1 where the schema is old, or the models say something that no migration does."""
    engine = connect(settings.read().database_url)
    check_answers(engine)
    if not migrations.is_current(engine):
        raise click.ClickException("The schema is not the newest: run `python app.py db upgrade`.")
    migrations.check(engine)
    click.echo("The schema is the newest, and says what the models say.")


def give_role(hub: Hub, handle: str, role: str) -> None:
    try:
        with hub.transaction() as tx:
            member = members.set_role_from_terminal(tx, handle=handle, role=role, now=hub.clock())
    except Refused as refused:
        raise click.ClickException(refused.say) from None
    click.echo(f"{member.name} is a {role} now." if role != "product" else f"{member.name} is on the product team now.")


def erase_member(hub: Hub, handle: str) -> None:
    try:
        with hub.transaction() as tx:
            member = members.find_from_terminal(tx, handle=handle)
            privacy.ask(tx, member_id=member.id, by=None, now=hub.clock())
    except Refused as refused:
        raise click.ClickException(refused.say) from None
    click.echo(f"{member.name} is being forgotten. The worker does it, in a minute or so.")


def verify_audit(hub: Hub) -> None:
    """One line a workspace. Exit 1 where something is not as it was written."""
    with hub.reading() as tx:
        found = [(each.name, verifying.verify(tx, workspace_id=each.id)) for each in workspaces.every(tx)]
    for name, verdict in found:
        waiting = f"; not sealed yet: {verdict.waiting:,}" if verdict.waiting else ""
        emptied = f"; without the words of people who were forgotten: {verdict.emptied:,}" if verdict.emptied else ""
        until = f"{verdict.links:,} links fit{waiting}{emptied}"
        if verdict.wrong:
            click.echo(f"{name}: {until}. But {'; '.join(verdict.wrong)}.")
        else:
            click.echo(f"{name}: {until}; the ledger adds up. Last digest: {verdict.digest or 'none'}")
    if any(verdict.wrong for _, verdict in found):
        raise click.exceptions.Exit(1)


def seal_audit(hub: Hub) -> None:
    """What nothing else will seal: rows about money that something beside the product wrote, or an older version of
    it. For a person who has looked at them."""
    with hub.transaction() as tx:
        for each in workspaces.every(tx):
            count = sealing.seal_strangers(tx, workspace_id=each.id)
            click.echo(f"{each.name}: {count:,} sealed")
