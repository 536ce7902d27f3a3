"""The minutes of a cycle for signature (biên bản đối soát): what came, what was paid, what is left.

Every sum is read from the ledger; the head of its chain stands on the page, so that the paper that
people signed says which ledger it was. Money: whole đồng.
Source: the plan, III.6 and IV.5; docs/decisions/0077.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from core import wording
from core.calendar import hanoi
from core.ledger.closing import Books, books_of
from core.ledger.facts import CycleFacts
from core.ledger.journal import Account
from core.ledger.states import Money
from core.money import in_words
from core.store import cycles, sums
from core.store.chain import last_block
from core.store.engine import Tx

_CREATED: Final = datetime(2021, 1, 1, tzinfo=UTC)
_LEFT: Final = (Money.FAILED, Money.RETURNED, Money.UNCLAIMED, Money.HELD)
# Each names a figure of `ProviderMinutes` and the sentence `minutes.<name>` above its column.
COLUMNS: Final = (
    *("provider", "approved_heads", "approved", "carried", "funded", "paid_heads", "paid"),
    *("in_transit", "left_heads", "left", "given_back", "passed_on", "suspense", "held"),
    *("stated", "difference"),
)
_SUMMED: Final = COLUMNS[1:-2]
_SIGNERS: Final = ("office", "provider_side", "treasury")


@dataclass(frozen=True, slots=True)
class ProviderMinutes:
    """One provider's month.

    What came = paid + in transit + given back + passed on + in suspense + held. `left` are payments
    that nobody received: their money is part of `held`. `passed_on` is what the provider kept for
    payments that a later month pays again. `stated` is the
    balance that the provider confirmed, over all months, and `difference` how far the ledger was
    from it at that moment; both are None before it confirmed one.
    """

    provider: str
    approved_heads: int
    approved: int
    carried: int
    funded: int
    paid_heads: int
    paid: int
    in_transit: int
    left_heads: int
    left: int
    given_back: int
    passed_on: int
    suspense: int
    held: int
    stated: int | None
    difference: int | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """A cycle's minutes. `head`: the newest block of the chain; None before the first."""

    cycle: str
    state: str
    providers: tuple[ProviderMinutes, ...]
    head: str | None
    at: datetime

    @property
    def is_provisional(self) -> bool:
        """Whether something still keeps the month from being closed, so that nobody signs yet."""
        return any(
            one.in_transit or one.suspense or one.difference is None or one.difference
            for one in self.providers
        )

    def as_json(self) -> dict[str, Any]:
        """The minutes for machines."""
        return {
            "cycle": self.cycle,
            "provisional": self.is_provisional,
            "state": self.state,
            "head": self.head,
            "providers": [{name: getattr(one, name) for name in COLUMNS} for one in self.providers],
        }


def minutes_of(tx: Tx, tenant: str, facts: CycleFacts, now: datetime) -> Minutes:
    """The minutes of a cycle as the ledger stands."""
    books = books_of(tx, tenant, facts)
    counts = cycles.counts(tx, tenant, facts.cycle)
    passed_on = sums.passed_on(tx, tenant, facts.cycle)
    block = last_block(tx)
    return Minutes(
        cycle=facts.cycle,
        state=facts.state.value,
        providers=tuple(
            _of_provider(name, facts, books, counts, passed_on.get(name, 0))
            for name in sorted(facts.providers)
        ),
        head=block.hash if block is not None else None,
        at=now,
    )


def workbook(minutes: Minutes, lang: str) -> bytes:
    """The minutes as a spreadsheet to be printed and signed; the same minutes, the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": _said("title", lang), "created": _CREATED})
    sheet = book.add_worksheet()
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
    money = book.add_format({"num_format": "#,##0", "border": 1})
    plain = book.add_format({"border": 1})
    year, month = minutes.cycle.split("-")
    sheet.write_string(0, 0, _said("title", lang).upper(), book.add_format({"bold": True}))
    sheet.write_string(1, 0, f"{_said('cycle', lang)}: {month}/{year}")
    sheet.write_string(2, 0, f"{_said('made', lang)}: {hanoi(minutes.at):%H:%M %d/%m/%Y}")
    if minutes.is_provisional:
        sheet.write_string(3, 0, _said("provisional", lang), book.add_format({"bold": True}))
    for place, name in enumerate(COLUMNS):
        sheet.write_string(4, place, _said(name, lang), bold)
    sheet.set_column(0, len(COLUMNS) - 1, 14)
    for at, one in enumerate(minutes.providers, start=5):
        sheet.write_string(
            at, 0, wording.text(f"programme.provider.{one.provider}", lang, "programme"), plain
        )
        for place, name in enumerate(COLUMNS[1:], start=1):
            value = getattr(one, name)
            if value is None:
                sheet.write_string(at, place, _said("not_stated", lang), plain)
            else:
                sheet.write_number(at, place, value, money)
    _ending(book, sheet, minutes, lang)
    book.close()
    return buffer.getvalue()


def fingerprint(content: bytes) -> str:
    """What identifies the file that was signed."""
    return hashlib.sha256(content).hexdigest()


def _of_provider(
    name: str,
    facts: CycleFacts,
    books: Books,
    counts: Mapping[tuple[str | None, str], tuple[int, int]],
    passed_on: int,
) -> ProviderMinutes:
    part = facts.providers[name]

    def held(*accounts: Account) -> int:
        return sum(books.accounts.get((name, account.value), 0) for account in accounts)

    def stand(*states: Money) -> tuple[int, int]:
        found = [counts.get((name, state.value), (0, 0)) for state in states]
        return sum(heads for heads, _ in found), sum(amount for _, amount in found)

    paid_heads, paid = stand(Money.SETTLED)
    left_heads, left = stand(*_LEFT)
    in_transit = held(Account.IN_TRANSIT, Account.WITH_OFFICER)
    suspense, at_provider = held(Account.SUSPENSE), held(Account.AT_PROVIDER)
    said = books.statements.get(name)
    return ProviderMinutes(
        provider=name,
        approved_heads=part.approved_heads,
        approved=part.approved_amount,
        carried=part.carried_amount,
        funded=part.funded_amount,
        paid_heads=paid_heads,
        paid=paid,
        in_transit=in_transit,
        left_heads=left_heads,
        left=left,
        # The Treasury's account holds what was sent, less what came back.
        given_back=part.funded_amount + held(Account.TREASURY),
        passed_on=passed_on,
        suspense=suspense,
        held=at_provider,
        stated=said.amount if said is not None else None,
        difference=said.amount - books.held_then[name] if said is not None else None,
    )


def _ending(book: Any, sheet: Any, minutes: Minutes, lang: str) -> None:
    """Totals, the paid sum in words, the head of the chain, and places to sign."""
    bold = book.add_format({"bold": True, "num_format": "#,##0", "border": 1})
    at = 5 + len(minutes.providers)
    sheet.write_string(at, 0, _said("total", lang), bold)
    for place, name in enumerate(_SUMMED, start=1):
        sheet.write_number(at, place, sum(getattr(one, name) for one in minutes.providers), bold)
    paid = sum(one.paid for one in minutes.providers)
    sheet.write_string(at + 2, 0, f"{_said('paid_in_words', lang)}: {in_words(paid)}")
    sheet.write_string(at + 3, 0, f"{_said('head', lang)}: {minutes.head or '-'}")
    for place, name in enumerate(_SIGNERS):
        sheet.write_string(at + 5, place * 5, _said(name, lang), book.add_format({"bold": True}))


def _said(name: str, lang: str) -> str:
    return wording.text(f"minutes.{name}", lang, "cli")
