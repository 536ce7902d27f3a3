"""Who is told about a payment, where, and how much: rules over what stands in the register.

Silence is not consent: whoever agreed to nothing is told nothing. A relative is told only after the
beneficiary or a guardian agreed, and never an amount. A shared phone is told one text for all.
Source: design 5, "what may be said to whom".

What does not live here: the words (`notices`), and reading the register (`core/store/recipients`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.people import LINKED, Basis, Purpose, Role
from core.store.recipients import Consent, Place
from notifications.outbox import SMS


class Tells(StrEnum):
    """How much a text says; kept with the message, and asked again just before it leaves."""

    AMOUNT = "amount"
    STATE = "state"
    RELATIVE = "relative"
    MERGED = "merged"
    # To a number that is nobody's yet: the one into which the money is to go.
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that is told about one beneficiary. `giver`: who agreed for a relative."""

    place: Place
    tells: Tells
    giver: int | None = None


_OWN: Final = frozenset({Role.SELF, Role.GUARDIAN, Role.PARENT})
_HEARS_AMOUNTS: Final = _OWN | {Role.AUTHORISED}
_ORDER: Final = tuple(Role)
_LIVE: Final = "telegram"


def told(
    places: Sequence[Place],
    consents: Iterable[Consent],
    *,
    day: date,
    channels: Collection[str],
) -> list[Recipient]:
    """Everybody who is told about these beneficiaries, each address once for each of them.

    A person with a linked chat is told there, otherwise by SMS at the surest newest number.
    """
    given = {(c.beneficiary_id, c.person_id, c.purpose): c.agreed_by for c in consents}
    reachable = [place for place in places if place.channel in channels and place.is_in_force(day)]
    by_person: dict[tuple[int, int], list[Place]] = {}
    for place in reachable:
        by_person.setdefault((place.beneficiary_id, place.person_id), []).append(place)
    found = [_recipient(_best(options), given) for options in by_person.values()]
    return _one_per_address([recipient for recipient in found if recipient is not None])


def told_everywhere(
    places: Sequence[Place],
    consents: Iterable[Consent],
    *,
    day: date,
    channels: Collection[str],
) -> list[Recipient]:
    """Every address at which somebody may be told about these beneficiaries, without relatives.

    For what guards against a stranger: whoever took over one address does not have the others.
    """
    given = {(c.beneficiary_id, c.person_id, c.purpose): c.agreed_by for c in consents}
    reachable = [place for place in places if place.channel in channels and place.is_in_force(day)]
    found = [_recipient(place, given) for place in reachable]
    return _one_per_address(
        [one for one in found if one is not None and one.tells is not Tells.RELATIVE]
    )


def shared_phones(recipients: Iterable[Recipient]) -> dict[int, frozenset[int]]:
    """Beneficiary ids by contact id, for phones at which more than one is told about."""
    together: dict[int, set[int]] = {}
    for recipient in recipients:
        if recipient.place.channel == SMS:
            place = recipient.place
            together.setdefault(place.contact_id, set()).add(place.beneficiary_id)
    return {contact: frozenset(ids) for contact, ids in together.items() if len(ids) > 1}


def still_may(tells: Tells, recipient: Recipient | None) -> bool:
    """Whether a text that tells so much may still go to somebody who may be told `recipient`."""
    if recipient is None:
        return False
    if tells is Tells.AMOUNT:
        return recipient.tells is Tells.AMOUNT
    if tells is Tells.STATE:
        return recipient.tells in {Tells.AMOUNT, Tells.STATE}
    return True


def _recipient(place: Place, given: Mapping[tuple[int, int, str], int]) -> Recipient | None:
    of = (place.beneficiary_id, place.person_id)
    if place.role in _OWN or place.is_payee or place.role is Role.AUTHORISED:
        if (*of, Purpose.AMOUNT) in given and _may_hear_amount(place):
            return Recipient(place, Tells.AMOUNT)
        agreed = (*of, Purpose.NOTICE) in given or (*of, Purpose.AMOUNT) in given
        return Recipient(place, Tells.STATE) if agreed else None
    giver = given.get((*of, Purpose.RELATIVE))
    return None if giver is None else Recipient(place, Tells.RELATIVE, giver)


def _may_hear_amount(place: Place) -> bool:
    proven = place.role is Role.SELF or place.basis is not Basis.NONE_YET
    entitled = place.role in _HEARS_AMOUNTS or place.is_payee
    return entitled and proven and place.level >= LINKED


def _best(options: Sequence[Place]) -> Place:
    """A linked chat before a phone; then the highest level, the newest link, the nearest role."""
    return max(
        options,
        key=lambda p: (
            p.channel == _LIVE and p.level >= LINKED,
            p.channel == SMS,
            p.level,
            p.linked_at,
            p.contact_id,
            -_ORDER.index(p.role),
        ),
    )


def _one_per_address(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Two people at one address are told about one beneficiary once, as the nearer of the two."""
    nearest: dict[tuple[int, int], Recipient] = {}
    for recipient in sorted(recipients, key=_nearness):
        place = recipient.place
        nearest.setdefault((place.contact_id, place.beneficiary_id), recipient)
    return list(nearest.values())


def _nearness(recipient: Recipient) -> tuple[int, int]:
    return _ORDER.index(recipient.place.role), recipient.place.person_id
