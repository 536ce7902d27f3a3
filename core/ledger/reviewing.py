"""The review of somebody's papers: who may hold the account, at which provider, what is missing.

What does not live here: the list it comes with (`core/exchange/papers.py`), the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from core.ledger.account_rules import may_hold, same_name
from core.ledger.events import EventType
from core.ledger.opening import Paper, may_open
from core.ledger.openings import Word, new_row
from core.offers import provider_for
from core.people import Role, Standing
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.store.methods import newest_methods
from core.store.openings import OpeningRow
from core.store.people import BeneficiaryRow, birth_years_of, names_of, standings_beside
from core.terms import Method, Programme

# How long somebody has to bring a paper, where the commune named no day.
PAPERS_WITHIN: Final = timedelta(days=15)
_BY_NUMBER: Final = (Method.ACCOUNT, Method.WALLET)


@dataclass(frozen=True, slots=True)
class Review:
    """What was found when somebody's papers were looked at. `at`: aware UTC."""

    beneficiary: BeneficiaryRow
    role: Role
    name: str = field(repr=False)
    event: EventType
    missing: Sequence[Paper]
    due: date | None
    at: datetime
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Who stands beside some beneficiaries, and how those are paid: read once for all of them."""

    standings: Mapping[int, Sequence[Standing]]
    names: Mapping[int, str] = field(repr=False)
    birth_years: Mapping[int, int | None]
    with_account: frozenset[int]


def beside(tx: Tx, beneficiaries: Sequence[BeneficiaryRow]) -> Beside:
    """What a review of these people needs to know."""
    ids = [one.id for one in beneficiaries]
    standings = standings_beside(tx, ids)
    people = {one.person_id for one in beneficiaries}
    people |= {one.person_id for there in standings.values() for one in there}
    return Beside(
        standings=standings,
        names=names_of(tx, people),
        birth_years=birth_years_of(tx, sorted(people)),
        with_account=frozenset(
            id_ for id_, one in newest_methods(tx, ids).items() if one.account_index is not None
        ),
    )


def reviewed(
    there: Beside,
    programme: Programme,
    review: Review,
    opening: OpeningRow | None,
    *,
    area: str,
    today: date,
) -> Word | Refusal:
    """What the review says of the opening, which begins with it where there is none.

    Refuses: OPENING_HOLDER, OPENING_ROLE, OPENING_TOO_YOUNG, OPENING_HAS_ACCOUNT,
    OPENING_OTHER_NAME, METHOD_NOT_IN_AREA.
    """
    person = _holder(there, review, today)
    if isinstance(person, Refusal):
        return person
    refusal = may_open(review.role, there.birth_years.get(person), today)
    if refusal is not None:
        return refusal
    if opening is None and review.beneficiary.id in there.with_account:
        return Refusal(Code.OPENING_HAS_ACCOUNT)
    method = next((m for m in _BY_NUMBER if provider_for(programme, area, m, today)), None)
    provider = provider_for(programme, area, method, today) if method is not None else None
    if method is None or provider is None:
        return Refusal(Code.METHOD_NOT_IN_AREA, {"method": Method.ACCOUNT})
    due = (review.due or today + PAPERS_WITHIN) if review.missing else None
    papers = {paper.value: 1 for paper in review.missing}
    return Word(
        beneficiary_id=review.beneficiary.id,
        event=review.event,
        at=review.at,
        body={"file": review.file, "due": due.isoformat() if due else None, **papers},
        begins=new_row(review.beneficiary.id, person, review.role, method, provider),
        changes={
            "person_id": person,
            "role": review.role.value,
            "method": method.value,
            "provider": provider.value,
            "missing": tuple(paper.value for paper in review.missing),
            "due_on": due,
            "reason": None,
        },
    )


def _holder(there: Beside, review: Review, today: date) -> int | Refusal:
    """Who is to hold the account: the person who stands there in this role, under this name."""
    beneficiary = review.beneficiary
    standings = there.standings.get(beneficiary.id, [])
    found = [one.person_id for one in standings if one.role is review.role and may_hold(one, today)]
    if review.role is Role.SELF:
        found = [beneficiary.person_id]
    named = [id_ for id_ in found if not review.name or same_name(there.names[id_], review.name)]
    if found and not named:
        return Refusal(Code.OPENING_OTHER_NAME)
    return named[0] if len(set(named)) == 1 else Refusal(Code.OPENING_HOLDER)
