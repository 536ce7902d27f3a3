"""The check against last month never calls a month even that is not."""

from collections import defaultdict
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from core.ledger.changes import Change, Missing, Note, Person, Share, Sum, balances, difference
from core.ledger.events import EventType, Value

A, B = "19960", "19972"
sums = st.sampled_from((270_000, 360_000, 405_000, 540_000))
shares = st.builds(
    Share, st.sampled_from((A, B)), sums, st.sampled_from((0, 0, 0, 270_000, 540_000))
)


def note(kind: EventType, **body: Value) -> Note:
    return Note(1, kind, {"file": "file:1", "line": 5, **body})


def increase(commune: str = A, monthly: int = 270_000, arrears: int = 0) -> Note:
    return note(EventType.INCREASED, commune=commune, monthly=monthly, arrears=arrears)


def adjusted(field: str, old: Value, new: Value) -> Note:
    return note(EventType.ADJUSTED, field=field, old=old, new=new)


DECREASE = note(EventType.DECREASED, reason="moved", recover=0)
notes = st.lists(
    st.one_of(
        st.builds(increase, st.sampled_from((A, B)), sums, st.sampled_from((0, 270_000))),
        st.builds(adjusted, st.just("monthly"), sums, sums),
        st.builds(adjusted, st.just("arrears"), sums, sums),
        st.builds(adjusted, st.just("commune"), st.just(A), st.just(B)),
        st.just(DECREASE),
    ),
    max_size=3,
)
people = st.lists(
    st.builds(
        Person,
        st.just("HT1"),
        st.none() | shares,
        st.none() | shares,
        notes.map(tuple),
    ),
    max_size=8,
)


def by_commune(found: Iterable[Share | None], *, arrears: bool) -> dict[str, Sum]:
    total: dict[str, Sum] = defaultdict(Sum)
    for share in found:
        if share is not None:
            amount = share.monthly + (share.arrears if arrears else 0)
            total[share.commune] += Sum(1, amount)
    return dict(total)


@given(people)
def test_a_month_without_anybody_unexplained_is_even_in_each_commune(found: list[Person]) -> None:
    explained = [one for one in found if (told := difference(one)) is None or told.is_explained]
    last = by_commune((one.before for one in explained), arrears=False)
    this = by_commune((one.now for one in explained), arrears=True)

    assert all(one.off == Sum() for one in balances(explained, last, this).values())


@given(people)
def test_whoever_is_unexplained_alone_puts_a_commune_out(found: list[Person]) -> None:
    for one in found:
        told = difference(one)
        if told is None or told.is_explained:
            continue
        last = by_commune([one.before], arrears=False)
        this = by_commune([one.now], arrears=True)
        off = [balance.off for balance in balances([one], last, this).values()]
        only_parts = one.now is not None and Missing.ARREARS in told.missing
        assert only_parts or any(sum_ != Sum() for sum_ in off)


@given(people)
def test_the_parts_of_a_balance_add_up_to_what_is_listed(found: list[Person]) -> None:
    last = by_commune((one.before for one in found), arrears=False)
    this = by_commune((one.now for one in found), arrears=True)

    for one in balances(found, last, this).values():
        assert one.last + one.increases - one.decreases + one.adjustments + one.off == one.this


@given(shares)
def test_somebody_as_last_month_is_no_difference(share: Share) -> None:
    now = Share(share.commune, share.monthly)
    assert difference(Person("HT1", share, now)) is None


def test_each_change_has_its_name_and_what_would_explain_it() -> None:
    was, more = Share(A, 270_000), Share(A, 360_000)
    cases: list[tuple[Share | None, Share | None, Change, Missing]] = [
        (None, was, Change.NEW, Missing.INCREASE),
        (was, None, Change.STOPPED, Missing.DECREASE),
        (was, more, Change.MORE, Missing.INCREASE),
        (more, was, Change.LESS, Missing.ADJUSTMENT),
        (was, Share(B, 270_000), Change.MOVED, Missing.COMMUNE),
        (was, Share(A, 270_000, 540_000), Change.ARREARS, Missing.ARREARS),
    ]
    for before, now, change, missing in cases:
        told = difference(Person("HT1", before, now))
        assert told is not None
        assert (told.changes, told.missing) == ((change,), (missing,))


def test_a_list_that_the_pay_list_does_not_follow_is_a_difference() -> None:
    was = Share(A, 270_000)
    stopped = difference(Person("HT1", was, was, (DECREASE,)))
    announced = difference(Person("HT1", None, None, (increase(),)))

    assert stopped is not None
    assert stopped.missing == (Missing.STILL_PAID,)
    assert announced is not None
    assert announced.missing == (Missing.PAY_LINE,)


def test_a_wrong_increase_is_mended_by_an_adjustment() -> None:
    now = Share(A, 405_000)
    wrong = increase(monthly=450_000)
    mended = (wrong, adjusted("monthly", 450_000, 405_000))

    first = difference(Person("HT1", None, now, (wrong,)))
    assert first is not None
    assert not first.is_explained
    second = difference(Person("HT1", None, now, mended))
    assert second is not None
    assert second.is_explained
