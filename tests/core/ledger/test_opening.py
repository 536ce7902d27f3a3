"""What may happen to an account that is being opened, and whose account may take the money."""

from datetime import date

import pytest

from core.ledger.account_rules import may_hold, same_name, shared
from core.ledger.events import EventType
from core.ledger.opening import (
    OPENING_MOVES,
    OpeningState,
    may_open,
    opening_moved,
    steps_to,
)
from core.people import Basis, Role, Scope, Standing
from core.refusals import Code, Refusal
from core.terms import Method

E, S = EventType, OpeningState
DAY = date(2021, 3, 25)


def standing(role: Role, beneficiary: int, **over: object) -> Standing:
    said: dict[str, object] = {
        "id": 1,
        "beneficiary_id": beneficiary,
        "person_id": 7,
        "role": role,
        "relation": "",
        "basis": Basis.GUARDIAN_DECISION,
        "scope": Scope.ALL,
        "is_payee": False,
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }
    return Standing(**(said | over))  # type: ignore[arg-type]


def test_the_way_to_an_account_that_works() -> None:
    state: OpeningState | None = None
    way = (
        *(E.OPENING_LISTED, E.OPENING_MISSING, E.OPENING_WAITING_ID, E.OPENING_ELIGIBLE),
        *(E.OPENING_SUBMITTED, E.OPENING_OPENED, E.CARD_PRINTED, E.CARD_AT_COMMUNE),
        *(E.CARD_HANDED, E.FIRST_CREDIT_OK),
    )
    for event in way:
        after = opening_moved(state, event)
        assert isinstance(after, OpeningState), (state, event)
        state = after
    assert state is S.FIRST_CREDIT_OK
    assert all(state not in rows for rows in OPENING_MOVES.values())


@pytest.mark.parametrize(
    ("state", "event", "steps"),
    [
        (None, E.OPENING_ELIGIBLE, (E.OPENING_LISTED, E.OPENING_ELIGIBLE)),
        (S.ELIGIBLE, E.OPENING_OPENED, (E.OPENING_SUBMITTED, E.OPENING_OPENED)),
        (S.OPENED, E.CARD_HANDED, (E.CARD_PRINTED, E.CARD_AT_COMMUNE, E.CARD_HANDED)),
        (None, E.OPENING_WAITING_ID, (E.OPENING_LISTED, E.OPENING_MISSING, E.OPENING_WAITING_ID)),
        (S.CARD_HANDED, E.CARD_HANDED, None),
        (S.MISSING, E.OPENING_OPENED, None),
        (S.NOT_WANTED, E.OPENING_SUBMITTED, None),
        (S.FIRST_CREDIT_OK, E.OPENING_ELIGIBLE, None),
    ],
)
def test_a_later_word_proves_the_earlier_ones(
    state: OpeningState | None, event: EventType, steps: tuple[EventType, ...] | None
) -> None:
    found = steps_to(state, event)
    if steps is None:
        assert isinstance(found, Refusal)
        assert found.code is Code.OPENING_WRONG_STATE
    else:
        assert found == steps


def test_an_account_works_only_with_its_card_and_a_wallet_has_none() -> None:
    refused = opening_moved(S.OPENED, E.FIRST_CREDIT_OK, Method.ACCOUNT)
    assert isinstance(refused, Refusal)
    assert opening_moved(S.OPENED, E.FIRST_CREDIT_OK, Method.WALLET) is S.FIRST_CREDIT_OK


def test_who_may_hold_an_account() -> None:
    assert may_open(Role.SELF, 1938, DAY) is None
    assert may_open(Role.SELF, None, DAY) is None
    young = may_open(Role.SELF, 2014, DAY)
    assert young is not None
    assert young.code is Code.OPENING_TOO_YOUNG
    relative = may_open(Role.RELATIVE, 1980, DAY)
    assert relative is not None
    assert relative.code is Code.OPENING_ROLE


def test_names_are_compared_as_banks_write_them() -> None:
    assert same_name("NGUYEN THI LY", "Nguyễn Thị Lí")
    assert not same_name("NGUYEN LY THI", "Nguyễn Thị Lý")


def test_only_a_keeper_or_an_authorised_payee_may_hold_the_account() -> None:
    assert may_hold(standing(Role.GUARDIAN, 1), DAY)
    assert not may_hold(standing(Role.GUARDIAN, 1, basis=Basis.NONE_YET), DAY)
    assert not may_hold(standing(Role.AUTHORISED, 1), DAY)
    assert may_hold(standing(Role.AUTHORISED, 1, is_payee=True), DAY)
    ended = standing(Role.AUTHORISED, 1, is_payee=True, valid_to=date(2021, 3, 24))
    assert not may_hold(ended, DAY)
    assert not may_hold(standing(Role.RELATIVE, 1, is_payee=True), DAY)


def test_one_account_serves_its_holder_and_own_wards_only() -> None:
    wards = [standing(Role.GUARDIAN, 1), standing(Role.PARENT, 2), standing(Role.SELF, 3)]
    assert shared({1, 2, 3}, wards, DAY) is None
    refused = shared({1, 9}, wards, DAY)
    assert refused is not None
    assert (refused.code, refused.details) == (Code.ACCOUNT_SHARED, {"others": 1})
    friend = [standing(Role.AUTHORISED, 1, is_payee=True)]
    assert shared({1}, friend, DAY) is not None
    assert shared(set(), [], DAY) is None
