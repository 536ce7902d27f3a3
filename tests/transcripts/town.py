"""A small town in April 2021, through the real doors: one person for each thing money can do."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from bot.compose import Parts
from core.clock import PlayClock
from core.ledger import cycles
from core.ledger.events import EventType, NewEvent, Recorded
from core.ledger.listing import NewPayment, list_payments
from core.ledger.reads import cycle_facts, payment_with_code
from core.people import Basis, Purpose, Role
from core.refusals import Refusal
from core.store import contacts, schema
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.methods import NewMethod, insert_methods
from core.store.people import (
    PersonRow,
    beneficiaries_by_code,
    insert_beneficiaries,
    insert_people,
    insert_standings,
)
from core.vietnamese import name_key
from tests.builders import advised

PHU_BAI: Final = "19960"
VINH_HUNG: Final = "20116"
MONTHLY: Final = 540_000
# A Tuesday at 09:00 in Hà Nội.
NOW: Final = datetime(2021, 4, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Soul:
    """Somebody of the town. `result`: what the provider reported in April, with its cause."""

    key: str
    name: str
    birth_year: int
    code: str | None = None
    commune: str = PHU_BAI
    method: str = "account"
    result: EventType | None = None
    reason: str | None = None
    arrears: int = 0
    is_listed: bool = True


_SETTLED = EventType.SETTLED
SOULS: Final = (
    Soul("lan", "Nguyễn Thị Lan", 1938, "HT000001", result=_SETTLED),
    Soul("hai", "Trần Văn Hải", 1950, "HT000002", result=EventType.FAILED, reason="TK_SAI"),
    Soul("buoi", "Lê Thị Bưởi", 1941, "HT000003", method="cash", result=EventType.READY_CASH),
    Soul("canh", "Phạm Văn Cảnh", 1970, "HT000004"),
    Soul("dung", "Võ Thị Dung", 1962, "HT000005", is_listed=False),
    Soul("em", "Hồ Văn Em", 1936, "HT000006", result=EventType.FAILED, reason="NGUOI_NHAN_MAT"),
    Soul("gai", "Hoàng Thị Gái", 1955, "PL000001", VINH_HUNG, "wallet", _SETTLED, arrears=MONTHLY),
    Soul("na", "Đặng Thị Na", 2014, "PL000002", VINH_HUNG, "cash", _SETTLED),
    Soul("tom", "Đặng Văn Tôm", 2016, "PL000003", VINH_HUNG, "cash"),
    Soul("hanh", "Đặng Thị Hạnh", 1984),
    Soul("lua", "Phan Thị Lụa", 1975),
    Soul("ti", "Trần Văn Tí", 1980),
    Soul("quen", "Bùi Thị Quên", 1944, "HT000007", method="cash", result=EventType.READY_CASH),
    Soul("sau", "Ngô Văn Sáu", 1958, "HT000008", result=EventType.FAILED),
)
# Who stands beside whom; a relative is told only where that was agreed to.
_BESIDE: Final = (
    ("hanh", "na", Role.GUARDIAN, Basis.GUARDIAN_DECISION, True),
    ("hanh", "tom", Role.GUARDIAN, Basis.GUARDIAN_DECISION, True),
    ("lua", "lan", Role.RELATIVE, Basis.CONSENT, True),
    ("ti", "hai", Role.RELATIVE, Basis.NONE_YET, False),
)
_ACCOUNT: Final = {"account": "101234560001", "wallet": "0987654321", "cash": None}
_PROVIDER: Final = {
    (PHU_BAI, "account"): "vietinbank",
    (PHU_BAI, "cash"): "post",
    (VINH_HUNG, "wallet"): "viettel",
    (VINH_HUNG, "cash"): "viettel",
}


def found_town(parts: Parts, clock: PlayClock) -> None:
    """Register everybody, pay April as far as it came, and list May."""
    schema.upgrade(parts.store)
    for at, work in (
        (_day(3, 10), _register),
        (_day(3, 24), lambda tx, parts: _list(tx, parts, "2021-04", SOULS)),
        (_day(3, 26), lambda tx, parts: _moved(cycles.freeze, tx, parts, parts.programme, by="an")),
        (_day(3, 29), lambda tx, parts: _moved(cycles.approve, tx, parts, by="an")),
        (_day(3, 30), lambda tx, parts: _moved(cycles.approve, tx, parts, by="binh")),
        (_day(4, 1), _fund_and_order),
        (_day(4, 6), _report),
        (_day(4, 19), lambda tx, parts: _list(tx, parts, "2021-05", SOULS[:1])),
    ):
        clock.move_to(at)
        parts.store.transact(lambda tx, work=work: work(tx, parts), CommitPoint.SIMULATE)  # type: ignore[misc]
    clock.move_to(NOW)


def _day(month: int, day: int) -> datetime:
    return datetime(2021, month, day, 2, 0, tzinfo=UTC)


def _register(tx: Tx, parts: Parts) -> None:
    people = [
        PersonRow(one.key, one.name, name_key(one.name), birth_year=one.birth_year) for one in SOULS
    ]
    ids = insert_people(tx, people, parts.clock.now())
    paid = [one for one in SOULS if one.code]
    insert_beneficiaries(tx, [_beneficiary(one, ids[one.key], parts) for one in paid])
    known = beneficiaries_by_code(tx, [one.code for one in paid if one.code])
    owners = {one.key: known[one.code].id for one in paid if one.code}
    own = [(one.key, one.key, Role.SELF, Basis.OWN, True) for one in paid]
    beside = [*own, *_BESIDE]
    insert_standings(
        tx,
        [_standing(owners[of], ids[who], role, basis, parts) for who, of, role, basis, _ in beside],
    )
    agreed = [
        _consent(owners[of], ids[who], ids[of], parts)
        for who, of, role, _, agrees in beside
        if role is Role.RELATIVE and agrees
    ]
    contacts.insert_consents(tx, agreed)
    insert_methods(tx, [_method(one, owners[one.key]) for one in paid], parts.clock.now())


def _beneficiary(one: Soul, person_id: int, parts: Parts) -> dict[str, Any]:
    return {
        "tenant": parts.programme.tenant,
        "code": one.code,
        "person_id": person_id,
        "commune": one.commune,
        "hamlet": None,
        "entitlement": None,
        "state": "active",
        "frozen_self_service": False,
        "created_at": parts.clock.now(),
        "updated_at": parts.clock.now(),
    }


def _standing(
    beneficiary_id: int, person_id: int, role: Role, basis: Basis, parts: Parts
) -> dict[str, Any]:
    return {
        "beneficiary_id": beneficiary_id,
        "person_id": person_id,
        "role": role,
        "relation": "",
        "basis": basis,
        "scope": "all" if role is not Role.RELATIVE else "told",
        "is_payee": role in {Role.SELF, Role.GUARDIAN},
        "valid_from": date(2021, 1, 1),
        "valid_to": None,
        "source": "test",
        "created_at": parts.clock.now(),
    }


def _consent(beneficiary_id: int, person_id: int, by: int, parts: Parts) -> dict[str, Any]:
    return {
        "beneficiary_id": beneficiary_id,
        "person_id": person_id,
        "purpose": Purpose.RELATIVE,
        "agreed_by": by,
        "text_version": "v1",
        "channel": "paper",
        "given_at": parts.clock.now(),
    }


def _method(one: Soul, beneficiary_id: int) -> NewMethod:
    return NewMethod(
        key=secrets.token_hex(8),
        beneficiary_id=beneficiary_id,
        method=one.method,
        provider=_PROVIDER[one.commune, one.method],
        from_cycle="2021-04",
        source="test",
        account=_ACCOUNT[one.method],
        holder=one.name.upper(),
    )


def _list(tx: Tx, parts: Parts, cycle: str, souls: tuple[Soul, ...]) -> None:
    listed = [one for one in souls if one.code and one.is_listed]
    known = beneficiaries_by_code(tx, [one.code for one in listed if one.code])
    new = [
        NewPayment(cycle, known[one.code].id, one.code, one.commune, MONTHLY, one.arrears)
        for one in listed
        if one.code
    ]
    _all_done(list_payments(parts.ledger, tx, new, actor="staff:an"))
    found = cycles.imported(tx, parts.ledger, cycle=cycle, file=f"list-{cycle}", actor="staff:an")
    assert not isinstance(found, Refusal), found


def _moved(move: Any, tx: Tx, parts: Parts, *more: Any, **values: Any) -> None:
    found = move(tx, parts.ledger, *more, cycle="2021-04", **values)
    assert not isinstance(found, Refusal), found


def _fund_and_order(tx: Tx, parts: Parts) -> None:
    facts = cycle_facts(tx, parts.ledger.tenant, "2021-04")
    assert facts is not None
    for name, part in facts.providers.items():
        amount = part.approved_amount
        source, day = f"advice-{name}", parts.clock.now()
        _moved(
            advised(cycles.fund),
            tx,
            parts,
            provider=name,
            amount=amount,
            day=day,
            source=source,
            actor="t",
        )
        _moved(cycles.instruct, tx, parts, provider=name, order_sha256="ab" * 32, by="an")


def _report(tx: Tx, parts: Parts) -> None:
    """What the providers told on the 6th of what they did on the 5th."""
    reported = [one for one in SOULS if one.result is not None]
    events = [_result(tx, one) for one in reported]
    _all_done(parts.ledger.record(tx, events))


def _result(tx: Tx, one: Soul) -> NewEvent:
    payment = payment_with_code(tx, f"2104-{one.code}-M-1")
    assert payment is not None
    assert one.result is not None
    return NewEvent(
        one.result,
        f"result:{payment.code}",
        f"provider:{payment.provider}",
        _day(4, 5),
        payment_id=payment.id,
        body=_cause(one),
    )


def _cause(one: Soul) -> Mapping[str, str]:
    if one.result is not EventType.FAILED:
        return {}
    return {"reason": one.reason or "KHONG_RO"}


def _all_done(found: list[Recorded | Refusal]) -> None:
    assert not [one for one in found if isinstance(one, Refusal)], found
