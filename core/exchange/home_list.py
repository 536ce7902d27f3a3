"""Whom a provider visits on a day (danh sách chi tại nhà trong ngày): for the bag, and to sign on.

Its columns of what happened are those of a result file: filled in, the same file comes back.
Source: the plan, III.1.b; reference ledger 6.7.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core import wording
from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.exchange.printed import workbook
from core.labels import window_name
from core.ledger.deliveries import DeliveryState, Window
from core.places import with_code
from core.store.deliveries import DeliveryPerson, deliveries_in
from core.store.engine import Tx
from core.store.orders import Payee, payees_in
from core.terms import Programme, Provider

_TO_VISIT: Final = (DeliveryState.SCHEDULED, DeliveryState.EN_ROUTE)
_HALVES: Final = tuple(one.value for one in Window)


@dataclass(frozen=True, slots=True)
class HomeList:
    """One provider's visits of a day. Money: whole đồng."""

    provider: Provider
    cycle: str
    day: date
    rows: int
    amount: int
    content: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""
        return hashlib.sha256(self.content).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The list without its rows."""
        return {
            "provider": self.provider,
            "cycle": self.cycle,
            "day": self.day.isoformat(),
            "rows": self.rows,
            "amount": self.amount,
            "sha256": self.sha256,
        }


def home_list_for(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider, day: date
) -> HomeList:
    """The visits arranged for a day: the morning first, then by visitor, commune and code."""
    found = deliveries_in(
        tx, programme.tenant, _TO_VISIT, provider=provider.value, cycle=str(cycle), day=day
    )
    found.sort(key=lambda one: (_HALVES.index(one.row.half or _HALVES[0]), one.row.visitor or ""))
    payees = payees_in(tx, programme.tenant, str(cycle), provider)
    rows = [_cells(one, payees.get(one.row.beneficiary_id, ()), programme, day) for one in found]
    return HomeList(
        provider=provider,
        cycle=str(cycle),
        day=day,
        rows=len(rows),
        amount=sum(one.amount for one in found),
        content=workbook(layout, cycle, rows),
    )


def _cells(
    one: DeliveryPerson, payees: Sequence[Payee], programme: Programme, day: date
) -> Mapping[str, str | int]:
    row, commune = one.row, with_code(programme, one.commune, day)
    may = [payee for payee in payees if payee.may_collect(day)]
    where = (row.place, one.hamlet, commune.full_name if commune else one.commune)
    return {
        "window": window_name(row.half) if row.half else "",
        "visitor": row.visitor or "",
        "payment": one.payment or "",
        "name": one.name,
        "citizen_id": one.citizen_id,
        "address": ", ".join(part for part in where if part),
        "door": row.door or "",
        "payee": may[-1].name if may else "",
        "amount": one.amount,
        "status": "",
        "day": wording.short_date(day),
        "signed_by": "",
        "relation": "",
        "error": "",
        "signature": "",
    }
