"""Whose a case is."""

from datetime import date

from bot.case_opening import commune_of
from core.people import Basis, Role, Scope, Standing, Ward


def a_ward(number: int, commune: str) -> Ward:
    standing = Standing(
        number, number, 7, Role.GUARDIAN, "", Basis.GUARDIAN_DECISION, Scope.ALL,
        is_payee=True, valid_from=date(2021, 1, 1), valid_to=None,
    )  # fmt: skip
    return Ward(number, f"HT00000{number}", "Bé", 2015, commune, is_frozen=False, standing=standing)


def test_a_case_of_somebody_with_several_wards_has_a_place() -> None:
    wards = (a_ward(1, "19960"), a_ward(2, "19975"))
    assert commune_of(wards, wards[1]) == "19975"
    assert commune_of(wards, None) == "19960"


def test_a_stranger_s_case_has_none() -> None:
    assert commune_of((), None) is None
