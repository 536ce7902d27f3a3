"""Whose a case is, and by when it is answered."""

from datetime import UTC, datetime

import pytest

from core.calendar import hanoi
from core.care.kinds import CaseKind
from core.care.opening import COMMON, desk_for, due_at
from tests.builders import LOC_TRI, NOW, PHU_BAI, a_programme

FRIDAY_EVENING = datetime(2021, 4, 16, 12, 0, tzinfo=UTC)
THUY_VAN = "19963"


def test_fraud_is_answered_within_two_working_hours() -> None:
    due = hanoi(due_at(a_programme(), CaseKind.FRAUD, NOW))

    assert (due.date(), due.hour, due.minute) == (hanoi(NOW).date(), 11, 0)


def test_what_is_said_on_friday_evening_counts_from_monday() -> None:
    due = hanoi(due_at(a_programme(), CaseKind.FRAUD, FRIDAY_EVENING))

    assert f"{due:%Y-%m-%d %H:%M}" == "2021-04-19 09:30"


@pytest.mark.parametrize("kind", CaseKind)
def test_every_case_is_due_later_and_in_working_hours(kind: CaseKind) -> None:
    due = hanoi(due_at(a_programme(), kind, FRIDAY_EVENING))

    assert due > hanoi(FRIDAY_EVENING)
    assert due.weekday() < 5
    assert 7 <= due.hour <= 17


def test_a_case_goes_to_the_commune_by_its_full_name() -> None:
    desk = desk_for(a_programme(), LOC_TRI, NOW)

    assert (desk.commune, desk.area, desk.name) == (LOC_TRI, "482", "xã Lộc Trì")
    assert desk_for(a_programme(), PHU_BAI, NOW).name == "phường Phú Bài"


def test_a_commune_that_moved_away_still_has_an_office() -> None:
    later = datetime(2021, 8, 2, 2, 0, tzinfo=UTC)

    assert desk_for(a_programme(), THUY_VAN, later).name is not None


def test_nobody_knows_where_is_the_common_desk() -> None:
    assert desk_for(a_programme(), None, NOW) == COMMON
    assert desk_for(a_programme(), "00000", NOW) == COMMON
