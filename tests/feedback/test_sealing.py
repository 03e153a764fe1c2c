"""What was written about money stays as it was written, or it shows; and nothing is left out of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
import pytest
from sqlalchemy import create_engine, delete, func, insert, select, text, update

from feedback import audit, rewards, sealing, verifying
from feedback.verifying import Verdict
from handlers import cli
from jobs.outbox import deliver
from jobs.schedule import PERIODIC
from models import Audit, Budget, LedgerTransaction, Outbox, Posting, Seal
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_rewards import approve


def verify(scene: Scene) -> Verdict:
    with scene.hub.reading() as tx:
        return verifying.verify(tx, workspace_id=workspace_of(tx).id)


def seal(scene: Scene) -> None:
    """As the schedule and a worker do."""
    with scene.tx() as tx:
        next(job for job in PERIODIC if job.name == "seal").run(tx, scene.hub.clock())
    with scene.tx() as tx:
        owed = tx.scalars(select(Outbox.id).where(Outbox.kind == "audit.seal")).one()
    deliver(scene.hub, owed)


def meddle(scene: Scene, statement: Any) -> None:
    """Something changes the database beside the product, which no foreign key keeps from it."""
    stranger = create_engine(scene.hub.engine.url)
    with stranger.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(statement)
    stranger.dispose()


@pytest.fixture
def paid(scene: Scene) -> Scene:
    """Something was given, and all of it is sealed."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    approve(scene, scene.reward().id)
    seal(scene)
    return scene


def test_money_is_sealed_with_what_it_does_and_the_rest_later(scene: Scene) -> None:
    with scene.tx() as tx:
        rewards.open_budget(
            tx,
            workspace_id=workspace_of(tx).id,
            name="Calls",
            currency="USD",
            cents=500,
            by=scene.member(tx, "Di"),
            now=scene.hub.clock(),
        )
    assert verify(scene).waiting == 0
    scene.idea("Ana")
    found = verify(scene)
    assert found.waiting > 0
    assert found.wrong == []
    seal(scene)
    after = verify(scene)
    assert (after.waiting, after.links) == (0, found.links + found.waiting)
    with scene.hub.reading() as tx:
        rows = tx.scalar(select(func.count(Audit.id))) or 0
        moves = tx.scalar(select(func.count(LedgerTransaction.id))) or 0
        assert after.links == rows + moves
        numbers = tx.scalars(select(Seal.number).order_by(Seal.number)).all()
        assert list(numbers) == list(range(1, rows + moves + 1))


def test_what_is_committed_late_with_a_smaller_number_is_sealed_too(scene: Scene) -> None:
    scene.idea("Ana")
    with scene.tx() as tx:
        late = tx.scalars(select(Audit).order_by(Audit.id)).first()
        assert late is not None
        kept = {column.key: getattr(late, column.key) for column in Audit.__table__.columns}
        tx.execute(delete(Seal).where(Seal.audit_id == late.id))
        tx.delete(late)
    scene.idea("Flo")
    with scene.tx() as tx:
        tx.execute(delete(Seal))
    seal(scene)
    with scene.tx() as tx:
        tx.execute(insert(Audit).values({**kept, "subject": "idea"}))
    assert verify(scene).waiting == 1
    seal(scene)
    assert verify(scene).waiting == 0
    assert verify(scene).wrong == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (update(Audit).where(Audit.subject == "reward").values(act="declined"), "is not what link"),
        (update(Audit).where(Audit.subject == "idea").values(member_id=None), "is not what link"),
        (delete(Audit).where(Audit.subject == "reward"), "is missing, which link"),
        (update(LedgerTransaction).where(LedgerTransaction.kind == "settle").values(note="x"), "is not what link"),
        (update(Posting).where(Posting.account == "paid").values(amount_cents=1), "is not what link"),
        (delete(Posting).where(Posting.account == "paid"), "does not sum to zero in USD"),
        (delete(Seal).where(Seal.number == 3), "link 3 is missing"),
        (delete(Seal).where(Seal.number == 3), "has no link, so something else wrote it"),
        (update(Seal).where(Seal.number == 3).values(digest="0" * 64), "is not what link 3 sealed"),
        (update(Budget).values(spent_cents=Budget.spent_cents + 1), "says 2501 of paid, and its postings say 2500"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_is_changed_shows(paid: Scene, what: Any, said: str) -> None:
    before = verify(paid)
    assert before.wrong == []
    assert before.links > 5
    meddle(paid, what)
    after = verify(paid)
    assert any(said in wrong for wrong in after.wrong), after.wrong


def put_in(scene: Scene) -> None:
    row: dict[str, Any] = {"workspace_id": 1, "act": "approved", "subject": "reward", "subject_id": 1, "detail": {}}
    meddle(scene, insert(Audit).values(**row, at=scene.hub.clock()))
    move = {"workspace_id": 1, "key": "put in", "kind": "fund", "note": "", "posted_at": scene.hub.clock()}
    meddle(scene, insert(LedgerTransaction).values(**move))


def test_what_was_put_in_beside_the_product_is_not_sealed_by_itself(paid: Scene) -> None:
    put_in(paid)
    seal(paid)
    wrong: Sequence[str] = verify(paid).wrong
    assert len(wrong) == 2
    assert "the audit’s row" in wrong[0]
    assert "the ledger’s transaction" in wrong[1]
    assert all("something else wrote it" in each for each in wrong)
    with paid.tx() as tx:
        assert sealing.seal_strangers(tx, workspace_id=workspace_of(tx).id) == 2
    assert verify(paid).wrong == []


def test_the_terminal_says_it_in_a_line_and_ends_with_one_where_it_does_not_fit(
    paid: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.verify_audit(paid.hub)
    said = capsys.readouterr().out
    found = verify(paid)
    assert said == f"Fieldnotes: {found.links} links fit; the ledger adds up. Last digest: {found.digest}\n"
    put_in(paid)
    with pytest.raises(click.exceptions.Exit) as ended:
        cli.verify_audit(paid.hub)
    assert ended.value.exit_code == 1
    said = capsys.readouterr().out
    assert said.startswith(f"Fieldnotes: {found.links} links fit. But the audit’s row ")
    assert said.count("\n") == 1
    cli.seal_audit(paid.hub)
    assert capsys.readouterr().out == "Fieldnotes: 2 sealed\n"
    cli.verify_audit(paid.hub)


def test_what_was_there_before_there_was_a_chain_comes_first(paid: Scene) -> None:
    with paid.tx() as tx:
        tx.execute(delete(Seal))
    before = verify(paid)
    assert (before.links, before.wrong) == (0, [])
    seal(paid)
    after = verify(paid)
    assert after.wrong == []
    assert after.waiting == 0
    with paid.hub.reading() as tx:
        first = tx.scalars(select(Seal).order_by(Seal.number)).first()
        assert first is not None
        assert first.audit_id == tx.scalar(select(func.min(Audit.id)))


def test_an_odd_row_is_sealed_as_the_database_holds_it(scene: Scene) -> None:
    detail: dict[str, Any] = {
        "10": 1.1,
        "9": [1e300, None, True],
        "é\u2028": "“\U0001f9f4”",
        "deep": {"b": {}, "a": ""},
    }
    with scene.tx() as tx:
        audit.record(
            tx,
            workspace_id=workspace_of(tx).id,
            by=None,
            act="changed",
            subject="rule",
            subject_id=1,
            now=scene.hub.clock(),
            **detail,
        )
        audit.record_each(
            tx,
            workspace_id=workspace_of(tx).id,
            by=None,
            act="changed",
            subject="budget",
            details={1: detail, 2: {}},
            now=scene.hub.clock(),
        )
    assert verify(scene).wrong == []


def test_many_who_write_at_once_make_one_chain(scene: Scene) -> None:
    def write(number: int) -> None:
        with scene.tx() as tx:
            rewards.open_budget(
                tx,
                workspace_id=workspace_of(tx).id,
                name=f"Budget {number}",
                currency="EUR",
                cents=number + 1,
                by=None,
                now=scene.hub.clock(),
            )
        if number % 5 == 0:
            seal(scene)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(20)))
    found = verify(scene)
    assert found.wrong == []
    with scene.hub.reading() as tx:
        assert tx.scalar(select(func.max(Seal.number))) == found.links >= 40
