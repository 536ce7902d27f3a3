"""By which way a payment goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import places
from core.calendar import Cycle
from core.ledger.routing import router
from core.store.methods import MethodVersion
from core.terms import Method
from tests.builders import CYCLE, LOC_TRI, PHU_BAI, a_programme

PAID = [c.code for c in places.paid_communes(a_programme(), Cycle.parse(CYCLE).first_day)]


def chosen(method: str, account: str | None = "index") -> MethodVersion:
    return MethodVersion(7, 1, method, "x", CYCLE, None, account)


@pytest.mark.parametrize(
    ("commune", "version", "way"),
    [
        (PHU_BAI, None, ("cash", "post", None)),
        (PHU_BAI, chosen("account"), ("account", "vietinbank", 7)),
        (PHU_BAI, chosen("account", None), ("cash", "post", None)),
        (PHU_BAI, chosen("wallet"), ("cash", "post", None)),
        (PHU_BAI, chosen("home", None), ("home", "post", 7)),
        (PHU_BAI, chosen("cash", None), ("cash", "post", 7)),
        (LOC_TRI, chosen("wallet"), ("wallet", "viettel", 7)),
        (LOC_TRI, chosen("account"), ("cash", "viettel", None)),
    ],
)
def test_people_are_paid_as_they_chose_and_otherwise_in_cash(
    commune: str, version: MethodVersion | None, way: tuple[str, str, int | None]
) -> None:
    found = router(a_programme(), CYCLE)(commune, version)

    assert found is not None
    assert (found.method, found.provider, found.version_id) == way


@pytest.mark.parametrize("commune", ["00001", "", "19804"])
def test_nobody_is_paid_outside_the_programme(commune: str) -> None:
    assert router(a_programme(), CYCLE)(commune, None) is None


@given(st.sampled_from(PAID), st.sampled_from([None, *(chosen(method) for method in Method)]))
def test_there_is_always_a_way_and_cash_has_a_place(
    commune: str, version: MethodVersion | None
) -> None:
    found = router(a_programme(), CYCLE)(commune, version)

    assert found is not None
    assert (found.pay_point is not None) == (found.method == Method.CASH)
