"""Where the money is, in sentences: pure, one true sentence for each stage, never a promise.

Every sentence names the month and the person; amounts only to who may hear them; days only those
that were reported or that the programme's calendar holds.
"""

from typing import Final

from core.calendar import Cycle
from core.conversation.flows.queries import Arrival
from core.conversation.sentences import Money, Said, Value, Words
from core.ledger.facts import PaymentFacts
from core.ledger.states import Receipt
from core.ledger.whereabouts import Next, Stage
from core.names import short_name
from core.people import Role, Ward
from core.terms import Method

# There is no payment, so there is no event to cite: their last word says so to the renderer.
_WITHOUT_PAYMENT: Final = {
    Stage.NO_LIST_YET: "arrival.no_list_yet",
    Stage.NOT_LISTED_YET: "arrival.no_line_yet",
    Stage.NOT_LISTED: "arrival.not_listed",
}
# Causes that no machine tells a family: an officer does (failures.csv, tell).
_SAID_BY_A_PERSON: Final = frozenset({"NGUOI_NHAN_MAT"})
_UNCLEAR: Final = "KHONG_RO"
_NEEDS_A_PERSON: Final = frozenset(
    {
        *(Stage.NOT_LISTED, Stage.HELD, Stage.CANCELLED, Stage.FAILED),
        *(Stage.RETURNED, Stage.UNCLAIMED, Stage.REFUNDED),
    }
)
_DATED: Final = frozenset({Next.PROVIDER_PAYS, Next.OFFICE_APPROVES, Next.TREASURY_SENDS})
_SAID: Final = {
    Receipt.CONFIRMED_FULL: "arrival.said_full",
    Receipt.SHORT: "arrival.said_short",
    Receipt.NOT_RECEIVED: "arrival.said_not_received",
}


def sentences(
    arrival: Arrival, whom: Ward, cycle: Cycle, *, hears_amount: bool
) -> tuple[Said, ...]:
    """What is true of one payment, sentence by sentence."""
    where, payment = arrival.where, arrival.payment
    if whom.standing.role is Role.RELATIVE:
        return (_for_relative(arrival, whom, cycle),)
    values: dict[str, Value] = {"who": whom.name, "month": cycle}
    if payment is None:
        return (Said(_WITHOUT_PAYMENT[where.state], values),)
    values["month"] = month_of(payment)
    values |= _circumstances(arrival, payment, hears_amount=hears_amount)
    if where.state in {Stage.FAILED, Stage.RETURNED}:
        return _failed(arrival, payment, values, hears_amount=hears_amount)
    said = [_told(arrival, payment, values, hears_amount=hears_amount)]
    if hears_amount and payment.arrears:
        said.append(_parts(arrival, payment))
    return (*said, *_next(arrival), *_words_before(arrival, payment))


def month_of(payment: PaymentFacts) -> Value:
    """The month that the money belongs to; where it is paid again, also the month of that."""
    if not payment.is_reissue:
        return Cycle.parse(payment.cycle)
    months: dict[str, Value] = {
        "month": Cycle.parse(payment.first_cycle),
        "later": Cycle.parse(payment.cycle),
    }
    return Words("month.again", months)


def needs_a_person(arrival: Arrival) -> bool:
    """Whether an officer should be offered beside the answer."""
    where = arrival.where
    nowhere = where.state is Stage.CASH_WAITS and not arrival.desks
    return where.state in _NEEDS_A_PERSON or where.late > 0 or nowhere


def _for_relative(arrival: Arrival, whom: Ward, cycle: Cycle) -> Said:
    """Given name and initial, the month, and whether it was reported as paid: no more."""
    values: dict[str, Value] = {"who": short_name(whom.name).removesuffix("."), "month": cycle}
    payment = arrival.payment
    if payment is None:
        return Said("arrival.told.no_report", values)
    values["month"] = month_of(payment)
    if arrival.where.state is not Stage.PAID:
        return Said("arrival.told.not_yet", values, arrival.facts)
    values["provider"] = Words(f"provider.{payment.provider or 'none'}")
    return Said("arrival.told.paid", values, arrival.facts)


def _circumstances(
    arrival: Arrival, payment: PaymentFacts, *, hears_amount: bool
) -> dict[str, Value]:
    """By whom, how, where and since when, as far as it is known."""
    values: dict[str, Value] = {
        "provider": Words(f"provider.{payment.provider or 'none'}"),
        "did": Words(f"did.{payment.method or 'none'}"),
        "how": _how(arrival, payment, hears_amount=hears_amount),
    }
    if arrival.where.since is not None:
        values["day"] = arrival.where.since
    return values


def _how(arrival: Arrival, payment: PaymentFacts, *, hears_amount: bool) -> Words:
    if payment.method == Method.ACCOUNT and arrival.account and hears_amount:
        return Words("how.account_ending", {"account": arrival.account})
    if payment.method == Method.CASH and arrival.place:
        return Words("how.cash_at", {"place": arrival.place})
    return Words(f"how.{payment.method or 'none'}")


def _told(
    arrival: Arrival, payment: PaymentFacts, values: dict[str, Value], *, hears_amount: bool
) -> Said:
    key = f"arrival.{arrival.where.state}"
    if hears_amount:
        return Said(key, values | {"amount": Money(payment.amount)}, arrival.facts)
    return Said(f"{key}.plain", values, arrival.facts)


def _parts(arrival: Arrival, payment: PaymentFacts) -> Said:
    values = {"monthly": Money(payment.monthly), "arrears": Money(payment.arrears)}
    return Said("arrival.parts", values, arrival.facts)


def _failed(
    arrival: Arrival, payment: PaymentFacts, values: dict[str, Value], *, hears_amount: bool
) -> tuple[Said, ...]:
    """The cause and the way to mend it; some causes only a person may say."""
    code = payment.reason or _UNCLEAR
    if code in _SAID_BY_A_PERSON:
        return (Said("arrival.with_office", values, arrival.facts),)
    values |= {"why": Words(f"failure.{code.lower()}.why")}
    told = _told(arrival, payment, values, hears_amount=hears_amount)
    return (
        told,
        Said("arrival.mend", {"mend": Words(f"failure.{code.lower()}.mend")}, arrival.facts),
    )


def _next(arrival: Arrival) -> tuple[Said, ...]:
    where = arrival.where
    if where.late > 0:
        return (Said("arrival.late", {"days": where.late}, arrival.facts),)
    if where.next_step is Next.COLLECT:
        return _collect(arrival)
    if where.next_step in _DATED and where.next_day is not None:
        return (Said("arrival.pay_day", {"next": where.next_day}, arrival.facts),)
    return ()


def _collect(arrival: Arrival) -> tuple[Said, ...]:
    """Where cash can be collected, until when, and what to bring."""
    if not arrival.desks:
        return (Said("arrival.collect_over", {}, arrival.facts),)
    said = []
    for number, desk in enumerate(arrival.desks):
        values: dict[str, Value] = {"place": desk.place, "last": desk.last}
        key = "arrival.collect_then" if number else "arrival.collect_until"
        if desk.first is not None and not number:
            key, values["first"] = "arrival.collect_from", desk.first
        said.append(Said(key, values, arrival.facts))
    return (*said, Said("arrival.bring", {}, arrival.facts))


def _words_before(arrival: Arrival, payment: PaymentFacts) -> tuple[Said, ...]:
    """What was said about it already: both sides of the truth."""
    key = _SAID.get(payment.receipt)
    if key is None or arrival.where.state is not Stage.PAID:
        return ()
    return (Said(key, {}, arrival.facts),)
