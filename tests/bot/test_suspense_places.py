"""Whose office sees which line in suspense: on both engines."""

from datetime import timedelta

import pytest

from bot.officers import EVERYWHERE
from bot.suspense import is_code_of, lines_at
from core.calendar import local_day
from core.ledger.suspense import Open
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.suspense import Line
from core.terms import Programme
from tests import builders

HUONG_THUY, PHU_LOC = "479", "482"


def line(code: str, provider: str) -> Open:
    source = f"suspense:result:{provider}:{code}:settled:2021-04-09"
    return Open(Line(1, "2021-04", provider, 540_000, source, builders.NOW), None)


@pytest.fixture
def known(store: Store) -> Store:
    """HT000001 lives in Hương Thủy."""
    store.transact(lambda tx: builders.a_beneficiary(tx, "HT000001"), CommitPoint.IMPORT_CHUNK)
    return store


@pytest.fixture
def programme() -> Programme:
    return builders.a_programme()


@pytest.mark.parametrize(
    ("code", "provider", "seen"),
    [
        ("2104-HT000001-M-1", "post", [HUONG_THUY]),
        # Viettel pays in Phú Lộc only, but who it names lives elsewhere.
        ("2104-HT000001-M-9", "viettel", [HUONG_THUY]),
        ("2104-HT999999-M-1", "viettel", [PHU_LOC]),
        ("2104-HT999999-M-1", "vietinbank", [HUONG_THUY]),
        ("", "viettel", [PHU_LOC]),
    ],
)
def test_a_line_is_of_whom_it_names_or_of_where_its_provider_pays(
    known: Store, programme: Programme, code: str, provider: str, seen: list[str]
) -> None:
    day, one = local_day(builders.NOW), line(code, provider)

    def work(tx: Tx) -> list[str]:
        places = (HUONG_THUY, PHU_LOC, EVERYWHERE)
        return [place for place in places if lines_at(tx, programme, place, [one], day)]

    assert known.read(work) == [*seen, EVERYWHERE]


def test_a_payment_of_another_area_is_nobodys(known: Store, programme: Programme) -> None:
    day = local_day(builders.NOW + timedelta(days=1))

    def may(place: str, code: str) -> bool:
        return known.read(lambda tx: is_code_of(tx, programme, place, code, day))

    assert may(HUONG_THUY, "2104-HT000001-M-1")
    assert not may(PHU_LOC, "2104-HT000001-M-1")
    assert may(EVERYWHERE, "2104-HT000001-M-1")
    assert may(PHU_LOC, "2104-HT999999-M-1")
    assert may(PHU_LOC, "")
