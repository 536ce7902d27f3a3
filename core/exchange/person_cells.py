"""The cells of a line that describe a person: name, birth, numbers, place, way of being paid."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.accounts import account
from core.calendar import Cycle
from core.citizen_ids import citizen_id
from core.exchange import cells
from core.exchange.claims import Claim
from core.exchange.intake import Desk
from core.exchange.reading import Reading
from core.names import person_name
from core.offers import provider_for
from core.phones import mobile
from core.places import Ambiguous, Unknown, commune_on, paid_areas, with_code
from core.refusals import Code, Refusal
from core.terms import Method, Programme, Provider


@dataclass(frozen=True, slots=True)
class MethodWish:
    """How somebody wants to be paid. `account` is an account or wallet number, canonical."""

    method: Method
    provider: Provider
    account: str | None
    holder: str | None


def claim_in(reading: Reading, today: date, *, code: str | None = None) -> Claim:
    """The person of the line; `code` when that person is the beneficiary."""
    name = reading.value("name", person_name(reading.text("name")), "")
    born = reading.value("birth", cells.birth(reading.text("birth"), today), (None, None))
    return Claim(
        name=name,
        birth=born[0],
        birth_year=born[1],
        sex={"nam": "m", "nu": "f", "nữ": "f"}.get(reading.text("sex").casefold()),
        citizen_id=_optional(reading, "citizen_id", citizen_id),
        phone=_optional(reading, "phone", mobile),
        code=code,
    )


def commune_in(reading: Reading, desk: Desk) -> str | None:
    """The code of the commune that the line names, which must be one the programme pays."""
    found = _commune(reading.text("commune"), desk)
    return reading.value("commune", found, None)


def method_in(reading: Reading, desk: Desk, claim: Claim, commune: str | None) -> MethodWish | None:
    """How the line says the person is paid; cash where it says nothing."""
    if commune is None:
        return None
    text = reading.text("method")
    word = desk.layout.word("method", text) if text else Method.CASH
    if word is None:
        reading.refuse("method", Refusal(Code.METHOD_UNKNOWN))
        return None
    method, day = Method(word), Cycle.parse(desk.cycle).first_day
    place = with_code(desk.programme, commune, day)
    provider = provider_for(desk.programme, place.area if place else "", method, day)
    if provider is None:
        reading.refuse("method", Refusal(Code.METHOD_NOT_IN_AREA, {"method": method}))
        return None
    return MethodWish(
        method=method,
        provider=provider,
        account=_account(reading, method, claim),
        holder=reading.text("holder") or None,
    )


def _optional(reading: Reading, field: str, parser: Callable[[str], str | Refusal]) -> str | None:
    text = reading.text(field)
    return reading.value(field, parser(text), None) if text else None


def _commune(text: str, desk: Desk) -> str | Refusal:
    if not text:
        return Refusal(Code.COMMUNE_MISSING)
    day = Cycle.parse(desk.cycle).first_day
    found = commune_on(desk.programme, text, day)
    if isinstance(found, Unknown):
        return Refusal(Code.COMMUNE_UNKNOWN)
    if isinstance(found, Ambiguous):
        return Refusal(Code.COMMUNE_AMBIGUOUS)
    return (
        found.code
        if found.area in _paid(desk.programme, day)
        else Refusal(Code.COMMUNE_NOT_IN_PROGRAMME)
    )


@lru_cache(maxsize=64)
def _paid(programme: Programme, day: date) -> frozenset[str]:
    return frozenset(area.code for area in paid_areas(programme, day))


def _account(reading: Reading, method: Method, claim: Claim) -> str | None:
    text = reading.text("account")
    if method is Method.ACCOUNT:
        return reading.value("account", account(text), None)
    if method is Method.WALLET:
        # A ViettelPay wallet is a phone number: the one given for it, or the person's own.
        return reading.value("account", mobile(text or claim.phone or ""), None)
    return None
