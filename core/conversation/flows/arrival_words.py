"""Where the money is, in sentences: pure, one true sentence for each stage, never a promise.

Every sentence names the month and the person; amounts only to who may hear them; days only those
that the provider reported or the programme's calendar holds.
"""

from typing import Final

from core.calendar import Cycle
from core.conversation.flows.queries import Arrival
from core.conversation.sentences import Money, Said, Value, Words
from core.ledger.whereabouts import Next, Stage
from core.people import Ward

# There is no payment, so there is no event to cite: their last word says so to the renderer.
_WITHOUT_PAYMENT: Final = {
    Stage.NO_LIST_YET: "arrival.no_list_yet",
    Stage.NOT_LISTED_YET: "arrival.no_line_yet",
    Stage.NOT_LISTED: "arrival.not_listed",
}
_SAID_BY_A_PERSON: Final = frozenset({"NGUOI_NHAN_MAT"})
_NEEDS_A_PERSON: Final = frozenset(
    {
        Stage.NOT_LISTED,
        Stage.HELD,
        Stage.CANCELLED,
        Stage.FAILED,
        Stage.RETURNED,
        Stage.UNCLAIMED,
        Stage.REFUNDED,
    }
)
_DATED: Final = frozenset({Next.PROVIDER_PAYS, Next.OFFICE_APPROVES, Next.TREASURY_SENDS})


def sentences(
    arrival: Arrival, whom: Ward, cycle: Cycle, *, hears_amount: bool
) -> tuple[Said, ...]:
    """What is true of one payment, sentence by sentence."""
    where, payment = arrival.where, arrival.payment
    values: dict[str, Value] = {"who": whom.name, "month": cycle}
    if payment is None:
        return (Said(_WITHOUT_PAYMENT[where.state], values),)
    if where.since is not None:
        values["day"] = where.since
    values["provider"] = Words(f"provider.{payment.provider or 'none'}")
    values["how"] = Words(f"how.{payment.method or 'none'}")
    values["place"] = arrival.place or Words("how.pay_point")
    key = f"arrival.{where.state}"
    if where.state in {Stage.FAILED, Stage.RETURNED}:
        return _failed(key, arrival, values, hears_amount=hears_amount)
    said = [_told(key, arrival, values, hears_amount=hears_amount)]
    return (*said, *_next(arrival, values))


def needs_a_person(arrival: Arrival) -> bool:
    """Whether an officer should be offered beside the answer."""
    return arrival.where.state in _NEEDS_A_PERSON or arrival.where.late > 0


def _told(key: str, arrival: Arrival, values: dict[str, Value], *, hears_amount: bool) -> Said:
    payment = arrival.payment
    if hears_amount and payment is not None:
        return Said(key, values | {"amount": Money(payment.amount)}, arrival.facts)
    return Said(f"{key}.plain", values, arrival.facts)


def _failed(
    key: str, arrival: Arrival, values: dict[str, Value], *, hears_amount: bool
) -> tuple[Said, ...]:
    """The cause and the way to mend it; some causes only a person may say."""
    reason = arrival.payment.reason if arrival.payment is not None else None
    if reason in _SAID_BY_A_PERSON:
        return (Said("arrival.with_office", values, arrival.facts),)
    code = reason or "KHONG_RO"
    told = _told(
        key, arrival, values | {"why": Words(f"failure.{code}.why")}, hears_amount=hears_amount
    )
    return (told, Said("arrival.mend", {"mend": Words(f"failure.{code}.mend")}, arrival.facts))


def _next(arrival: Arrival, values: dict[str, Value]) -> tuple[Said, ...]:
    where = arrival.where
    if where.late > 0:
        return (Said("arrival.late", {"days": where.late}, arrival.facts),)
    if where.next_step is Next.COLLECT and where.last_day is not None:
        last: dict[str, Value] = {"last": where.last_day, "place": values["place"]}
        return (
            Said("arrival.collect_until", last, arrival.facts),
            Said("arrival.bring", {}, arrival.facts),
        )
    if where.next_step in _DATED and where.next_day is not None:
        return (Said("arrival.pay_day", {"next": where.next_day}, arrival.facts),)
    return ()
