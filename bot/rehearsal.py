"""Speaking as somebody, for rehearsals: an address of its own, linked to that person at level 2.

Who acts for several people, or shares with others, speaks of the one whose code was given.

Exists only where `Parts.may_rehearse` (design 6).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.compose import Parts
from bot.turn import Inbound, TurnResult, take
from core.calendar import local_day
from core.people import LINKED, Role, Standing
from core.refusals import Code, Refusal
from core.store import contacts, outbox
from core.store.commit_points import CommitPoint
from core.store.conversations import forget_talk
from core.store.engine import Tx
from core.store.people import BeneficiaryRow, beneficiaries_by_code, standings_beside

HOW = "rehearsal"
_STRANGER = "stranger"
_ACTS_FOR = frozenset({Role.GUARDIAN, Role.PARENT})


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A talk as one person on one channel. `cause`: what makes its messages the same messages.

    `code`: the beneficiary for whom is spoken; empty for a stranger.
    """

    parts: Parts
    code: str
    channel: str
    address: str
    cause: str

    def says(self, text: str, number: int) -> "Said":
        """The outcome of the n-th message, and its replies as they stand in the outbox.

        The terminal has shown them: no gateway carries them anywhere.
        """
        now = self.parts.clock.now()
        key = f"{HOW}:{self.address}:{self.cause}:{number}"
        inbound = Inbound(self.channel, self.address, key, text, now, about=self.code)
        result = take(self.parts, inbound).result()

        def work(tx: Tx) -> tuple[str, ...]:
            ids = result.message_ids
            outbox.move(tx, ids, sources=["queued"], target="delivered", final_at=now)
            return tuple(one.text for one in outbox.messages(tx, ids))

        return Said(result, self.parts.store.transact(work, CommitPoint.VISIT))


@dataclass(frozen=True, slots=True)
class Said:
    """A turn, and the text of each message that answers it."""

    turn: TurnResult
    texts: tuple[str, ...]


def rehearse(parts: Parts, code: str, channel: str, cause: str) -> Rehearsal | Refusal:
    """A talk that begins with nothing pending.

    The same cause at the same instant (a step of a manifest played again) is the same talk.

    Refuses: BENEFICIARY_UNKNOWN.
    """
    now = parts.clock.now()
    address = f"{HOW}-{code.upper() or _STRANGER}"
    made = f"{now.isoformat()}:{cause}"

    def work(tx: Tx) -> Refusal | None:
        contact = contacts.ensure_contact(tx, channel, address, now)
        if code:
            refusal = _linked(tx, parts, contact.id, code.upper())
            if refusal is not None:
                return refusal
        forget_talk(tx, contact.id, now)
        return None

    refusal = parts.store.transact(work, CommitPoint.VISIT)
    return refusal or Rehearsal(parts, code.upper(), channel, address, made)


def act_as(tx: Tx, parts: Parts, contact_id: int, code: str) -> Refusal | None:
    """Link an address to the person who speaks for a beneficiary, in place of whoever it was.

    Refuses: BENEFICIARY_UNKNOWN.
    """
    now = parts.clock.now()
    for there in contacts.persons_at(tx, contact_id):
        contacts.unlink(tx, contact_id, there.person_id, now)
    return _linked(tx, parts, contact_id, code.upper())


def _linked(tx: Tx, parts: Parts, contact_id: int, code: str) -> Refusal | None:
    found = beneficiaries_by_code(tx, [code]).get(code)
    if found is None:
        return Refusal(Code.BENEFICIARY_UNKNOWN, {"code": code})
    now = parts.clock.now()
    beside = standings_beside(tx, [found.id]).get(found.id, [])
    speaker = speaker_for(found, beside, local_day(now))
    contacts.link(tx, [(contact_id, speaker)], level=LINKED, how=HOW, now=now)
    return None


def speaker_for(row: BeneficiaryRow, beside: Iterable[Standing], day: date) -> int:
    """The person who writes for a beneficiary on `day`: a child does not, who acts for it does.

    Whoever has no paper for it yet does not act for anybody.
    """
    acting = (
        one.person_id
        for one in beside
        if one.role in _ACTS_FOR and one.is_proven and one.is_in_force(day)
    )
    return next(acting, row.person_id)
