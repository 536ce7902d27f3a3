"""The two axes of a payment."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger.events import EventType, NewEvent, Value
from core.ledger.states import (
    MONEY_MOVES,
    RECEIPT_MOVES,
    RECEIPT_NEEDS,
    REPORTED,
    TERMINAL,
    WORDS,
    Money,
    PaymentStatus,
    Receipt,
    listed,
    moved,
    paid_as,
)
from core.refusals import Code, Refusal
from tests.builders import NOW

LATER = NOW + timedelta(days=3)
NEW = listed(1, NOW)


def event(kind: EventType, **body: Value | None) -> NewEvent:
    if kind in WORDS and not body:
        body = {"person": 1, "basis": "self"}
    return NewEvent(kind, "s", "staff:T1", NOW, body=body)


def at(money: Money, receipt: Receipt = Receipt.NOT_ASKED) -> PaymentStatus:
    held = Money.APPROVED if money is Money.HELD else None
    return replace(NEW, money=money, receipt=receipt, held_from=held)


@pytest.mark.parametrize(("kind", "money"), list(product(MONEY_MOVES, Money)))
def test_money_moves_as_the_table_says_and_no_other_way(kind: EventType, money: Money) -> None:
    target = MONEY_MOVES[kind].get(money)
    if kind is EventType.RELEASED and money is Money.HELD:
        target = Money.APPROVED

    # What was held when its month was closed over it ends outside its month.
    outside = {(EventType.REISSUED, Money.APPROVED), (EventType.REFUNDED, Money.APPROVED),
               (EventType.REFUNDED, Money.HELD)}  # fmt: skip
    before = at(money)
    if (kind, money) in outside:
        assert isinstance(moved(before, event(kind), 2, LATER), Refusal)
        before = replace(before, carried_event_id=1)
    after = moved(before, event(kind), 2, LATER)

    if target is None:
        assert after == Refusal(
            Code.PAYMENT_ILLEGAL_MOVE, {"state": money.value, "event": kind.value}
        )
    else:
        assert isinstance(after, PaymentStatus)
        assert (after.money, after.receipt) == (target, Receipt.NOT_ASKED)
        assert (after.version, after.last_event_id) == (2, 2)


@pytest.mark.parametrize(("kind", "money", "receipt"), list(product(RECEIPT_MOVES, Money, Receipt)))
def test_words_move_only_the_receipt_axis(kind: EventType, money: Money, receipt: Receipt) -> None:
    before = at(money, receipt)
    after = moved(before, event(kind), 2, LATER)

    legal = receipt in RECEIPT_MOVES[kind] and money in RECEIPT_NEEDS[kind]
    if legal:
        target = RECEIPT_MOVES[kind][receipt]
        assert after == replace(before, receipt=target, last_event_id=2, version=2)
    else:
        assert isinstance(after, Refusal)


@pytest.mark.parametrize("kind", sorted(set(EventType) - {EventType.LISTED}))
def test_nothing_happens_to_a_payment_that_is_not_listed(kind: EventType) -> None:
    assert isinstance(moved(None, event(kind), 1, NOW), Refusal)


def test_a_payment_is_listed_once() -> None:
    assert moved(None, event(EventType.LISTED), 1, NOW) == NEW
    assert isinstance(moved(NEW, event(EventType.LISTED), 2, NOW), Refusal)


@pytest.mark.parametrize(
    "body",
    [
        {"person": 1, "basis": "relative"},
        {"person": 1, "basis": "carer"},
        {"basis": "self"},
        {"person": 1},
        {"person": "x", "basis": "self"},
    ],
)
@pytest.mark.parametrize("kind", sorted(WORDS))
def test_only_those_with_a_standing_move_the_receipt_axis(
    kind: EventType, body: dict[str, Value]
) -> None:
    assert moved(at(Money.SETTLED), event(kind, **body), 2, NOW) == Refusal(Code.NO_STANDING)


def test_silence_never_replaces_a_word_and_never_stops_money() -> None:
    assert isinstance(
        moved(at(Money.SETTLED, Receipt.SHORT), event(EventType.SILENT), 2, NOW), Refusal
    )
    silent = at(Money.APPROVED, Receipt.SILENT)
    after = moved(silent, event(EventType.INSTRUCTED), 2, NOW)
    assert isinstance(after, PaymentStatus)
    assert after.money is Money.INSTRUCTED


def test_a_route_is_taken_whole_and_kept_until_the_next() -> None:
    body: dict[str, Value] = {
        "method": "cash",
        "provider": "post",
        "version": 7,
        "pay_point": "BD-19960-1",
    }
    routed = moved(NEW, event(EventType.ROUTED, **body), 2, LATER)
    assert isinstance(routed, PaymentStatus)
    assert (routed.method, routed.provider, routed.method_version_id, routed.pay_point) == (
        "cash",
        "post",
        7,
        "BD-19960-1",
    )
    assert routed.changed_at == NOW
    again = moved(routed, event(EventType.ROUTED, method="account", provider="vietinbank"), 3, NOW)
    assert isinstance(again, PaymentStatus)
    assert (again.method_version_id, again.pay_point) == (None, None)


def test_a_provider_report_keeps_its_own_day_and_ours() -> None:
    late_evening = NOW.replace(hour=17)
    reported = replace(event(EventType.SETTLED), effective_at=late_evening)
    after = moved(at(Money.INSTRUCTED), reported, 2, LATER)

    assert isinstance(after, PaymentStatus)
    assert (after.effective_on, after.reported_at) == (date(2021, 4, 16), LATER)


def test_what_left_its_month_on_hold_is_never_ordered_in_it() -> None:
    held = moved(at(Money.HELD), event(EventType.CARRIED), 2, NOW)
    assert isinstance(held, PaymentStatus)
    assert (held.money, held.held_from, held.carried_event_id) == (Money.HELD, Money.APPROVED, 2)
    released = moved(held, event(EventType.RELEASED), 3, NOW)
    assert isinstance(released, PaymentStatus)
    assert released.money is Money.APPROVED
    assert isinstance(moved(released, event(EventType.INSTRUCTED), 4, NOW), Refusal)
    assert isinstance(moved(released, event(EventType.CARRIED), 4, NOW), Refusal)
    never_owed = replace(at(Money.HELD), held_from=Money.LISTED)
    assert isinstance(moved(never_owed, event(EventType.CARRIED), 2, NOW), Refusal)


def test_a_reason_ends_with_what_it_was_the_reason_of() -> None:
    held = moved(NEW, event(EventType.HELD, reason="TRUNG"), 2, NOW)
    assert isinstance(held, PaymentStatus)
    assert held.reason == "TRUNG"
    released = moved(held, event(EventType.RELEASED), 3, NOW)
    assert isinstance(released, PaymentStatus)
    assert (released.reason, released.money, released.held_from) == (None, Money.LISTED, None)


@pytest.mark.parametrize("money", [Money.INSTRUCTED, Money.ACCEPTED, Money.READY_CASH,
                                   Money.HOME_PENDING])  # fmt: skip
def test_paid_has_its_own_event_for_each_way(money: Money) -> None:
    after = moved(at(money), event(paid_as(money)), 2, NOW)

    assert isinstance(after, PaymentStatus)
    assert after.money is Money.SETTLED


@given(st.lists(st.sampled_from(sorted(EventType)), max_size=30))
def test_a_status_is_a_fold_in_which_refusals_leave_no_trace(kinds: list[EventType]) -> None:
    status = NEW
    taken = []
    for number, kind in enumerate(kinds, 2):
        after = moved(status, event(kind), number, NOW + timedelta(hours=number))
        if isinstance(after, Refusal):
            continue
        assert after.version == status.version + 1
        assert (after.reported_at is not None) >= (kind in REPORTED)
        status = after
        taken.append((number, kind))
    again = NEW
    for number, kind in taken:
        folded = moved(again, event(kind), number, NOW + timedelta(hours=number))
        assert isinstance(folded, PaymentStatus)
        again = folded

    assert again == status


def test_what_has_ended_goes_nowhere_but_back_from_a_bank() -> None:
    onward = {
        (money, kind) for money in TERMINAL for kind in MONEY_MOVES if money in MONEY_MOVES[kind]
    }

    assert onward == {(Money.SETTLED, EventType.RETURNED)}
