"""Whose account money may go to: the holder's name, and one account for several people.

Pure. Source: reference practice of bank name checks (folded names, order kept); the plan, III.3;
docs/decisions/0133.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from core.people import Role, Standing
from core.refusals import Code, Refusal
from core.vietnamese import name_key

# Whose own account may take somebody's money: their own, or that of who keeps them by law.
_KEEPERS: Final = frozenset({Role.SELF, Role.PARENT, Role.GUARDIAN})
_HOLDERS: Final = _KEEPERS | {Role.AUTHORISED}


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: banks write capitals without accents."""
    return name_key(one) == name_key(other)


def may_hold(standing: Standing, day: date) -> bool:
    """Whether this person's account may take the beneficiary's money on a day.

    Somebody authorised must be a payee; a relative or a carer never.
    """
    if standing.role not in _HOLDERS or not standing.is_in_force(day) or not standing.is_proven:
        return False
    return standing.role is not Role.AUTHORISED or standing.is_payee


def shared(others: Collection[int], holder_beside: Iterable[Standing], day: date) -> Refusal | None:
    """None when an account may serve these other beneficiaries too: the holder and own wards.

    `others`: ids of the beneficiaries whose money goes there already; `holder_beside`: the
    standings of the account's holder. Refuses: ACCOUNT_SHARED.
    """
    own = {
        one.beneficiary_id
        for one in holder_beside
        if one.role in _KEEPERS and one.is_in_force(day) and one.is_proven
    }
    strangers = set(others) - own
    return Refusal(Code.ACCOUNT_SHARED, {"others": len(strangers)}) if strangers else None
