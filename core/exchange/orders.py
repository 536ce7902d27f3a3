"""The payment order for each provider: what to pay, to whom, how.

The same rows give the same bytes, so that an order can be written again and compared.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from core import offers, pay_days, wording
from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.ledger.states import Money
from core.money import in_words
from core.places import with_code
from core.store.engine import Tx
from core.store.orders import OrderRow, orders_for
from core.terms import Method, Programme, Provider

# What has been approved and not taken back; an order written again later holds the same rows.
ORDERED: Final = tuple(
    str(money) for money in Money if money not in {Money.LISTED, Money.HELD, Money.CANCELLED}
)
_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC)
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
    """The order of everything approved for a provider in a cycle."""
    rows = orders_for(tx, programme.tenant, str(cycle), provider, states=ORDERED)
    return Order(
        provider=provider,
        cycle=str(cycle),
        rows=len(rows),
        amount=sum(row.amount for row in rows),
        content=_workbook(layout, cycle, [_cells(row, programme, cycle) for row in rows]),
    )


def _cells(row: OrderRow, programme: Programme, cycle: Cycle) -> Mapping[str, str | int]:
    method, commune = Method(row.method), with_code(programme, row.commune, cycle.first_day)
    point = offers.pay_point(programme, row.pay_point)
    window = pay_days.pay_window(programme, cycle, method, row.commune)
    place = commune.full_name if commune else row.commune
    month = Cycle.parse(row.first_cycle)
    again = "" if month == cycle else " chi lai"
    return {
        "payment": row.code,
        "code": row.beneficiary_code,
        "holder": row.holder or row.payee or row.name,
        "account": row.account,
        "amount": row.amount,
        "content": f"Tro cap xa hoi thang {month.month}/{month.year}{again} {row.beneficiary_code}",
        "name": row.name,
        "citizen_id": row.citizen_id,
        "payee": row.payee,
        "pay_point": point.name if point else place,
        "pay_day": wording.short_date(window.first),
        "at_home": _AT_HOME[method is Method.HOME],
        "address": ", ".join(part for part in (row.hamlet, place) if part),
        "signature": "",
        "receiver": row.payee or row.name,
    }


def _workbook(layout: Layout, cycle: Cycle, rows: Sequence[Mapping[str, str | int]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": layout.title, "created": _CREATED})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0"})
    sheet.write_string(0, 0, layout.title.upper(), bold)
    sheet.write_string(1, 0, f"Kỳ chi trả: {cycle.month:02}/{cycle.year}")
    for place, column in enumerate(layout.columns):
        sheet.write_string(3, place, column.title, bold)
        sheet.set_column(place, place, 22)
    for at, row in enumerate(rows, start=1):
        for place, column in enumerate(layout.columns):
            value = at if column.field == "number" else row[column.field]
            if isinstance(value, int):
                sheet.write_number(3 + at, place, value, money)
            else:
                sheet.write_string(3 + at, place, value)
    _trailer(sheet, 5 + len(rows), rows)
    book.close()
    return buffer.getvalue()


def _trailer(sheet: Any, at: int, rows: Sequence[Mapping[str, str | int]]) -> None:
    total = sum(int(row["amount"]) for row in rows)
    sheet.write_string(at, 0, "Tổng số dòng")
    sheet.write_number(at, 1, len(rows))
    sheet.write_string(at + 1, 0, "Tổng số tiền")
    sheet.write_number(at + 1, 1, total)
    sheet.write_string(at + 2, 0, f"Bằng chữ: {in_words(total)}")
