"""Writing events: in sets, once, in order, and all or nothing with what follows from them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest
import sqlalchemy as sa

from core.ledger import reads
from core.ledger.events import EventType, NewEvent, NotForABody, Posting, Recorded, Value
from core.ledger.journal import Unbalanced, funding
from core.ledger.listing import NewPayment, list_payments
from core.ledger.record import Ledger, NotByRecord, UnknownPayment
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from core.store.tables.ledger import event, payment, payment_status, posting
from tests import builders

T = TypeVar("T")
ROUTE: dict[str, Value | None] = {"method": "cash", "provider": "post", "pay_point": "BD-19960-1"}


def write(store: Store, work: Callable[[Tx], T]) -> T:
    return store.transact(work, CommitPoint.IMPORT_CHUNK)


def about(kind: EventType, number: int, source: str = "", **body: Value | None) -> NewEvent:
    return NewEvent(
        kind, source or f"{kind}:{number}", "staff:T1", builders.NOW, payment_id=number, body=body
    )


def listed_for(ledger: Ledger, tx: Tx, count: int) -> list[int]:
    owners = builders.beneficiaries(tx, [f"HT{at:06}" for at in range(count)])
    new = [
        NewPayment(builders.CYCLE, owner, f"HT{at:06}", builders.PHU_BAI, 540_000)
        for at, owner in enumerate(owners)
    ]
    return [one.event.payment_id or 0 for one in whole(list_payments(ledger, tx, new, actor="t"))]


def whole(found: Sequence[Recorded | Refusal]) -> list[Recorded]:
    assert all(isinstance(one, Recorded) for one in found), found
    return [one for one in found if isinstance(one, Recorded)]


def rows(store: Store, table: sa.Table) -> int:
    return store.read(
        lambda tx: tx.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    )


def test_events_of_one_payment_fold_in_the_order_given(store: Store) -> None:
    ledger = builders.a_ledger()

    def work(tx: Tx) -> list[Recorded | Refusal]:
        number = builders.a_payment(tx, ledger)
        kinds = [EventType.APPROVED, EventType.INSTRUCTED, EventType.SETTLED, EventType.ASKED]
        return ledger.record(
            tx, [about(EventType.ROUTED, number, "", **ROUTE), *(about(k, number) for k in kinds)]
        )

    found = whole(write(store, work))

    assert [one.id for one in found] == list(range(found[0].id, found[0].id + 5))
    assert [one.after and one.after.money.value for one in found] == [
        *("LISTED", "APPROVED", "INSTRUCTED", "SETTLED", "SETTLED")
    ]
    assert [one.before and one.before.version for one in found] == [1, 2, 3, 4, 5]
    (facts,) = store.read(
        lambda tx: reads.payments_in(tx, found[0].event.beneficiary_id or 0, builders.CYCLE)
    )
    assert (facts.money, facts.receipt, facts.provider) == ("SETTLED", "ASKED", "post")
    assert facts.event_ids == (found[0].id - 1, *(one.id for one in found))


def test_what_cannot_happen_is_refused_in_its_place_and_leaves_nothing(store: Store) -> None:
    ledger = builders.a_ledger()

    def work(tx: Tx) -> list[Recorded | Refusal]:
        number = builders.a_payment(tx, ledger)
        return ledger.record(
            tx,
            [
                about(EventType.SETTLED, number),
                about(EventType.HELD, number, reason="TRUNG"),
                about(EventType.APPROVED, number),
                about(EventType.RELEASED, number),
            ],
        )

    found = write(store, work)

    assert [isinstance(one, Recorded) for one in found] == [False, True, False, True]
    assert found[0] == Refusal(Code.PAYMENT_ILLEGAL_MOVE, {"state": "LISTED", "event": "settled"})
    assert rows(store, event) == 3


def test_the_same_cause_never_counts_twice(store: Store) -> None:
    heard: list[Recorded] = []
    ledger = builders.a_ledger(lambda _, recorded: heard.extend(recorded))
    number = write(store, lambda tx: builders.a_payment(tx, ledger))
    held = about(EventType.HELD, number, reason="TRUNG")
    (first,) = whole(write(store, lambda tx: ledger.record(tx, [held])))

    again = whole(write(store, lambda tx: ledger.record(tx, [held, held])))

    assert [(one.id, one.is_new) for one in again] == [(first.id, False), (first.id, False)]
    assert (rows(store, event), len(heard)) == (2, 2)


def test_the_same_cause_twice_in_one_call_counts_once(store: Store) -> None:
    ledger = builders.a_ledger()

    def work(tx: Tx) -> list[Recorded | Refusal]:
        number = builders.a_payment(tx, ledger)
        return ledger.record(tx, [about(EventType.HELD, number)] * 2)

    first, second = whole(write(store, work))

    assert (second.id, second.is_new, first.is_new) == (first.id, False, True)


def test_the_same_cause_with_other_content_is_a_conflict_for_a_person(store: Store) -> None:
    ledger = builders.a_ledger()
    number = write(store, lambda tx: builders.a_payment(tx, ledger))
    write(store, lambda tx: ledger.record(tx, [about(EventType.HELD, number, "row:1", a=1)]))

    (found,) = write(
        store, lambda tx: ledger.record(tx, [about(EventType.HELD, number, "row:1", a=2)])
    )

    assert isinstance(found, Refusal)
    assert found.code is Code.ROW_CONFLICT


def test_reactors_hear_what_is_new_in_the_same_transaction(store: Store) -> None:
    class Stop(Exception):
        pass

    def fails(tx: Tx, recorded: Sequence[Recorded]) -> None:
        assert tx.connection.execute(sa.select(event.c.id)).scalars().all()
        raise Stop

    ledger = builders.a_ledger(fails)
    with pytest.raises(Stop):
        write(store, lambda tx: builders.a_payment(tx, ledger))

    assert [rows(store, table) for table in (payment, event, posting, payment_status)] == [0] * 4


def test_a_thousand_events_are_a_few_statements(store: Store) -> None:
    ledger = builders.a_ledger()
    numbers = write(store, lambda tx: listed_for(ledger, tx, 300))
    seen: list[str] = []

    def counted(kind: EventType, some: list[int]) -> int:
        seen.clear()
        write(store, lambda tx: ledger.record(tx, [about(kind, n, "", **ROUTE) for n in some]))
        return len([text for text in seen if "SAVEPOINT" not in text and "BEGIN" not in text])

    def watch(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(store.engine, "before_cursor_execute", watch)
    one = counted(EventType.ROUTED, numbers[:1])
    many = counted(EventType.ROUTED, numbers[1:])
    with_postings = counted(EventType.APPROVED, numbers)
    sa.event.remove(store.engine, "before_cursor_execute", watch)

    assert one == many <= 7
    assert with_postings <= many + 1


def test_numbers_have_no_gap_on_sqlite(sqlite_url: str, keyring: Keyring) -> None:
    store = open_store(sqlite_url, keyring)
    ledger = builders.a_ledger()
    numbers = write(store, lambda tx: listed_for(ledger, tx, 5))
    write(store, lambda tx: ledger.record(tx, [about(EventType.SETTLED, n) for n in numbers]))
    write(store, lambda tx: ledger.record(tx, [about(EventType.HELD, n) for n in numbers]))

    found = store.read(lambda tx: tx.connection.execute(sa.select(event.c.id)).scalars().all())
    store.close()
    assert sorted(found) == list(range(1, 11))


def test_a_month_event_needs_its_postings_to_balance(store: Store) -> None:
    ledger = builders.a_ledger()

    def suspense(lines: tuple[Posting, ...]) -> NewEvent:
        return NewEvent(
            EventType.SUSPENSE_IN, "s:1", "t", builders.NOW, builders.CYCLE, postings=lines
        )

    with pytest.raises(Unbalanced):
        write(store, lambda tx: ledger.record(tx, [suspense((Posting("C400", 5, "2021-04"),))]))
    write(store, lambda tx: ledger.record(tx, [suspense(funding(builders.CYCLE, "post", 5))]))

    assert (rows(store, event), rows(store, posting)) == (1, 2)


def test_what_only_the_ledger_may_do_is_a_fault(store: Store) -> None:
    ledger = builders.a_ledger()
    number = write(store, lambda tx: builders.a_payment(tx, ledger))
    wrong = {
        UnknownPayment: about(EventType.HELD, 999_999),
        NotByRecord: about(EventType.LISTED, number),
        NotForABody: about(EventType.HELD, number, name="Nguyễn Thị Lan"),
    }

    for fault, one in wrong.items():
        with pytest.raises(fault):
            write(store, lambda tx, one=one: ledger.record(tx, [one]))  # type: ignore[misc]
    assert rows(store, event) == 1


def test_a_payment_is_listed_once_for_ever(store: Store) -> None:
    ledger = builders.a_ledger()
    owner = write(store, builders.a_beneficiary)
    new = NewPayment(builders.CYCLE, owner, "HT000123", builders.PHU_BAI, 540_000)
    other = NewPayment(builders.CYCLE, owner, "HT000123", builders.PHU_BAI, 540_000, seq=2)

    first, twin, second = whole(
        write(store, lambda tx: list_payments(ledger, tx, [new, new, other], actor="t"))
    )
    again = whole(write(store, lambda tx: list_payments(ledger, tx, [new, other], actor="t")))

    assert new.code == "2104-HT000123-M-1"
    assert (twin.id, twin.is_new) == (first.id, False)
    assert [(one.id, one.is_new) for one in again] == [(first.id, False), (second.id, False)]
    assert again[0].event.payment_id == first.event.payment_id
    assert rows(store, payment) == 2
    listed = first.after
    assert listed is not None
    assert (listed.money, first.before) == (Money.LISTED, None)


def test_listed_again_with_another_sum_it_is_a_conflict_and_the_first_stands(store: Store) -> None:
    ledger = builders.a_ledger()
    owner = write(store, builders.a_beneficiary)
    new = NewPayment(builders.CYCLE, owner, "HT000123", builders.PHU_BAI, 540_000)
    dearer = NewPayment(builders.CYCLE, owner, "HT000123", builders.PHU_BAI, 540_000, 270_000)
    write(store, lambda tx: list_payments(ledger, tx, [new], actor="t"))

    found = write(store, lambda tx: list_payments(ledger, tx, [dearer], actor="t"))

    assert found == [
        Refusal(Code.ROW_CONFLICT, {"payment": "2104-HT000123-M-1", "amount": 540_000})
    ]
    (facts,) = store.read(lambda tx: reads.payments_of(tx, owner))
    assert facts.amount == 540_000
