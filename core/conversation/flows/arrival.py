"""Has the money come? For whom, which month, where it is now, and what the person says to it."""

from dataclasses import replace
from datetime import date

from core.calendar import Cycle
from core.care.kinds import CaseKind
from core.conversation.ask import Command, Go, Say, ask, farewell, look, say
from core.conversation.caller import Caller
from core.conversation.commands import OpenCase, SayWord
from core.conversation.flows.arrival_words import needs_a_person, sentences
from core.conversation.flows.queries import AgreedToTell, Arrival, ArrivalsIn
from core.conversation.flows.receipt import ASKED_WITHIN_DAYS, may_be_short, word_about
from core.conversation.heard import Heard
from core.conversation.parsers import Parser, month, ward, yes_no
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.months import month as month_mentioned
from core.ledger.receipt import Word
from core.ledger.states import Money, Receipt
from core.people import Role, Ward, may_answer_receipt, may_ask_state, may_hear_amount

_UNSAID = frozenset({Receipt.NOT_ASKED, Receipt.ASKED, Receipt.SILENT})


async def check_arrival(me: Caller) -> Command | None:
    """`Tiền về chưa?` for one ward and one month; this month unless another is named."""
    if not me.wards:
        await say("link.first")
        return Go("link")
    whom = await _whom(me)
    level = me.level_for(whom)
    refusal = may_ask_state(whom.standing, level=level, day=me.today)
    if refusal is not None:
        return await farewell(refusal)
    if whom.is_frozen:
        return await _with_an_officer(me, whom)
    if _is_relative(whom) and not await look(
        AgreedToTell(whom.beneficiary_id, whom.standing.person_id)
    ):
        return await farewell("arrival.no_consent")
    cycle = await ask("arrival.month", this_month_or_named(me.today))
    arrivals = await look(ArrivalsIn(whom.beneficiary_id, str(cycle), me.today))
    hears = may_hear_amount(whom.standing, level=level, day=me.today) is None
    for arrival in arrivals:
        for sentence in sentences(arrival, whom, cycle, hears_amount=hears):
            await Say(sentence)
    return await _after(me, whom, _to_talk_about(arrivals, me.today))


async def _with_an_officer(me: Caller, whom: Ward) -> Command | None:
    """Two people claim to speak for this ward: neither is told amounts, an officer sorts it out."""
    await say("frozen.with_office", who=whom.name)
    if not await ask("arrival.officer", yes_no):
        return None
    return OpenCase(CaseKind.QUESTION, me.subject or Intent.CHECK_PAYMENT, whom.beneficiary_id)


async def _whom(me: Caller) -> Ward:
    if len(me.wards) == 1:
        return me.wards[0]
    whom: Ward = await ask("arrival.whom", ward(me.wards, spoken_of=me.about))
    return whom


async def _after(me: Caller, whom: Ward, arrival: Arrival) -> Command | None:
    """What may follow a true answer: the person's own word, or an officer."""
    payment = arrival.payment
    asserts = me.subject == Intent.PAYMENT_NOT_RECEIVED
    level = me.level_for(whom)
    if payment is not None and payment.money is Money.SETTLED:
        own = may_answer_receipt(whom.standing, level=level, day=me.today) is None
        if own and (asserts or _is_worth_asking(arrival, me.today)):
            return await word_about(payment, whom, short=may_be_short(me, whom))
        if not asserts:
            return None
        if _is_relative(whom):
            sure = await ask("arrival.officer", yes_no)
            return SayWord(payment.id, whom.beneficiary_id, Word.NOT_RECEIVED) if sure else None
    if not needs_a_person(arrival) and not asserts:
        return None
    if not await ask("arrival.officer", yes_no):
        return None
    return OpenCase(
        CaseKind.DISPUTE if asserts and payment is not None else CaseKind.QUESTION,
        me.subject or Intent.CHECK_PAYMENT,
        whom.beneficiary_id,
        payment.id if payment is not None else None,
    )


def _is_relative(whom: Ward) -> bool:
    return whom.standing.role is Role.RELATIVE


def _to_talk_about(arrivals: tuple[Arrival, ...], today: date) -> Arrival:
    """Of several payments the one that needs a person, else one that waits for a word."""
    unsaid = [one for one in arrivals if _is_worth_asking(one, today)]
    stuck = [one for one in arrivals if needs_a_person(one)]
    return [*arrivals, *unsaid[:1], *stuck[:1]][-1]


def _is_worth_asking(arrival: Arrival, today: date) -> bool:
    payment = arrival.payment
    if payment is None or payment.money is not Money.SETTLED or payment.effective_on is None:
        return False
    recent = (today - payment.effective_on).days <= ASKED_WITHIN_DAYS
    return recent and payment.receipt in _UNSAID


def this_month_or_named(today: date) -> Parser[Cycle]:
    """The month that the message names; this month if it names none; asked when it is doubtful."""
    named = month(today)

    def mention(heard: Heard) -> str | None:
        if month_mentioned(heard.text) is None:
            return str(Cycle.of_day(today))
        return named.mention(heard)

    return replace(named, mention=mention)
