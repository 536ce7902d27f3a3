"""A district whose people registered and were listed, with the money on its way."""

from bench import lists
from bench.ground import CYCLE, DAY, Ground
from bench.imports import desk, taken
from core.exchange import payroll, registrations
from core.ledger.events import EventType, NewEvent
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.tables.ledger import payment, payment_status


def listed(ground: Ground, store: Store, people: int) -> None:
    """People with phones and consents are listed for the month; nothing was paid yet."""
    name = f"{people}.xlsx"
    register, month = ground.folder / f"people-{name}", ground.folder / f"payroll-{name}"
    if not month.exists():
        lists.registrations(register, ground.programme, people)
        lists.payroll(month, ground.programme, people)
    taken(register, registrations.KIND, desk(ground, store, "registrations"))
    taken(month, payroll.KIND, desk(ground, store, "payroll"))


def instructed(store: Store) -> None:
    """The providers have the money, without the officers' steps: these are not what is timed."""

    def work(tx: Tx) -> None:
        tx.connection.execute(
            payment_status.update().values(money="INSTRUCTED", provider="post", method="cash")
        )

    store.transact(work, CommitPoint.SIMULATE)


def settlements(store: Store) -> list[NewEvent]:
    """What a provider's file of results says when everybody was paid."""
    columns = payment.c
    query = payment.select().order_by(columns.id)
    rows = store.read(lambda tx: tx.connection.execute(query).all())
    return [
        NewEvent(
            type=EventType.SETTLED,
            source=f"result:post:{row.code}",
            actor="provider:post",
            effective_at=DAY,
            cycle=CYCLE,
            payment_id=row.id,
            beneficiary_id=row.beneficiary_id,
            body={"file": "file:3", "amount": row.amount, "reason": None},
        )
        for row in rows
    ]
