"""What goes to a provider: its payment order, the list that is signed, the upload for its portal.

The same rows give the same bytes, so that an order can be written again and compared.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core import offers, pay_days, wording
from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.exchange.printed import workbook
from core.labels import method_name
from core.ledger.states import Money
from core.places import with_code
from core.store.engine import Tx
from core.store.orders import OrderRow, orders_for
from core.terms import Method, Programme, Provider

# What has been approved and not taken back; an order written again later holds the same rows.
ORDERED: Final = tuple(
    str(money) for money in Money if money not in {Money.LISTED, Money.HELD, Money.CANCELLED}
)
# Whoever has still to come to the pay point.
_TO_COLLECT: Final = tuple(
    str(money) for money in (Money.APPROVED, Money.INSTRUCTED, Money.ACCEPTED, Money.READY_CASH)
)
_CASHLESS: Final = frozenset({Method.ACCOUNT, Method.WALLET})
_AT_HOME: Final = {True: "Có", False: "Không"}


@dataclass(frozen=True, slots=True)
class Order:
    """One provider's order for a cycle. Money: whole đồng."""

    provider: Provider
    cycle: str
    rows: int
    amount: int
    content: bytes

    @property
    def sha256(self) -> str:
        """What the ledger records of the file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def file_name(self) -> str:
        """The name a file of this order goes by."""
        return f"lenh-chi-{self.provider}-{self.cycle}.xlsx"

    def as_json(self) -> dict[str, Any]:
        """The order without its rows."""
        return {
            "provider": self.provider,
            "cycle": self.cycle,
            "rows": self.rows,
            "amount": self.amount,
            "sha256": self.sha256,
        }


def order_for(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider
) -> Order:
    """Everything approved for a provider in a cycle, in the columns of `layout`, by code."""
    rows = orders_for(tx, programme.tenant, str(cycle), provider, states=ORDERED)
    return _order(layout, cycle, provider, [_cells(row, programme, cycle) for row in rows])


def cash_list_for(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider
) -> Order:
    """Whoever has still to collect cash from a provider, by pay point, commune and code."""
    found = orders_for(tx, programme.tenant, str(cycle), provider, states=_TO_COLLECT)
    rows = sorted((row for row in found if row.method == Method.CASH), key=lambda row: row.commune)
    cells = [_cells(row, programme, cycle) for row in rows]
    # Sorting keeps what was in order: communes within a pay point, codes within a commune.
    cells.sort(key=lambda one: str(one["pay_point"]))
    return _order(layout, cycle, provider, cells)


def _order(
    layout: Layout, cycle: Cycle, provider: Provider, rows: Sequence[Mapping[str, str | int]]
) -> Order:
    return Order(
        provider=provider,
        cycle=str(cycle),
        rows=len(rows),
        amount=sum(int(row["amount"]) for row in rows),
        content=workbook(layout, cycle, rows),
    )


def _cells(row: OrderRow, programme: Programme, cycle: Cycle) -> Mapping[str, str | int]:
    method, commune = Method(row.method), with_code(programme, row.commune, cycle.first_day)
    point = offers.pay_point(programme, row.pay_point)
    window = pay_days.pay_window(programme, cycle, method, row.commune)
    place = commune.full_name if commune else row.commune
    payee = row.payee_on(window.first)
    name, citizen_id = (payee.name, payee.citizen_id) if payee else ("", "")
    month = Cycle.parse(row.first_cycle)
    again = "" if month == cycle else " chi lai"
    return {
        "payment": row.code,
        "code": row.beneficiary_code,
        "holder": row.holder or name or row.name,
        "account": row.account,
        "amount": row.amount,
        "content": f"Tro cap xa hoi thang {month.month}/{month.year}{again} {row.beneficiary_code}",
        "name": row.name,
        "citizen_id": row.citizen_id,
        "payee": name,
        "payee_citizen_id": citizen_id,
        # Money that goes to an account or a wallet is collected nowhere.
        "pay_point": "" if method in _CASHLESS else point.name if point else place,
        "pay_day": wording.short_date(window.first),
        "at_home": _AT_HOME[method is Method.HOME],
        "address": ", ".join(part for part in (row.hamlet, place) if part),
        "signature": "",
        "receiver": name or row.name,
        "receiver_citizen_id": citizen_id if name else row.citizen_id,
        "method": method_name(method),
        "month": f"{month.month:02}/{month.year}",
    }
