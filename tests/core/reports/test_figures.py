"""What a row counts: each payment once, where its money stands."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.ledger.events import EventType
from core.ledger.states import MONEY_MOVES
from core.programme import FOLDER, Kind, Programme, load, problems_in
from core.reports.at_home import visited
from core.reports.figures import STAND_OF, Figures, Stand, figures_of, reasons_of, share, total
from core.reports.leakage import Agent, Limits, agents, limits_of, surely_at_least
from core.reports.readiness import Readiness, readiness_of, together
from core.store.reports import Enrolled, Heard, Part, Visit

LATE = date(2021, 4, 30)
PAID = Part(
    cycle="2021-04",
    commune="19960",
    provider="vietinbank",
    method="account",
    event=EventType.SETTLED,
    word=None,
    reason=None,
    paid_on=date(2021, 4, 5),
    heads=3,
    amount=810_000,
)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load(FOLDER / "thua-thien-hue-2021")


def test_every_state_of_the_money_has_its_place() -> None:
    assert set(STAND_OF) == {to for moves in MONEY_MOVES.values() for to in moves.values()}


def test_what_is_paid_counts_in_heads_and_money(programme: Programme) -> None:
    one = figures_of(PAID, programme, LATE)

    assert (one.due, one.paid, one.paid_amount, one.cashless) == (3, 3, 810_000, 3)
    assert (one.on_time, one.overdue) == (3, 0)


def test_what_is_paid_late_is_not_in_time(programme: Programme) -> None:
    one = figures_of(replace(PAID, paid_on=date(2021, 4, 9)), programme, LATE)

    assert (one.paid, one.on_time) == (3, 0)


def test_cash_is_not_cashless(programme: Programme) -> None:
    one = figures_of(
        replace(PAID, method="cash", provider="post", event=EventType.COLLECTED), programme, LATE
    )

    assert (one.paid, one.cashless) == (3, 0)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (EventType.APPROVED, "unsent"),
        (EventType.RELEASED, "unsent"),
        (EventType.INSTRUCTED, "unreported"),
        (EventType.READY_CASH, "uncollected"),
    ],
)
def test_what_is_not_there_after_the_last_pay_day_has_a_reason(
    programme: Programme, event: EventType, name: str
) -> None:
    waits = replace(PAID, event=event, paid_on=None)
    late, early = (figures_of(waits, programme, day) for day in (LATE, date(2021, 4, 5)))

    assert (getattr(late, name), late.overdue) == (3, 3)
    assert (getattr(early, name), early.overdue) == (0, 0)


@pytest.mark.parametrize("event", [EventType.REISSUED, EventType.CANCELLED])
def test_what_another_payment_carries_is_listed_and_not_due(
    programme: Programme, event: EventType
) -> None:
    one = figures_of(replace(PAID, event=event, paid_on=None), programme, LATE)

    assert (one.listed, one.due, one.paid) == (3, 0, 0)


def test_a_cause_is_kept_after_the_money_was_paid_again() -> None:
    fell = replace(PAID, event=EventType.FAILED, reason="TK_SAI")
    again = replace(fell, event=EventType.REISSUED, heads=2)
    unnamed = replace(fell, reason=None, heads=1)

    assert reasons_of([PAID, fell, again, unnamed]) == {"TK_SAI": 5, "KHONG_RO": 1}


def test_words_are_counted_and_silence_is_none(programme: Programme) -> None:
    heard = [
        figures_of(replace(PAID, word=word, heads=n), programme, LATE)
        for n, word in enumerate(
            (EventType.CONFIRMED_FULL, EventType.SAID_SHORT, EventType.SILENT, EventType.ASKED), 1
        )
    ]
    one = total(heard)

    assert (one.asked, one.answered, one.full, one.short, one.silent) == (10, 3, 1, 2, 3)


def test_the_sum_of_nothing_is_nought() -> None:
    assert total([]) == Figures()
    assert share(0, 0) is None


def test_due_is_the_sum_of_where_it_stands(programme: Programme) -> None:
    rows = [
        figures_of(replace(PAID, event=event, heads=n), programme, LATE)
        for n, event in enumerate(MONEY_MOVES, 1)
        if event is not EventType.RELEASED
    ]
    one = total(rows)
    parts = ("waiting", "with_provider", "ready", "paid", "came_back", "given_back")

    assert one.due == sum(getattr(one, name) for name in parts)
    assert one.due_amount == sum(getattr(one, f"{name}_amount") for name in parts)
    assert {Stand(name) for name in parts} < set(Stand)


LIMITS = Limits(20, 0.03)


def heard(full: int, short: int = 0, missing: int = 0) -> list[Heard]:
    words = (
        (EventType.CONFIRMED_FULL, full),
        (EventType.SAID_SHORT, short),
        (EventType.SAID_NOT_RECEIVED, missing),
    )
    return [Heard("post", "BD-1", "19960", word, heads) for word, heads in words if heads]


def test_one_denial_is_no_alarm_and_a_cluster_is() -> None:
    (one,), (cluster,) = (
        agents(heard(19, short=1), LIMITS),
        agents(heard(16, short=1, missing=3), LIMITS),
    )

    assert one.rate == pytest.approx(0.05)
    assert not one.is_alarm
    assert (cluster.denied, cluster.answered, cluster.is_alarm) == (4, 20, True)


def test_of_fewer_than_twenty_answers_nothing_is_concluded() -> None:
    (few,) = agents(heard(0, missing=19), LIMITS)

    assert few.rate is None
    assert not few.is_alarm


def test_the_programme_says_from_when_on_it_is_an_alarm(programme: Programme) -> None:
    assert limits_of(programme) == LIMITS
    (strict,) = agents(heard(18, missing=2), Limits(20, 0.01))
    (lenient,) = agents(heard(18, missing=2), Limits(20, 0.03))
    (careful,) = agents(heard(18, missing=2), Limits(30, 0.01))

    assert (strict.is_alarm, lenient.is_alarm, careful.rate) == (True, False, None)


def test_a_programme_that_concludes_from_few_answers_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER / "thua-thien-hue-2021", tmp_path / "programme"))
    toml = folder / "programme.toml"
    said = toml.read_text(encoding="utf-8")
    toml.write_text(said.replace("least_answers = 20", "least_answers = 19"), encoding="utf-8")

    assert [(one.kind, one.column) for one in problems_in(folder)] == [
        (Kind.OUT_OF_RANGE, "leakage_least_answers")
    ]


def test_alarms_come_first() -> None:
    many = [Heard("viettel", "wallet", "19975", EventType.CONFIRMED_FULL, 100)]
    found = agents([*many, *heard(10, missing=10)], LIMITS)

    assert [one.is_alarm for one in found] == [True, False]


def test_the_surest_share_is_below_the_share() -> None:
    assert surely_at_least(0, 0) == 0.0
    assert surely_at_least(0, 50) == 0.0
    assert 0.02 < surely_at_least(5, 100) < 0.05
    assert Agent("post", "cash", "19960", 0, 0, 0, LIMITS).rate is None


def test_what_is_not_kept_is_no_nought() -> None:
    row = readiness_of([Enrolled("19960", "post", "cash", 4, 0)])

    assert row == Readiness(accounts=0)
    assert together([row, Readiness(accounts=2)]) == Readiness(accounts=2)


def test_whatever_became_of_a_visit_stands_in_a_column() -> None:
    ends = (
        *(EventType.DELIVERY_HANDED_OVER, EventType.DELIVERY_MISSED),
        *(EventType.DELIVERY_REFUSED, EventType.DELIVERY_BROUGHT_BACK),
    )
    counted = visited(Visit("19960", end, times) for times, end in enumerate(ends, start=1))

    names = ("home_done", "home_missed", "home_refused", "home_brought_back")
    assert [counted[name] for name in names] == [1, 2, 3, 4]
