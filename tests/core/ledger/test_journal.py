"""What events post."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger import journal
from core.ledger.events import EventType, NewEvent, Posting
from core.ledger.journal import Account, Source, Sum, postings_of
from core.ledger.states import MONEY_MOVES, Money, PaymentStatus, listed, moved
from tests.builders import CYCLE, NOW

SUMS = Sum(3, CYCLE, "19960", 810_000, 540_000, 270_000)
WITH_PROVIDER = {Money.INSTRUCTED, Money.ACCEPTED, Money.READY_CASH}


def walked(kinds: list[EventType], sums: Sum = SUMS) -> tuple[Money, Counter[str]]:
    """Where a payment ends up after all of `kinds` that are possible, and its balances."""
    route = {"method": "cash", "provider": "post"}
    first = moved(None, NewEvent(EventType.LISTED, "s", "a", NOW), 1, NOW)
    assert isinstance(first, PaymentStatus)
    status = moved(first, NewEvent(EventType.ROUTED, "s", "a", NOW, body=route), 2, NOW)
    assert isinstance(status, PaymentStatus)
    balances: Counter[str] = Counter()
    for number, kind in enumerate(kinds, 3):
        after = moved(status, NewEvent(kind, "s", "a", NOW), number, NOW)
        if not isinstance(after, PaymentStatus):
            continue
        lines = postings_of(kind, status, sums)
        assert sum(line.amount for line in lines) == 0
        assert all((line.cycle, line.payment_id) == (CYCLE, sums.payment_id) for line in lines)
        for line in lines:
            balances[line.account] += line.amount
        status = after if kind is not EventType.ROUTED else status
    return status.money, balances


@given(st.lists(st.sampled_from(sorted(MONEY_MOVES)), max_size=40))
def test_the_balances_say_where_the_money_is(kinds: list[EventType]) -> None:
    money, balances = walked(kinds)
    amount = SUMS.amount
    owed = -balances[Account.PAYABLE]
    moving = balances[Account.IN_TRANSIT], balances[Account.WITH_OFFICER]

    assert sum(balances.values()) == 0
    assert moving == (
        amount * (money in WITH_PROVIDER),
        amount * (money is Money.HOME_PENDING),
    )
    if money in {Money.SETTLED, Money.REISSUED, Money.REFUNDED, Money.CANCELLED, Money.LISTED}:
        assert owed == 0
    if money in {*WITH_PROVIDER, Money.HOME_PENDING}:
        assert owed == amount
    if money in {Money.APPROVED, Money.FAILED, Money.RETURNED, Money.UNCLAIMED}:
        # At a close it leaves its month, and is owed just as much.
        assert owed - balances[Account.CARRIED_OVER] == amount
        assert owed in {0, amount}
    if money in {Money.FAILED, Money.RETURNED, Money.UNCLAIMED}:
        assert balances[Account.AT_PROVIDER] == 0


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_an_approval_splits_the_month_from_what_is_paid_back(monthly: int, arrears: int) -> None:
    sums = Sum(3, CYCLE, "19960", monthly + arrears, monthly, arrears)
    _, balances = walked([EventType.APPROVED], sums)

    assert balances[Account.BENEFIT] == monthly
    assert balances[Account.BACK_PAY] == arrears
    assert balances[Account.PAYABLE] == -(monthly + arrears)


@pytest.mark.parametrize("kept_by", ["post", "vietinbank"])
def test_what_is_issued_again_was_owed_before(kept_by: str) -> None:
    source = Source(3, "2021-03", "19960", kept_by)
    sums = Sum(4, CYCLE, "19960", 540_000, 540_000, 0, source)
    before = replace(listed(1, NOW), provider="post")
    lines = [
        (one.account, one.amount, one.cycle, one.provider, one.payment_id)
        for one in postings_of(EventType.APPROVED, before, sums)
    ]

    owed = [
        ("L210", 540_000, "2021-03", kept_by, 3),
        ("L200", -540_000, CYCLE, "post", 4),
    ]
    # Another provider is funded anew; the same one pays with what it kept.
    along = [("A110", 540_000, CYCLE, "post", 4), ("A110", -540_000, "2021-03", "post", 3)]
    assert lines == (owed + along if kept_by == "post" else owed)


def test_a_re_issue_that_is_cancelled_early_is_owed_no_more() -> None:
    sums = Sum(4, CYCLE, "19960", 540_000, 540_000, 0, Source(3, "2021-03", "19960", "post"))
    lines = postings_of(EventType.CANCELLED, listed(1, NOW), sums)
    assert [(one.account, one.amount, one.cycle) for one in lines] == [
        ("L210", 540_000, "2021-03"),
        ("E320", -540_000, CYCLE),
    ]


def test_a_payment_that_is_held_after_approval_is_owed_but_not_payable() -> None:
    money, balances = walked([EventType.APPROVED, EventType.HELD])

    assert money is Money.HELD
    assert (balances[Account.PAYABLE], balances[Account.ON_HOLD]) == (0, -SUMS.amount)


@pytest.mark.parametrize("kinds", [[EventType.HELD, EventType.CANCELLED], [EventType.CANCELLED]])
def test_what_was_never_approved_posts_nothing_when_it_ends(kinds: list[EventType]) -> None:
    money, balances = walked(kinds)

    assert money is Money.CANCELLED
    assert +balances == {}


@pytest.mark.parametrize(
    ("lines", "debit", "credit"),
    [
        (journal.funding(CYCLE, "post", 5), "A110", "A100"),
        (journal.into_suspense(CYCLE, "post", 5), "C400", "A110"),
        (journal.out_of_suspense(CYCLE, "post", 5), "A110", "C400"),
        (journal.surplus(CYCLE, "post", 5), "A100", "A110"),
    ],
)
def test_what_belongs_to_a_month_posts_for_its_provider(
    lines: tuple[Posting, ...], debit: str, credit: str
) -> None:
    assert [(line.account, line.amount, line.provider) for line in lines] == [
        (debit, 5, "post"),
        (credit, -5, "post"),
    ]
