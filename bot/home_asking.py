"""What people wish about being paid at home, carried out inside the turn's transaction.

What does not live here: the talk (`core/conversation/flows/home.py`), the moves
(`core/ledger/delivering.py`).
"""

from bot.turn_talk import Turn
from core.conversation.ask import Command
from core.conversation.commands import AppealHome, AskForHome, StopHome
from core.conversation.flows.queries import HomeNow, HomeOf
from core.conversation.scene import Outcome
from core.conversation.sentences import Said
from core.ledger import delivering
from core.ledger.deliveries import RUNNING, DeliveryState
from core.ledger.delivery_steps import Asked, Desk
from core.ledger.record import Ledger
from core.people import Ward, may_ask_for_visits
from core.refusals import Code, Refusal
from core.store import deliveries
from core.store.deliveries import DeliveryRow
from core.store.people import beneficiary_with_id
from core.terms import Programme

Wish = AskForHome | StopHome | AppealHome


def home_now(programme: Programme, ledger: Ledger, turn: Turn, query: HomeOf) -> HomeNow:
    """How somebody's newest delivery stands, and whether another may be asked for."""
    desk = Desk(turn.tx, ledger, programme, "bot")
    beneficiary = beneficiary_with_id(turn.tx, query.beneficiary_id)
    refusal = delivering.may_ask(desk, beneficiary) if beneficiary is not None else None
    code = refusal.code if refusal is not None else None
    own = deliveries.deliveries_of(turn.tx, [query.beneficiary_id])
    if not own:
        return HomeNow(refusal=code)
    # One that runs comes before a newer one that has ended.
    row = next((one for one in reversed(own) if one.state in RUNNING), own[-1])
    return HomeNow(
        number=row.id,
        state=DeliveryState(row.state),
        refusal=None if code is Code.DELIVERY_ASKED_ALREADY else code,
        day=row.day,
        window=row.half,
        declined=row.declined,
        facts=(row.last_event_id,),
    )


def wished(turn: Turn, programme: Programme, ledger: Ledger, wish: Wish) -> Outcome:
    """Ask for it, take it back, or ask for another look; and what is said of that."""
    ward = _ward(turn, wish)
    if ward is None:
        return Outcome((Said("home.changed"),))
    person = ward.standing.person_id
    done = _done(Desk(turn.tx, ledger, programme, f"person:{person}"), wish)
    if isinstance(done, Refusal):
        return Outcome((Said("home.changed"),))
    key = {AskForHome: "home.asked", StopHome: "home.stopped", AppealHome: "home.appealed"}
    return Outcome((Said(key[type(wish)], {"who": ward.name}, (done.last_event_id,)),))


def _done(desk: Desk, wish: Wish) -> DeliveryRow | Refusal:
    match wish:
        case AskForHome(beneficiary_id, reason, where, door, is_standing):
            beneficiary = beneficiary_with_id(desk.tx, beneficiary_id)
            if beneficiary is None:
                return Refusal(Code.DELIVERY_UNKNOWN)
            return delivering.request(desk, beneficiary, Asked(reason, where, door, is_standing))
        case StopHome():
            return delivering.withdraw(desk, wish.number)
        case AppealHome():
            return delivering.appeal(desk, wish.number)


def _ward(turn: Turn, wish: Command) -> Ward | None:
    """The ward it is about, if whoever writes may still arrange it, and the delivery is theirs."""
    number = getattr(wish, "number", 0)
    beneficiary_id = getattr(wish, "beneficiary_id", 0)
    if number:
        own = deliveries.deliveries_of(turn.tx, [beneficiary_id])
        if not any(one.id == number for one in own):
            return None
    return next(
        (
            ward
            for ward in turn.me.wards
            if ward.beneficiary_id == beneficiary_id
            and turn.me.is_linked_for(ward)
            and may_ask_for_visits(ward.standing, day=turn.me.today) is None
        ),
        None,
    )
