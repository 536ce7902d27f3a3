"""Deliveries at home in an officer's places: what waits for whom, and each step of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, communes_seen, note_look, sees_commune
from bot.sealing import seal
from core import places
from core.calendar import local_day
from core.exchange import cells
from core.labels import criterion_name, decline_reason, proof_name, window_name
from core.ledger import delivering, visiting
from core.ledger.deliveries import (
    MOST_SECOND_TRIES,
    Criterion,
    Decline,
    DeliveryState,
    Proof,
    Window,
)
from core.ledger.delivery_steps import Asked, Desk
from core.refusal_words import state_word
from core.refusals import Code, Refusal
from core.store import deliveries
from core.store.commit_points import CommitPoint
from core.store.deliveries import DeliveryPerson, DeliveryRow
from core.store.engine import Tx
from core.store.people import beneficiaries_by_code, beneficiary_with_id

LONGEST: Final = 300
SHOWN: Final = 200
_PROVIDER: Final = "provider"
_S = DeliveryState
_VISITED: Final = (_S.NOT_HOME, _S.EN_ROUTE, _S.SCHEDULED, _S.ACCEPTED)
# Which lists the page has, and the states of each.
GROUPS: Final = {
    "decide": (_S.REQUESTED, _S.ASSESSED),
    "visit": _VISITED,
    "ended": (
        *(_S.DISPUTED, _S.HANDED_OVER, _S.CONFIRMED, _S.REFUSED, _S.BROUGHT_BACK),
        *(_S.DECLINED, _S.WITHDRAWN),
    ),
}
# What can be pressed where a delivery stands, the first one first; the words are the last part of
# the address.
STEPS: Final[Mapping[DeliveryState, tuple[str, ...]]] = {
    _S.REQUESTED: ("assess", "decline", "withdraw"),
    _S.ASSESSED: ("accept", "decline", "withdraw"),
    _S.ACCEPTED: ("schedule", "withdraw"),
    _S.DECLINED: ("appeal",),
    _S.SCHEDULED: ("set_off", "schedule", "withdraw"),
    _S.EN_ROUTE: ("handed", "missed", "refused"),
    _S.NOT_HOME: ("schedule",),
}
OF_STANDING: Final = ("review", "stop")
WORDS: Final = frozenset({*OF_STANDING, *(word for words in STEPS.values() for word in words)})
WITH_NOTE: Final = frozenset({"refused", "stop"})
# What the provider that visits may do itself.
OF_PROVIDER: Final = frozenset({"schedule", "set_off", "handed", "missed", "refused"})


@dataclass(frozen=True, slots=True)
class Filled:
    """What an officer typed into the form of a step; each step reads what it asks for."""

    choice: str = ""
    day: str = ""
    window: str = ""
    visitor: str = ""
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as an officer sees it; what a provider need not know is empty. Money: đồng."""

    number: int
    code: str
    name: str = field(repr=False)
    where: str = field(repr=False)
    door: str = field(repr=False)
    place: str
    state: str
    state_words: str
    reason: str
    criterion: str
    declined: str
    note: str = field(repr=False)
    month: str
    amount: int
    day: date | None
    window: str
    visitor: str
    tries: int
    proof: str
    signer: str = field(repr=False)
    is_standing: bool
    review_on: date | None
    is_review_due: bool
    by: str
    steps: tuple[str, ...]


def deliveries_of(parts: Parts, officer: Officer) -> dict[str, tuple[DeliveryView, ...]]:
    """The deliveries of an officer's places or provider, by list; who looked is noted."""
    now, tenant = parts.clock.now(), parts.programme.tenant
    communes, provider = _scope(parts, officer)

    def work(tx: Tx) -> dict[str, tuple[DeliveryView, ...]]:
        found = {}
        for name, states in GROUPS.items():
            rows = deliveries.deliveries_in(
                tx,
                tenant,
                states,
                communes=communes,
                provider=provider,
                limit=SHOWN,
                newest_first=name == "ended",
            )
            found[name] = tuple(_view(parts, officer, one, local_day(now)) for one in rows)
        return found

    note_look(parts, officer, "home")
    return parts.store.read(work)


def may_enter(officer: Officer) -> bool:
    """Whether the officer enters requests and decides on them: a provider's does not."""
    return officer.role != _PROVIDER


def enter(parts: Parts, officer: Officer, code: str, asked: Asked) -> DeliveryRow | Refusal:
    """Write a request down; somebody of another place is as unknown as nobody.

    Refuses: BENEFICIARY_…, DELIVERY_….
    """
    typed = cells.beneficiary_code(code)
    if isinstance(typed, Refusal):
        return typed

    def work(tx: Tx) -> DeliveryRow | Refusal:
        row = beneficiaries_by_code(tx, [typed]).get(typed)
        if row is None or not sees_commune(parts, officer, row.commune):
            return Refusal(Code.BENEFICIARY_NOT_LISTED, {"code": typed})
        return delivering.request(_desk(parts, officer, tx), row, asked)

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


def step(
    parts: Parts, officer: Officer, number: int, word: str, filled: Filled
) -> DeliveryRow | Refusal | None:
    """One step of a delivery; None when it is not theirs, or there is none.

    Refuses: DELIVERY_…, DAY_NOT_A_DAY.
    """

    def work(tx: Tx) -> DeliveryRow | Refusal | None:
        row = deliveries.delivery_for_update(tx, parts.programme.tenant, number)
        person = beneficiary_with_id(tx, row.beneficiary_id) if row is not None else None
        if row is None or person is None:
            return None
        own = row.provider == officer.place if officer.role == _PROVIDER else None
        if own is False or (own is None and not sees_commune(parts, officer, person.commune)):
            return None
        return _STEPS[word](_desk(parts, officer, tx), number, filled)

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


def _scheduled(desk: Desk, number: int, filled: Filled) -> DeliveryRow | Refusal:
    day = cells.day(filled.day)
    if isinstance(day, Refusal):
        return day
    return visiting.schedule(desk, number, day, Window(filled.window), filled.visitor)


_STEPS: Final[Mapping[str, Callable[[Desk, int, Filled], DeliveryRow | Refusal]]] = {
    "assess": lambda desk, number, one: delivering.assess(
        desk, number, Criterion(one.choice), one.note
    ),
    "accept": lambda desk, number, one: delivering.accept(
        desk, number, is_standing=one.choice == "standing"
    ),
    "decline": lambda desk, number, one: delivering.decline(
        desk, number, Decline(one.choice), one.note
    ),
    "appeal": lambda desk, number, _: delivering.appeal(desk, number),
    "withdraw": lambda desk, number, one: delivering.withdraw(desk, number, one.note),
    "review": lambda desk, number, _: delivering.review(desk, number),
    "stop": lambda desk, number, one: delivering.stop(desk, number, one.note),
    "schedule": _scheduled,
    "set_off": lambda desk, number, _: visiting.set_off(desk, number),
    "handed": lambda desk, number, one: visiting.hand_over(
        desk, number, Proof(one.choice), one.note
    ),
    "missed": lambda desk, number, _: visiting.miss(desk, number),
    "refused": lambda desk, number, one: visiting.refuse(desk, number, one.note),
}


def _desk(parts: Parts, officer: Officer, tx: Tx) -> Desk:
    return Desk(tx, parts.ledger, parts.programme, f"staff:{officer.code}")


def _scope(parts: Parts, officer: Officer) -> tuple[list[str] | None, str | None]:
    """The communes and the provider whose deliveries an officer sees; None for all of them."""
    if officer.role == _PROVIDER:
        return None, officer.place
    return communes_seen(parts, officer), None


def _view(parts: Parts, officer: Officer, one: DeliveryPerson, today: date) -> DeliveryView:
    row, state = one.row, DeliveryState(one.row.state)
    commune = places.with_code(parts.programme, one.commune, today)
    knows_why = officer.role != _PROVIDER
    due = row.is_standing and row.review_on is not None and row.review_on <= today
    return DeliveryView(
        number=row.id,
        code=one.code,
        name=one.name,
        where=", ".join(part for part in (row.place, one.hamlet) if part),
        door=row.door or "",
        place=commune.full_name if commune else "",
        state=row.state,
        state_words=state_word("delivery", row.state, "vi"),
        reason=criterion_name(row.reason) if knows_why else "",
        criterion=criterion_name(row.criterion) if knows_why and row.criterion else "",
        declined=decline_reason(row.declined) if row.declined else "",
        note=(row.note or "") if knows_why else "",
        month=f"{row.cycle[5:]}/{row.cycle[:4]}" if row.cycle else "",
        amount=one.amount,
        day=row.day,
        window=window_name(row.half) if row.half else "",
        visitor=row.visitor or "",
        tries=row.tries,
        proof=proof_name(row.proof) if row.proof else "",
        signer=row.signer or "",
        is_standing=row.is_standing,
        review_on=row.review_on,
        is_review_due=due and knows_why,
        by=row.requested_by.removeprefix("staff:") if row.requested_by.startswith("staff:") else "",
        steps=_steps(officer, row, state, is_due=due),
    )


def _steps(
    officer: Officer, row: DeliveryRow, state: DeliveryState, *, is_due: bool
) -> tuple[str, ...]:
    steps = STEPS.get(state, ())
    if row.tries > MOST_SECOND_TRIES:
        steps = tuple(word for word in steps if word != "schedule")
    if officer.role == _PROVIDER:
        return tuple(word for word in steps if word in OF_PROVIDER)
    if row.is_standing and row.cycle is not None and state not in GROUPS["decide"]:
        steps += OF_STANDING if is_due else OF_STANDING[1:]
    return steps
