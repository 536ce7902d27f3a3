"""What the ledger says today of the people of a case, and what they were told on which phone.

What a case's packet says is how it stood when the case was opened; this is how it stands now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.compose import Parts
from core.calendar import local_day
from core.ledger.facts import PaymentFacts
from core.ledger.reads import cycle_facts, payments_of
from core.ledger.whereabouts import whereabouts
from core.privacy import masked_phone
from core.store import views
from core.store.contacts import contacts_of
from core.store.engine import Tx
from core.store.outbox import messages
from core.store.people import BeneficiaryRow, beneficiaries_by_code, names_of, standings_beside
from notifications.outbox import SMS


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment as it stands. Money: whole đồng. `since`: the day it got there, if known."""

    id: int
    code: str
    cycle: str
    amount: int
    stage: str
    since: date | None
    late: int
    reason: str | None
    provider: str | None
    method: str | None
    receipt: str


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The payments of one beneficiary of a case, newest first."""

    name: str
    code: str
    payments: tuple[PaymentLine, ...]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One message about these payments. `to`: the phone, masked, and who it belongs to."""

    to: str = field(repr=False)
    role: str
    purpose: str
    state: str
    at: datetime


def people_facts(tx: Tx, parts: Parts, codes: Sequence[str]) -> list[PersonFacts]:
    """The payments of these beneficiaries, as the ledger has them now."""
    rows = beneficiaries_by_code(tx, codes)
    names = names_of(tx, [row.person_id for row in rows.values()])
    return [
        PersonFacts(names[row.person_id], code, _payments(tx, parts, row))
        for code, row in rows.items()
    ]


def notice_lines(tx: Tx, people: Sequence[PersonFacts]) -> list[NoticeLine]:
    """What was sent about these payments, to whichever phone, newest first."""
    ids = views.notices_about(tx, [line.id for one in people for line in one.payments])
    roles = _roles_at(tx, people)
    return [
        NoticeLine(
            to=masked_phone(one.address) if one.channel == SMS else "",
            role=roles.get(one.contact_id, ""),
            purpose=one.purpose,
            state=one.state,
            at=one.sent_at or one.created_at,
        )
        for one in reversed(messages(tx, ids))
    ]


def _payments(tx: Tx, parts: Parts, row: BeneficiaryRow) -> tuple[PaymentLine, ...]:
    payments = payments_of(tx, row.id)
    tenant, day = parts.programme.tenant, local_day(parts.clock.now())
    cycles = {name: cycle_facts(tx, tenant, name) for name in {one.cycle for one in payments}}

    def line(one: PaymentFacts) -> PaymentLine:
        where = whereabouts(one, cycles[one.cycle], parts.programme, day)
        return PaymentLine(
            id=one.id,
            code=one.code,
            cycle=f"{one.cycle[5:]}/{one.cycle[:4]}",
            amount=one.amount,
            stage=where.state,
            since=where.since,
            late=where.late,
            reason=one.reason,
            provider=one.provider,
            method=one.method,
            receipt=one.receipt.lower(),
        )

    return tuple(line(one) for one in payments)


def _roles_at(tx: Tx, people: Sequence[PersonFacts]) -> dict[int, str]:
    """What the owner of each address is to the beneficiaries, by contact id."""
    rows = beneficiaries_by_code(tx, [one.code for one in people]).values()
    beside = standings_beside(tx, [row.id for row in rows])
    roles = {s.person_id: s.relation or s.role for each in beside.values() for s in reversed(each)}
    return {
        contact_id: roles[person_id]
        for person_id, links in contacts_of(tx, roles).items()
        for contact_id, _, _ in links
    }
