"""The registration lists of a district go in with exactly their wrong lines handed back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from core.calendar import Cycle
from core.clock import PlayClock
from core.exchange import registrations
from core.exchange.intake import Desk, take_in
from core.exchange.layouts import load_layout
from core.exchange.verdicts import Report
from core.ledger.record import Ledger
from core.refusals import Code
from core.simulation.numbers import Numbers
from core.simulation.people import Ward
from core.simulation.registrations import Registering, conflicting, registered
from core.simulation.sheets import Line, write_list
from core.simulation.wards import wards
from core.store.engine import Store
from core.terms import Programme
from tests.core.simulation.conftest import FOLDER

APRIL = Cycle(2021, 4)
DAY = date(2021, 3, 10)


@pytest.fixture(scope="module")
def people(programme: Programme) -> tuple[Ward, ...]:
    return wards(programme, Random(5), heads=700, first=APRIL, months=2)


@pytest.fixture
def registering(programme: Programme) -> Registering:
    return Registering(programme, Numbers(Random(6)), APRIL, APRIL, date(2021, 3, 1))


TakeIn = Callable[[str, list[Line]], Report]


@pytest.fixture
def taken(store: Store, programme: Programme, tmp_path: Path) -> TakeIn:
    clock = PlayClock(datetime(2021, 3, 10, 2, tzinfo=UTC))
    layout = load_layout(FOLDER, "registrations")
    ledger = Ledger(programme.tenant, (), clock)
    desk = Desk(store, ledger, programme, clock, layout, "2021-04", "", "lan")

    def take(file: str, lines: list[Line]) -> Report:
        write_list(tmp_path, file, layout, lines, cycle=APRIL, day=DAY)
        report = take_in(tmp_path / file, registrations.KIND, desk)
        assert isinstance(report, Report)
        return report

    return take


def test_wrong_lines_come_back_and_the_rest_goes_in(
    registering: Registering, people: tuple[Ward, ...], taken: TakeIn
) -> None:
    lists = registered(registering, people)
    first = taken("dang-ky.xlsx", lists.lines)
    wrong = sum(line.is_wrong for line in lists.lines)

    assert first.rejected == wrong > 8
    assert first.accepted == len(lists.lines) - wrong
    assert {one.problem.refusal.code for one in first.rejects} == {
        Code.RELATIVE_WITHOUT_CONSENT,
        Code.ROLE_UNKNOWN,
        Code.BENEFICIARY_UNKNOWN,
        Code.BENEFICIARY_TWICE,
        Code.PHONE_WRONG_LENGTH,
        Code.DAY_NOT_A_DAY,
        Code.DAY_BEFORE_START,
        Code.CITIZEN_ID_WRONG_LENGTH,
        Code.ACCOUNT_IS_CARD_NUMBER,
    }
    second = taken("dang-ky-bo-sung.csv", lists.mended)
    assert (second.rejected, second.unchanged) == (0, 2)
    assert second.accepted == len(lists.mended) - 2 > 0


def test_a_known_person_with_another_phone_is_a_conflict(
    registering: Registering, people: tuple[Ward, ...], taken: TakeIn
) -> None:
    lists = registered(registering, people)
    taken("dang-ky.xlsx", lists.lines)
    known = next(ward for ward in people if ward.hears)
    report = taken("dang-ky-2.xlsx", [conflicting(registering, known)])

    assert (report.conflicts, report.rejected, report.accepted) == (1, 1, 0)
