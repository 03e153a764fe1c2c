"""What messages hold: texts out of the database, found out with no transaction open, the answer back in.

As in jobs/themes.py the packages are loaded where they are used.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from feedback import judgements
from feedback.blocks import judgements as judgement_blocks
from feedback.hub import Hub
from jobs.plans import Plan, Tx, Whisper, Work

if TYPE_CHECKING:
    from feedback.clustering import kinds

_judges: dict[int, tuple[str, kinds.Judge]] = {}
"""By workspace: the version of the refit in use ("" where there is none), and who judges by it."""


def judge(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Finds out whether a message holds feedback, and of which kind."""
    wanted = judgements.to_judge(tx, message_id=ids["message_id"])
    if wanted is None:
        return None

    def run() -> None:
        judge = judge_of(hub, wanted.workspace_id)
        verdict, of_own = judge.judge([wanted.text, wanted.own])
        kind, probability = (verdict.kind, verdict.probability) if verdict else (None, 0.0)
        # "Hello everyone" is not kept by itself for what its author adds below it: whoever looks can tell.
        alone = of_own.probability if of_own and of_own.kind == kind else 0.0
        found: dict[str, Any] = {"kind": kind, "probability": probability, "alone": alone, "version": judge.version}
        with hub.transaction() as tx:
            judgements.keep(tx, seen=wanted, **found, now=now)

    return Work(run)


def judge_of(hub: Hub, workspace_id: int) -> kinds.Judge:
    from feedback.clustering import kinds

    with hub.reading() as tx:
        refit = judgements.in_use(tx, workspace_id=workspace_id)
        version = refit.version if refit else ""
        known = _judges.get(workspace_id)
        if known and known[0] == version:
            return known[1]
        packed = judgements.numbers_of(tx, refit=refit) if refit else None
    judge = kinds.load(packed)
    if refit and judge.version != refit.version:
        # It was added to other shipped numbers than there are by now, and means nothing beside these.
        hub.log.info("kinds.outdated", refit=refit.version, shipped=kinds.load().version)
        judge = kinds.load()
    _judges[workspace_id] = version, judge
    return judge


def ask(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Asks an author whether to keep what they said. In the thread, where there is one: Slack shows what is for one
    person alone only in threads that somebody has answered in."""
    found = judgements.get(tx, judgement_id=ids["judgement_id"])
    if found is None or not judgements.question_stands(tx, judgement=found, now=now):
        judgements.leave_to_team(tx, judgement_id=ids["judgement_id"])
        return None
    message, judgement_id = found.message, found.id
    assert message.author is not None
    return Whisper(
        message=judgement_blocks.question(found),
        user_id=message.author.slack_id,
        channel_id=message.channel_id,
        thread_ts=judgements.thread_of(tx, message=message),
        when_shown=lambda tx: judgements.asked(tx, judgement_id=judgement_id),
        when_lost=lambda tx: judgements.leave_to_team(tx, judgement_id=judgement_id),
    )


def refit(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Learns from what people decided; judges so from then on if that is better for what it was not made of."""
    wanted = judgements.to_refit(tx, workspace_id=ids["workspace_id"])

    def run() -> None:
        from feedback.clustering import kinds

        in_use = judge_of(hub, wanted.workspace_id)
        made = kinds.refit(in_use, wanted.texts, wanted.kinds, wanted.message_ids)
        if made is None:
            hub.log.info("kinds.too_few", corrections=len(wanted.texts))
            return
        with hub.transaction() as tx:
            judgements.keep_refit(
                tx,
                workspace_id=wanted.workspace_id,
                version=made.version,
                numbers=made.packed,
                corrections=made.fitted,
                held_out=made.held_out,
                macro_f1=(made.before.macro_f1, made.after.macro_f1),
                brier=(made.before.brier, made.after.brier),
                switched=made.is_better,
                now=now,
            )
        hub.log.info("kinds.refitted", corrections=made.fitted, held_out=made.held_out, switched=made.is_better)

    return Work(run)
