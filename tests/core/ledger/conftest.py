"""A month on its way, for whoever needs real events in real tables."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from core.ledger import cycles
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.record import Ledger
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from tests import builders

T = TypeVar("T")


@dataclass
class Office:
    """Whoever writes in the ledger, and whoever tampers with it behind its back."""

    store: Store
    ledger: Ledger
    heads: Path
    payments: tuple[int, ...] = ()

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.CYCLE_MOVE)

    def read(self, work: Callable[[Tx], T]) -> T:
        return self.store.read(work)

    def record(
        self, kind: EventType, number: int, source: str = "", **body: Value | None
    ) -> Recorded | Refusal:
        event = NewEvent(
            kind,
            source or f"{kind}:{number}",
            "provider:post",
            builders.NOW,
            payment_id=number,
            body=body,
        )
        (found,) = self.do(lambda tx: self.ledger.record(tx, [event]))
        return found

    def tamper(self, *statements: str) -> None:
        """Change rows as somebody with the password of the database would."""
        with self.store.engine.begin() as connection:
            for off in _unguarded(connection):
                connection.exec_driver_sql(off)
            for statement in statements:
                connection.exec_driver_sql(statement)


def _unguarded(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [f"DROP TRIGGER {name}" for name in names.scalars()]
    return ["SET session_replication_role = replica"]


def move(office: Office, done: Callable[..., Any], **values: Any) -> None:
    found = office.do(lambda tx: done(tx, office.ledger, cycle=builders.CYCLE, **values))
    assert not isinstance(found, Refusal), found


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """Three payments in cash by the Post, ordered; the last one settled."""
    ledger = builders.a_ledger()
    office = Office(store, ledger, tmp_path / "heads")
    codes = ("HT000001", "HT000002", "HT000003")
    office.payments = tuple(
        office.do(lambda tx, code=code: builders.a_payment(tx, ledger, code))  # type: ignore[misc]
        for code in codes
    )
    move(office, cycles.imported, file=1, actor="staff:T1")
    office.do(
        lambda tx: cycles.freeze(tx, ledger, builders.a_programme(), cycle=builders.CYCLE, by="T1")
    )
    move(office, cycles.approve, by="A")
    move(office, cycles.approve, by="B")
    money = 3 * 540_000
    move(
        office,
        builders.advised(cycles.fund),
        provider="post",
        amount=money,
        day=builders.NOW,
        source="a",
        actor="t",
    )
    move(office, cycles.instruct, provider="post", order_sha256="ab" * 32, by="T1")
    settled = office.record(EventType.SETTLED, office.payments[-1])
    assert isinstance(settled, Recorded)
    return office
