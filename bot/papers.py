"""The files that are written from the ledger and leave it as it was: `export`.

What does not live here: what stands in them (`core/exchange`), orders that are given (`moves.py`).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.compose import Parts
from bot.sealing import seal
from core.calendar import Cycle
from core.exchange import opening_files, orders, reconciliation, summary
from core.exchange.home_list import HomeList, home_list_for
from core.exchange.orders import Order
from core.ledger.facts import CycleFacts
from core.ledger.reads import cycle_facts
from core.private_files import emptied
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.terms import Provider


class Paper(StrEnum):
    """The files that can be written."""

    PAYMENT_ORDER = "payment-order"
    CASH_LIST = "cash-list"
    HOME_LIST = "home-list"
    PORTAL_UPLOAD = "portal-upload"
    TREASURY_SUMMARY = "treasury-summary"
    RECONCILIATION = "reconciliation"
    ACCOUNT_OPENING = "account-opening"
    MISSING_PAPERS = "missing-papers"
    ID_CARDS = "id-cards"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its lines, its fingerprint, and what machines are told of it."""

    rows: int
    sha256: str
    told: dict[str, Any]


def write_of_provider(
    parts: Parts, paper: Paper, cycle: Cycle, provider: Provider, file: Path
) -> Written | Refusal:
    """Write a file for one provider; nothing is recorded.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE, PROVIDER_WITHOUT_PORTAL.
    """
    facts = _approved(parts, cycle)
    if isinstance(facts, Refusal):
        return facts
    if provider not in facts.providers:
        return Refusal(Code.CYCLE_WRONG_STATE, {"state": facts.state})
    layout = _LAYOUTS[paper].format(provider=provider)
    if not parts.has_layout(layout):
        return Refusal(Code.PROVIDER_WITHOUT_PORTAL, {"provider": provider})
    listed = orders.cash_list_for if paper is Paper.CASH_LIST else orders.order_for

    def work(tx: Tx) -> Order:
        return listed(tx, parts.programme, parts.layout(layout), cycle, provider)

    order = parts.store.read(work)
    emptied(file).write_bytes(order.content)
    return Written(order.rows, order.sha256, order.as_json())


def write_home_list(
    parts: Parts, cycle: Cycle, provider: Provider, day: date, file: Path
) -> Written | Refusal:
    """Write whom a provider visits on a day; nothing is recorded.

    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE.
    """
    facts = _approved(parts, cycle)
    if isinstance(facts, Refusal):
        return facts
    layout = parts.layout("home-list")

    def work(tx: Tx) -> HomeList:
        return home_list_for(tx, parts.programme, layout, cycle, provider, day)

    found = parts.store.read(work)
    emptied(file).write_bytes(found.content)
    return Written(found.rows, found.sha256, found.as_json())


def write_summary(parts: Parts, cycle: Cycle, file: Path, lang: str) -> Written | Refusal:
    """Write what the Treasury is asked for.

    What is not sealed yet is sealed first: the paper must carry the head of all that it shows.
    Refuses: CYCLE_UNKNOWN, CYCLE_WRONG_STATE.
    """
    facts = _approved(parts, cycle)
    if isinstance(facts, Refusal):
        return facts
    seal(parts)
    found = parts.store.read(lambda tx: summary.summary_of(tx, parts.programme, cycle))
    content = summary.file_of(found, parts.layout("treasury-summary"), lang)
    emptied(file).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Written(len(found.rows), sha256, found.as_json() | {"sha256": sha256})


def write_minutes(parts: Parts, cycle: Cycle, file: Path, lang: str) -> Written | Refusal:
    """Write the minutes of a cycle for signature, sealed first as the summary is.

    Refuses: CYCLE_UNKNOWN.
    """
    seal(parts)
    tenant, now = parts.programme.tenant, parts.clock.now()

    def work(tx: Tx) -> reconciliation.Minutes | None:
        facts = cycle_facts(tx, tenant, str(cycle))
        return reconciliation.minutes_of(tx, tenant, facts, now) if facts is not None else None

    minutes = parts.store.read(work)
    if minutes is None:
        return Refusal(Code.CYCLE_UNKNOWN, {"cycle": str(cycle)})
    content = reconciliation.workbook(minutes, lang)
    emptied(file).write_bytes(content)
    sha256 = reconciliation.fingerprint(content)
    return Written(len(minutes.providers), sha256, minutes.as_json() | {"sha256": sha256})


def write_of_openings(
    parts: Parts, paper: Paper, cycle: Cycle, provider: Provider | None, file: Path
) -> Written:
    """Write a list about accounts that are being opened; nothing is recorded."""
    listed, name = _OPENINGS[paper]

    def work(tx: Tx) -> opening_files.Listed:
        return listed(tx, parts.programme, parts.layout(name), cycle, provider)

    found = parts.store.read(work)
    emptied(file).write_bytes(found.content)
    sha256 = hashlib.sha256(found.content).hexdigest()
    told = {"cycle": str(cycle), "rows": found.rows, "sha256": sha256}
    return Written(found.rows, sha256, told | ({"provider": provider} if provider else {}))


_OPENINGS: Final = {
    Paper.ACCOUNT_OPENING: (opening_files.account_opening, "account-opening"),
    Paper.MISSING_PAPERS: (opening_files.missing_papers, "papers"),
    Paper.ID_CARDS: (opening_files.id_cards, "id-cards"),
}
OF_OPENINGS: Final = frozenset(_OPENINGS)
_LAYOUTS: Final = {
    Paper.PAYMENT_ORDER: "order-{provider}",
    Paper.CASH_LIST: "cash-list",
    Paper.PORTAL_UPLOAD: "portal-{provider}",
}


def _approved(parts: Parts, cycle: Cycle) -> CycleFacts | Refusal:
    facts = parts.store.read(lambda tx: cycle_facts(tx, parts.programme.tenant, str(cycle)))
    if facts is None:
        return Refusal(Code.CYCLE_UNKNOWN, {"cycle": str(cycle)})
    if not facts.providers:
        return Refusal(Code.CYCLE_WRONG_STATE, {"state": facts.state})
    return facts
