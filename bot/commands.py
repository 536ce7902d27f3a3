"""Carrying out what flows wish, inside the turn's transaction; and the hands a turn works with."""

from datetime import date
from typing import Final

from bot import case_opening
from bot.disputing import open_dispute
from bot.home_asking import wished
from bot.linking import printed_code, send_code, try_code
from bot.reading import reader
from bot.turn_talk import Talk, Turn
from core.calendar import local_day
from core.care.kinds import CaseKind
from core.care.life import CaseMove, CaseState, case_moved
from core.conversation.ask import Command, Go
from core.conversation.commands import (
    AgreeToNotices,
    AppealHome,
    AskForHome,
    OpenCase,
    SayWord,
    SendCode,
    StopHome,
    TryCode,
)
from core.conversation.flow import MENU
from core.conversation.flows.arrival_words import month_of
from core.conversation.flows.book import BOOK
from core.conversation.flows.receipt import WORDS, said_of_ones_own
from core.conversation.heard import Heard
from core.conversation.parsers import month
from core.conversation.repairs import AllowNotices, StopNotices
from core.conversation.scene import Outcome
from core.conversation.sentences import Said, Value
from core.conversation.understanding.answers import menu_number
from core.faults import Fault
from core.ledger.events import EventType, NewEvent
from core.ledger.hearing import say
from core.ledger.reads import payments_with_ids
from core.ledger.receipt import Word
from core.ledger.record import Ledger
from core.names import short_name
from core.people import LINKED, Purpose, Role, Ward
from core.privacy import storable
from core.refusals import Refusal
from core.store import cases
from core.store.contacts import insert_consents
from core.store.notices_open import came_last, open_notice
from core.terms import Programme
from notifications.notices import ASKS_FULL

# The version of the words under which a linked person agrees to be told (locales, notices.wanted).
CONSENT_TEXT: Final = "chat-2021-1"
# How Telegram opens a deep link, and our page a scanned code.
_START: Final = "/start"
_AROUND_A_MONTH: Final = frozenset(
    "con the vay thi sao rang nua thang truoc nay ni roi hoi vua a o da".split()
)
_WORD_OF_NUMBER: Final = {1: "full", 2: "short", 3: "not_received"}


class UnknownCommand(Fault):
    """Nobody carries out wishes of the kind {kind}."""


def talk_of(programme: Programme, ledger: Ledger) -> Talk:
    """The flows and hands of one process."""

    def execute(turn: Turn, command: Command) -> Outcome:
        match command:
            case OpenCase():
                return case_opening.open_case(turn, programme, ledger, command)
            case SayWord():
                return _said_word(turn, programme, ledger, command)
            case AskForHome() | StopHome() | AppealHome():
                return wished(turn, programme, ledger, command)
            case AgreeToNotices(amounts):
                return _agreed(turn, ledger, amounts=amounts)
            case StopNotices():
                return _noted(turn, ledger, EventType.CONSENT_WITHDRAWN)
            case AllowNotices():
                return _noted(turn, ledger, EventType.CONSENT_GIVEN)
            case _:
                raise UnknownCommand(kind=type(command).__name__)

    return Talk(
        book=BOOK,
        read=reader(programme, ledger),
        act=lambda turn, command: _act(turn, ledger, command),
        execute=execute,
        awaited=_awaited,
        overtaken=_overtaken,
        hear_for_officer=_hear_for_officer,
        give_up=lambda turn: case_opening.unanswered(turn, programme, ledger),
    )


def _act(turn: Turn, ledger: Ledger, command: Command) -> str:
    match command:
        case TryCode():
            return try_code(turn, ledger, command)
        case SendCode():
            return send_code(turn, command)
        case _:
            raise UnknownCommand(kind=type(command).__name__)


def _said_word(turn: Turn, programme: Programme, ledger: Ledger, command: SayWord) -> Outcome:
    """Keep the word; one that contradicts the provider or somebody else becomes a case."""
    (payment,) = payments_with_ids(turn.tx, [command.payment_id])
    ward = next(w for w in turn.me.wards if w.beneficiary_id == command.beneficiary_id)
    kept = say(
        turn.tx,
        ledger,
        payment,
        command.word,
        standing=ward.standing,
        level=turn.me.level_for(ward),
        day=local_day(turn.now),
        source=f"inbound:{turn.inbound_id}",
        at=turn.now,
    )
    if isinstance(kept, Refusal):
        return Outcome((Said(f"refusal.{kept.code}", dict(kept.details)),))
    facts = (kept.event.id,)
    is_relative = ward.standing.role is Role.RELATIVE
    who = short_name(ward.name).removesuffix(".") if is_relative else ward.name
    told: dict[str, Value] = {"who": who, "month": month_of(payment)}
    if kept.dispute is None:
        return Outcome((Said(f"receipt.kept_{command.word}", told, facts),))
    open_dispute(turn.tx, ledger, payment, kept.dispute, word=kept.event.id, now=turn.now)
    opened = case_opening.open_case(
        turn,
        programme,
        ledger,
        OpenCase(
            CaseKind.DISPUTE, f"said_{command.word}", command.beneficiary_id, command.payment_id
        ),
    )
    heard = Said(f"receipt.heard_{command.word}", told, facts)
    return Outcome((heard, *opened.said))


def _agreed(turn: Turn, ledger: Ledger, *, amounts: bool) -> Outcome:
    """Consents of whoever is linked here, for each ward of theirs; a relative has none to give."""
    purposes = (Purpose.NOTICE, Purpose.AMOUNT) if amounts else (Purpose.NOTICE,)
    own = [
        ward
        for ward in turn.me.wards
        if ward.standing.role is not Role.RELATIVE and turn.me.level_for(ward) >= LINKED
    ]
    rows = [
        {
            "beneficiary_id": ward.beneficiary_id,
            "person_id": ward.standing.person_id,
            "purpose": purpose,
            "agreed_by": ward.standing.person_id,
            "text_version": CONSENT_TEXT,
            "channel": turn.me.channel,
            "given_at": turn.now,
        }
        for ward in own
        for purpose in purposes
    ]
    insert_consents(turn.tx, rows)
    given = EventType.CONSENT_GIVEN
    ledger.record(
        turn.tx, [_consent(turn, given, ward, purpose) for ward in own for purpose in purposes]
    )
    if not rows:
        return Outcome((Said("notices.nobody"),), Go(MENU))
    return Outcome((Said("notices.agreed_amount" if amounts else "notices.agreed"),), Go(MENU))


def _noted(turn: Turn, ledger: Ledger, kind: EventType) -> Outcome:
    """`STOP` and `NHAN TIN` of somebody known, in the books beside the address that was stopped."""
    ledger.record(turn.tx, [_consent(turn, kind, ward, Purpose.NOTICE) for ward in turn.me.wards])
    return Outcome()


def _consent(turn: Turn, kind: EventType, ward: Ward, purpose: Purpose) -> NewEvent:
    person = ward.standing.person_id
    return NewEvent(
        kind,
        f"consent:inbound:{turn.inbound_id}:{ward.standing.id}:{purpose}",
        f"person:{person}",
        turn.now,
        beneficiary_id=ward.beneficiary_id,
        body={"person": person, "purpose": purpose.value, "contact": turn.me.contact_id},
    )


def _awaited(turn: Turn, heard: Heard, token: str | None) -> Go | None:
    """A code from a letter, or an answer to the notice sent last: `1`, `đủ`, its buttons."""
    if heard.line.startswith(_START):
        scanned = heard.line.removeprefix(_START).strip().upper()
        return Go("link_by_code", scanned) if scanned else Go(MENU)
    typed = printed_code(heard.line)
    if typed is not None:
        return Go("link_by_code", typed)
    if _names_only_a_month(heard):
        return Go("check_arrival", answers=_month_in(heard, turn.me.today))
    unasked = said_of_ones_own(heard)
    word = _word_in(heard) or unasked
    if word is None:
        return None
    notice = open_notice(turn.tx, turn.me.contact_id, turn.now, token=token)
    if notice is not None and (word is not Word.SHORT or notice.menu_token == ASKS_FULL):
        return Go("answer_notice", notice.payment_code, {"receipt.word": word.value})
    return None if unasked is None else Go("unasked_word", unasked.value)


def _overtaken(turn: Turn, heard: Heard) -> Go | None:
    """An answer in a number to a notice that came after the question that waits."""
    word = _word_in(heard) if menu_number(heard.text) is not None else None
    if word is None:
        return None
    notice = open_notice(turn.tx, turn.me.contact_id, turn.now)
    if notice is None or not came_last(turn.tx, turn.me.contact_id, notice):
        return None
    if word is Word.SHORT and notice.menu_token != ASKS_FULL:
        return None
    return Go("answer_notice", notice.payment_code, {"receipt.word": word.value})


def _names_only_a_month(heard: Heard) -> bool:
    """Whether somebody goes on asking with no more than a month: `còn tháng 3`."""
    words = set(heard.text.words)
    return "thang" in words and all(w in _AROUND_A_MONTH or w.isdigit() for w in words)


def _month_in(heard: Heard, today: date) -> dict[str, str]:
    """The month as an answer given already; none where it is doubtful, so that it is asked."""
    named = month(today).mention(heard)
    return {} if named is None else {"arrival.month": named}


def _word_in(heard: Heard) -> Word | None:
    number = menu_number(heard.text)
    if number is not None:
        return Word(_WORD_OF_NUMBER[number]) if number in _WORD_OF_NUMBER else None
    folded = heard.folded.strip()
    return next((option.value for option in WORDS if folded in option.words), None)


def _hear_for_officer(turn: Turn, case_id: int) -> None:
    """The message joins the case; one that waited for the citizen is the officer's again."""
    case = cases.case_by_id(turn.tx, case_id)
    if case is None:
        return
    said = storable(turn.text)
    cases.add_entry(turn.tx, case, "citizen", turn.now, inbound_id=turn.inbound_id, text=said)
    state = case_moved(CaseState(case.state), CaseMove.CITIZEN_WROTE, reference=case.reference)
    if isinstance(state, CaseState) and state != case.state:
        cases.move_case(turn.tx, case.id, state, turn.now)
