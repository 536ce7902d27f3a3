"""The lists about accounts that are being opened: to the provider, to communes, to the police.

The same rows give the same bytes. What comes back filled in is taken in by `papers.py`,
`accounts.py` and `id_cards.py`; columns that we do not hold are left blank for the next hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import places, wording
from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.exchange.printed import workbook
from core.labels import paper_guide, paper_name, role_name
from core.ledger.opening import PAPERS_OF, OpeningState, Paper
from core.people import Role
from core.store.engine import Tx
from core.store.methods import methods_in_force
from core.store.openings import OpeningPerson, openings_in
from core.terms import Method, Programme, Provider

_S = OpeningState
_OLD_ID: Final = 9
_YES_NO: Final = {True: "Có", False: "Không"}
_STATUS: Final = {
    _S.UNREVIEWED: "Chưa rà soát",
    _S.MISSING: "Thiếu",
    _S.WAITING_ID: "Chờ cấp CCCD",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that was made."""

    rows: int
    content: bytes


def account_opening(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider | None
) -> Listed:
    """Whoever is eligible and has not been opened an account, for the provider who is to do it."""
    found = openings_in(tx, programme.tenant, {_S.ELIGIBLE}, provider=provider)
    return _listed(layout, cycle, [_to_provider(one, programme, cycle) for one in found])


def missing_papers(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider | None
) -> Listed:
    """Who lacks which paper, where it is to be had, until when; and who was not reviewed yet."""
    found = openings_in(tx, programme.tenant, set(_STATUS), provider=provider)
    return _listed(layout, cycle, [_to_commune(one, programme, cycle) for one in found])


def id_cards(
    tx: Tx, programme: Programme, layout: Layout, cycle: Cycle, provider: Provider | None
) -> Listed:
    """Who needs an identity card, for the police; somebody paid at home is to be visited."""
    wanted = {_S.MISSING, _S.WAITING_ID}
    found = [
        one
        for one in openings_in(tx, programme.tenant, wanted, provider=provider)
        if Paper.CITIZEN_ID in one.row.missing
    ]
    ids = [one.row.beneficiary_id for one in found]
    at_home = {
        id_
        for id_, version in methods_in_force(tx, ids, str(cycle)).items()
        if version.method == Method.HOME
    }
    rows = [_to_police(one, programme, cycle, at_home) for one in found]
    return _listed(layout, cycle, rows)


def _listed(layout: Layout, cycle: Cycle, rows: Sequence[Mapping[str, str | int]]) -> Listed:
    return Listed(len(rows), workbook(layout, cycle, rows))


def _to_provider(one: OpeningPerson, programme: Programme, cycle: Cycle) -> Mapping[str, str]:
    papers = PAPERS_OF[Role(one.row.role)]
    return {
        "code": one.code,
        "name": one.name,
        "birth": _day(one.birth),
        "citizen_id": one.citizen_id,
        "issued_on": "",
        "issued_by": "",
        "address": _address(one, programme, cycle),
        "phone": one.phone,
        "role": role_name(one.row.role),
        "beneficiary": f"{one.beneficiary_name} ({one.code})",
        "papers": ", ".join(paper_name(paper) for paper in papers),
    }


def _to_commune(one: OpeningPerson, programme: Programme, cycle: Cycle) -> Mapping[str, str]:
    return {
        "code": one.code,
        "name": one.name,
        "role": role_name(one.row.role),
        "commune": _place(one, programme, cycle),
        "missing": ", ".join(paper_name(paper) for paper in one.row.missing),
        "guidance": " ".join(paper_guide(paper) for paper in one.row.missing),
        "due": wording.short_date(one.row.due_on) if one.row.due_on else "",
        "status": _STATUS[_S(one.row.state)],
        "day": "",
    }


def _to_police(
    one: OpeningPerson, programme: Programme, cycle: Cycle, at_home: set[int]
) -> Mapping[str, str]:
    return {
        "code": one.code,
        "name": one.name,
        "birth": _day(one.birth),
        "old_id": one.citizen_id if len(one.citizen_id) == _OLD_ID else "",
        "kind": "Đổi" if one.citizen_id else "Cấp mới",
        "mobile": _YES_NO[one.row.beneficiary_id in at_home],
        "address": _address(one, programme, cycle),
        "result": "",
        "ready": "",
        "new_id": "",
        "day": "",
    }


def _day(text: str) -> str:
    """A birth day as lists have it; a year stays a year."""
    return wording.short_date(date.fromisoformat(text)) if "-" in text else text


def _place(one: OpeningPerson, programme: Programme, cycle: Cycle) -> str:
    commune = places.with_code(programme, one.commune, cycle.first_day)
    return commune.full_name if commune is not None else one.commune


def _address(one: OpeningPerson, programme: Programme, cycle: Cycle) -> str:
    place = _place(one, programme, cycle)
    return f"{one.hamlet}, {place}" if one.hamlet else place
