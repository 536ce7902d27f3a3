"""Handing over to a person: the case, its packet, and what the citizen is told of it."""

from collections.abc import Sequence
from typing import Any, Final

from bot.turn_talk import Turn
from core.calendar import Cycle, hanoi, local_day
from core.care.kinds import PACE, CaseKind
from core.care.opening import Desk, desk_for, due_at
from core.care.references import new_reference, spoken
from core.conversation.commands import OpenCase
from core.conversation.scene import Outcome
from core.conversation.sentences import Said, Value, Words
from core.ledger.events import EventType, NewEvent
from core.ledger.facts import PaymentFacts
from core.ledger.reads import cycle_facts, payments_of
from core.ledger.record import Ledger
from core.ledger.states import WORDS
from core.ledger.whereabouts import whereabouts
from core.people import Ward
from core.privacy import masked_account, storable
from core.store import cases
from core.store.cases import CaseRow, NewCase
from core.store.engine import Tx
from core.store.events import words_said
from core.store.inbound import inbounds_of
from core.store.methods import accounts_of, methods_in_force
from core.terms import Programme
from core.working_hours import is_open, next_open

_LAST_MESSAGES: Final = 10


def open_case(turn: Turn, programme: Programme, ledger: Ledger, command: OpenCase) -> Outcome:
    """Open the case, or find the one that is open for the same cause; say whose it is.

    By when it is to be answered is for the office alone; a citizen is told when it opens.
    Source: decision 0119.
    """
    case, is_new = opened(turn, programme, ledger, command)
    values: dict[str, Value] = {
        "reference": spoken(case.reference),
        "office": office_in_words(desk_for(programme, case.commune, turn.now)),
        "hotline": programme.settings.hotline,
    }
    said = Said("case.opened" if is_new else "case.already", values)
    if is_open(programme, turn.now):
        return Outcome((said,))
    opens = hanoi(next_open(programme, turn.now))
    when: dict[str, Value] = {"time": f"{opens:%H:%M}", "day": opens.date()}
    return Outcome((said, Said("case.office_opens", when)))


def office_in_words(desk: Desk) -> Words:
    """The office by the name people know it by."""
    if desk.name is None:
        return Words("office.common")
    return Words("office.commune", {"name": desk.name})


def opened(
    turn: Turn, programme: Programme, ledger: Ledger, command: OpenCase
) -> tuple[CaseRow, bool]:
    """The case of this cause, and whether it is new; a new one is an event of the ledger."""
    ward = _ward(turn, command.beneficiary_id)
    desk = desk_for(programme, commune_of(turn.me.wards, ward), turn.now)
    about = command.payment_id or command.beneficiary_id or ""
    case, is_new = cases.open_case(
        turn.tx,
        NewCase(
            reference=_free_reference(turn.tx),
            kind=command.kind,
            risk=PACE[command.kind].risk,
            dedup_key=f"{command.kind}:{turn.me.contact_id}:{command.about}:{about}",
            packet=_packet(turn, programme, command, ward),
            due_at=due_at(programme, command.kind, turn.now),
            beneficiary_id=command.beneficiary_id,
            contact_id=turn.me.contact_id,
            payment_id=command.payment_id,
            commune=desk.commune,
            area=desk.area,
        ),
        turn.now,
    )
    cases.add_entry(
        turn.tx,
        case,
        "citizen",
        turn.now,
        inbound_id=turn.inbound_id,
        text=storable(command.matter or turn.text),
    )
    if is_new:
        ledger.record(turn.tx, [_event(turn, case)])
    return case, is_new


def _event(turn: Turn, case: CaseRow) -> NewEvent:
    return NewEvent(
        EventType.CASE_OPENED,
        f"case:{case.id}:opened",
        "bot",
        turn.now,
        beneficiary_id=case.beneficiary_id,
        body={"case": case.id, "kind": case.kind, "about": case.payment_id},
    )


def unanswered(turn: Turn, programme: Programme, ledger: Ledger) -> int:
    """The case of a message that the machine could not answer."""
    command = OpenCase(CaseKind.UNANSWERED, "unanswered", matter=turn.text)
    case, _ = opened(turn, programme, ledger, command)
    return case.id


def _free_reference(tx: Tx) -> str:
    """A reference that no case has."""
    while True:
        reference = new_reference()
        if cases.case_by_reference(tx, reference) is None:
            return reference


def commune_of(wards: Sequence[Ward], ward: Ward | None) -> str | None:
    """Whose officers a case is for; None when nobody here stands beside anybody.

    Somebody with several wards who names none still belongs to a place: a case of no place is
    everybody's to read.
    """
    if ward is not None:
        return ward.commune
    return wards[0].commune if wards else None


def _ward(turn: Turn, beneficiary_id: int | None) -> Ward | None:
    found = (w for w in turn.me.wards if w.beneficiary_id == beneficiary_id)
    return next(found, turn.me.only_ward)


def _packet(
    turn: Turn, programme: Programme, command: OpenCase, ward: Ward | None
) -> dict[str, Any]:
    """Everything an officer needs, as it was at this moment."""
    me = turn.me
    packet: dict[str, Any] = {
        "about": command.about,
        "channel": me.channel,
        "level": me.level if ward is None else me.level_for(ward),
        "matter": storable(command.matter),
        "wards": [_standing(one) for one in me.wards],
        "messages": [one.id for one in inbounds_of(turn.tx, me.contact_id, limit=_LAST_MESSAGES)],
    }
    if ward is not None:
        payments = payments_of(turn.tx, ward.beneficiary_id)
        packet["payments"] = [_payment(turn, programme, one) for one in payments]
        packet["methods"] = _methods(turn, ward)
        packet["cause"] = _cause(payments, command.payment_id)
    return packet


def _standing(ward: Ward) -> dict[str, Any]:
    """Whom the citizen may ask for, as what, and on which ground."""
    standing = ward.standing
    return {
        "code": ward.code,
        "name": ward.name,
        "role": standing.role,
        "relation": standing.relation,
        "basis": standing.basis,
        "until": standing.valid_to.isoformat() if standing.valid_to else None,
    }


def _payment(turn: Turn, programme: Programme, one: PaymentFacts) -> dict[str, Any]:
    """What the ledger knows of one payment: the provider's side, the person's, and the events."""
    cycle = cycle_facts(turn.tx, programme.tenant, one.cycle)
    where = whereabouts(one, cycle, programme, local_day(turn.now))
    return {
        "code": one.code,
        "cycle": one.cycle,
        "amount": one.amount,
        "money": one.money,
        "receipt": one.receipt,
        "method": one.method,
        "provider": one.provider,
        "reason": one.reason,
        "stage": where.state,
        "desk": where.desk,
        "since": where.since.isoformat() if where.since else None,
        "late": where.late,
        "events": list(one.event_ids),
        "words": [
            {"word": kind, "person": person, "basis": basis}
            for kind, person, basis in words_said(turn.tx, one.id, sorted(WORDS))
        ],
    }


def _cause(payments: Sequence[PaymentFacts], payment_id: int | None) -> str | None:
    """The failure that most likely brought the person here: of the payment meant, or the newest."""
    meant = [one for one in payments if one.id == payment_id] or list(payments[:1])
    return meant[0].reason if meant else None


def _methods(turn: Turn, ward: Ward) -> list[dict[str, Any]]:
    """How the person is paid, account masked."""
    month = str(Cycle.of_day(local_day(turn.now)))
    versions = methods_in_force(turn.tx, [ward.beneficiary_id], month)
    accounts = accounts_of(turn.tx, [version.id for version in versions.values()])
    return [
        {
            "method": version.method,
            "provider": version.provider,
            "from": version.from_cycle,
            "account": masked_account(accounts[version.id][0] or ""),
        }
        for version in versions.values()
    ]
