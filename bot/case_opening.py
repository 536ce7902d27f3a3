"""Handing over to a person: the case, its packet, and what the citizen is told of it."""

from typing import Any, Final

from bot.turn_talk import Turn
from core.calendar import local_day
from core.care.kinds import PACE, CaseKind
from core.care.opening import desk_for, due_at
from core.care.references import new_reference, spoken
from core.conversation.commands import OpenCase
from core.conversation.scene import Outcome
from core.conversation.sentences import Said, Value
from core.ledger.reads import payments_of
from core.ledger.whereabouts import whereabouts
from core.people import Ward
from core.privacy import masked_account
from core.store import cases
from core.store.cases import CaseRow, NewCase
from core.store.engine import Tx
from core.store.inbound import inbounds_of
from core.store.methods import accounts_of, methods_in_force
from core.terms import Programme

_LAST_MESSAGES: Final = 10


def open_case(turn: Turn, programme: Programme, command: OpenCase) -> Outcome:
    """Open the case, or find the one that is open for the same cause; say whose it is and when."""
    case, is_new = opened(turn, programme, command)
    desk = desk_for(programme, case.commune, turn.now, turn.me.language)
    values: dict[str, Value] = {
        "reference": spoken(case.reference),
        "office": desk.name,
        "due": local_day(case.due_at),
        "hotline": programme.settings.hotline,
    }
    return Outcome((Said("case.opened" if is_new else "case.already", values),))


def opened(turn: Turn, programme: Programme, command: OpenCase) -> tuple[CaseRow, bool]:
    """The case of this cause, and whether it is new."""
    ward = _ward(turn, command.beneficiary_id)
    desk = desk_for(programme, ward.commune if ward else None, turn.now)
    about = command.payment_id or command.beneficiary_id or ""
    case, is_new = cases.open_case(
        turn.tx,
        NewCase(
            reference=new_reference(),
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
        text=command.matter or turn.text,
    )
    return case, is_new


def unanswered(turn: Turn, programme: Programme) -> int:
    """The case of a message that the machine could not answer."""
    command = OpenCase(CaseKind.UNANSWERED, "unanswered", matter=turn.text)
    case, _ = opened(turn, programme, command)
    return case.id


def _ward(turn: Turn, beneficiary_id: int | None) -> Ward | None:
    found = (w for w in turn.me.wards if w.beneficiary_id == beneficiary_id)
    return next(found, turn.me.wards[0] if len(turn.me.wards) == 1 else None)


def _packet(
    turn: Turn, programme: Programme, command: OpenCase, ward: Ward | None
) -> dict[str, Any]:
    """Everything an officer needs, as it was at this moment."""
    me = turn.me
    packet: dict[str, Any] = {
        "about": command.about,
        "channel": me.channel,
        "level": me.level,
        "matter": command.matter,
        "wards": [
            {"code": w.code, "name": w.name, "role": w.standing.role, "basis": w.standing.basis}
            for w in me.wards
        ],
        "messages": [one.id for one in inbounds_of(turn.tx, me.contact_id, limit=_LAST_MESSAGES)],
    }
    if ward is not None:
        packet |= {"payments": _payments(turn.tx, programme, ward, turn)}
        packet |= {"methods": _methods(turn.tx, ward, turn)}
    return packet


def _payments(tx: Tx, programme: Programme, ward: Ward, turn: Turn) -> list[dict[str, Any]]:
    """The ledger's facts about the last months, with the events they were read from."""
    day = local_day(turn.now)
    return [
        {
            "code": one.code,
            "cycle": one.cycle,
            "amount": one.amount,
            "money": one.money,
            "receipt": one.receipt,
            "method": one.method,
            "provider": one.provider,
            "reason": one.reason,
            "stage": whereabouts(one, None, programme, day).state,
            "events": list(one.event_ids),
        }
        for one in payments_of(tx, ward.beneficiary_id)
    ]


def _methods(tx: Tx, ward: Ward, turn: Turn) -> list[dict[str, Any]]:
    """How the person is paid, account masked."""
    month = f"{local_day(turn.now):%Y-%m}"
    versions = methods_in_force(tx, [ward.beneficiary_id], month)
    accounts = accounts_of(tx, [version.id for version in versions.values()])
    return [
        {
            "method": version.method,
            "provider": version.provider,
            "from": version.from_cycle,
            "account": masked_account(accounts[version.id][0] or ""),
        }
        for version in versions.values()
    ]
