"""What the database says of a fault goes into logs, and into the row of what was tried: without anybody's words."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from models import Payout
from tests.feedback.scene import Scene


def test_a_fault_of_the_database_holds_no_values(scene: Scene) -> None:
    with scene.hub.reading() as tx:
        tx.add(Payout(reward_id=404, external_id="x-404", provider="manual", gift="SEALED-7Q2X"))
        with pytest.raises(IntegrityError) as raised:
            tx.flush()
        tx.expunge_all()
    assert "INSERT INTO payouts" in str(raised.value)
    assert "SEALED-7Q2X" not in str(raised.value)
