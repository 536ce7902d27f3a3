"""Which officers settle which money in suspense: those of the area whose money it looks like.

Source: docs/decisions/0128. What does not live here: what may become of a line
(`core/ledger/suspense.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.officers import EVERYWHERE, area_of
from core.calendar import Cycle
from core.ledger.suspense import Open
from core.store.engine import Tx
from core.store.people import beneficiaries_by_code
from core.terms import Programme, Provider


def lines_at(
    tx: Tx, programme: Programme, place: str, lines: Sequence[Open], day: date
) -> list[Open]:
    """Those of the lines that an officer of this place sees on a day, in their order."""
    if place == EVERYWHERE:
        return list(lines)
    own = area_of(programme, place, day)
    named = _named(tx, programme, (one.reported for one in lines), day)
    return [one for one in lines if own in (named.get(one.reported) or _paid_by(programme, one))]


def is_code_of(tx: Tx, programme: Programme, place: str, code: str, day: date) -> bool:
    """Whether a transaction code names nobody of another place's people, as far as is known."""
    named = _named(tx, programme, [code], day).get(code)
    return place == EVERYWHERE or not named or area_of(programme, place, day) in named


def _named(
    tx: Tx, programme: Programme, codes: Iterable[str], day: date
) -> Mapping[str, frozenset[str]]:
    """The area of whoever a transaction code names, by code; nothing where nobody is known."""
    people = {code: part[1] for code in codes if len(part := code.split("-")) > 1}
    known = beneficiaries_by_code(tx, sorted(set(people.values())))
    return {
        code: frozenset({area_of(programme, known[person].commune, day)})
        for code, person in people.items()
        if person in known
    }


def _paid_by(programme: Programme, one: Open) -> frozenset[str]:
    """The areas in which the provider pays anybody in that month."""
    day = Cycle.parse(one.line.cycle).first_day
    provider = Provider(one.line.provider)
    return frozenset(
        offer.area
        for offer in programme.offers
        if offer.provider is provider and offer.valid.holds(day)
    )
