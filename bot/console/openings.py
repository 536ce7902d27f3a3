"""Accounts being opened in an officer's places: papers reviewed, cards handed over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.compose import Parts
from bot.console.doors import Officer, communes_seen, note_look, sees_commune
from bot.sealing import seal
from core import places
from core.calendar import local_day
from core.exchange import cells
from core.labels import method_name, paper_guide, paper_name, role_name
from core.ledger.events import EventType
from core.ledger.opening import OpeningState, Paper
from core.ledger.openings import Word, write_words
from core.ledger.reviewing import Review, beside, reviewed
from core.people import Role
from core.privacy import masked_account
from core.refusal_words import state_word
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.openings import OpeningPerson, OpeningRow, openings_for_update, openings_in
from core.store.people import BeneficiaryRow, beneficiaries_by_code
from core.terms import Method

SHOWN: Final = 200
_S = OpeningState
# Which lists the page has, and the states of each, in the order of the page.
GROUPS: Final = {
    "papers": (_S.MISSING, _S.WAITING_ID, _S.UNREVIEWED, _S.REJECTED),
    "cards": (_S.CARD_AT_COMMUNE, _S.CARD_PRINTED, _S.OPENED),
    "eligible": (_S.ELIGIBLE, _S.SUBMITTED),
    "handed": (_S.CARD_HANDED,),
}
# What a review on the page may come to.
REVIEWS: Final = {
    "eligible": EventType.OPENING_ELIGIBLE,
    "missing": EventType.OPENING_MISSING,
    "not_wanted": EventType.OPENING_NOT_WANTED,
}
# Where a card is, as an officer of the place sees it with their own eyes.
CARDS: Final = {"at_commune": EventType.CARD_AT_COMMUNE, "handed": EventType.CARD_HANDED}
_CARD_STEPS: Final = {
    _S.CARD_PRINTED: ("at_commune",),
    _S.CARD_AT_COMMUNE: ("handed",),
}
_UNDER_REVIEW: Final = frozenset((*GROUPS["papers"], _S.ELIGIBLE))


@dataclass(frozen=True, slots=True)
class OpeningView:
    """An opening as an officer sees it. `due`: the last day for the papers."""

    code: str
    name: str = field(repr=False)
    holder: str = field(repr=False)
    role: str
    role_code: str
    place: str
    state: str
    method: str
    account: str
    missing: tuple[str, ...]
    missing_codes: tuple[str, ...]
    guides: tuple[str, ...]
    due: date | None
    is_late: bool
    is_reviewed: bool
    steps: tuple[str, ...]


def openings_of(parts: Parts, officer: Officer) -> dict[str, tuple[OpeningView, ...]]:
    """The openings of an officer's places by list; who looked is noted."""
    now, tenant = parts.clock.now(), parts.programme.tenant
    communes = communes_seen(parts, officer)

    def work(tx: Tx) -> dict[str, tuple[OpeningView, ...]]:
        found = {}
        for name, states in GROUPS.items():
            rows = openings_in(tx, tenant, states, communes=communes, limit=SHOWN)
            rows.sort(key=lambda one: (states.index(_S(one.row.state)), one.commune, one.code))
            found[name] = tuple(_view(parts, one, local_day(now)) for one in rows)
        return found

    note_look(parts, officer, "openings")
    return parts.store.read(work)


def review(
    parts: Parts, officer: Officer, code: str, role: Role, word: str, papers: list[Paper]
) -> OpeningRow | Refusal:
    """What was found in somebody's papers; somebody of another place is as unknown as nobody.

    Refuses: BENEFICIARY_…, OPENING_…, METHOD_NOT_IN_AREA.
    """
    now = parts.clock.now()

    def said(tx: Tx, row: BeneficiaryRow) -> Word | Refusal:
        today = local_day(now)
        area = places.area_of(parts.programme, row.commune, today)
        return reviewed(
            beside(tx, [row]),
            parts.programme,
            Review(row, role, "", REVIEWS[word], papers, None, now),
            openings_for_update(tx, [row.id]).get(row.id),
            area=area.code if area is not None else "",
            today=today,
        )

    return _said(parts, officer, code, said)


def move_card(parts: Parts, officer: Officer, code: str, word: str) -> OpeningRow | Refusal:
    """Where somebody's card is now.

    Refuses: BENEFICIARY_…, OPENING_UNKNOWN, OPENING_WRONG_STATE.
    """
    event, now = CARDS[word], parts.clock.now()
    return _said(parts, officer, code, lambda _, row: Word(row.id, event, now))


def _said(
    parts: Parts,
    officer: Officer,
    code: str,
    say: Callable[[Tx, BeneficiaryRow], Word | Refusal],
) -> OpeningRow | Refusal:
    typed = cells.beneficiary_code(code)
    if isinstance(typed, Refusal):
        return typed

    def work(tx: Tx) -> OpeningRow | Refusal:
        row = beneficiaries_by_code(tx, [typed]).get(typed)
        if row is None or not sees_commune(parts, officer, row.commune):
            return Refusal(Code.BENEFICIARY_NOT_LISTED, {"code": typed})
        word = say(tx, row)
        if isinstance(word, Refusal):
            return word
        actor = f"staff:{officer.code}"
        (done,) = write_words(tx, parts.ledger, parts.programme, [word], actor=actor)
        return done

    done = parts.store.transact(work, CommitPoint.DECISION)
    seal(parts)
    return done


def _view(parts: Parts, one: OpeningPerson, today: date) -> OpeningView:
    row, state = one.row, OpeningState(one.row.state)
    commune = places.with_code(parts.programme, one.commune, today)
    return OpeningView(
        code=one.code,
        name=one.beneficiary_name,
        holder=one.name,
        role=role_name(row.role),
        role_code=row.role,
        place=commune.full_name if commune else "",
        state=state_word("opening", row.state, "vi"),
        method=method_name(Method(row.method)),
        account=masked_account(row.account) if row.account else "",
        missing=tuple(paper_name(paper) for paper in row.missing),
        missing_codes=row.missing,
        guides=tuple(paper_guide(paper) for paper in row.missing),
        due=row.due_on,
        is_late=row.due_on is not None and row.due_on < today,
        is_reviewed=state in _UNDER_REVIEW,
        steps=_CARD_STEPS.get(state, ()),
    )
