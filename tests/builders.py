"""What tests of money begin with: a programme, people and payments, through the real doors."""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from core.clock import PlayClock
from core.ledger.advices import Advice
from core.ledger.cycles import Moved
from core.ledger.events import Recorded
from core.ledger.listing import NewPayment, list_payments
from core.ledger.record import Ledger, Reactor
from core.programme import FOLDER, load
from core.refusals import Refusal
from core.store.engine import Tx
from core.store.methods import NewMethod, insert_methods
from core.store.people import PersonRow, beneficiaries_by_code, insert_beneficiaries, insert_people
from core.terms import Programme

TENANT: Final = "thua-thien-hue-2021"
CYCLE: Final = "2021-04"
# A Thursday at 09:00 in Hà Nội.
NOW: Final = datetime(2021, 4, 15, 2, 0, tzinfo=UTC)
# Phú Bài, in Hương Thủy: VietinBank pays accounts, the Post pays cash and at home.
PHU_BAI: Final = "19960"
# Lộc Trì, in Phú Lộc: Viettel pays all.
LOC_TRI: Final = "20149"


@cache
def a_programme() -> Programme:
    """The pilot's own programme."""
    return load(FOLDER / TENANT)


def a_clock(at: datetime = NOW) -> PlayClock:
    return PlayClock(at)


def a_ledger(*reactors: Reactor, clock: PlayClock | None = None) -> Ledger:
    return Ledger(TENANT, reactors, clock or a_clock())


def beneficiaries(tx: Tx, codes: Sequence[str], *, commune: str = PHU_BAI) -> list[int]:
    """People who are in the programme, one for each code; their ids in the same order."""
    keys = {code: secrets.token_hex(8) for code in codes}
    people = insert_people(
        tx,
        [PersonRow(key, f"Nguyễn Thị {code}", f"nguyen thi {code}") for code, key in keys.items()],
        NOW,
    )
    insert_beneficiaries(
        tx,
        [
            {
                "tenant": TENANT,
                "code": code,
                "person_id": people[key],
                "commune": commune,
                "hamlet": None,
                "entitlement": None,
                "state": "active",
                "frozen_self_service": False,
                "created_at": NOW,
                "updated_at": NOW,
            }
            for code, key in keys.items()
        ],
    )
    known = beneficiaries_by_code(tx, list(codes))
    return [known[code].id for code in codes]


def a_beneficiary(tx: Tx, code: str = "HT000123", *, commune: str = PHU_BAI) -> int:
    """The id of one more beneficiary."""
    return beneficiaries(tx, [code], commune=commune)[0]


def a_method(
    tx: Tx,
    beneficiary_id: int,
    method: str = "account",
    account: str | None = "101234567890",
    *,
    from_cycle: str = CYCLE,
) -> None:
    """The way somebody chose to be paid, in force from the first cycle on unless it is said."""
    new = NewMethod(
        key=secrets.token_hex(8),
        beneficiary_id=beneficiary_id,
        method=method,
        provider="vietinbank",
        from_cycle=from_cycle,
        source="test",
        account=account,
        holder="NGUYEN THI LAN",
    )
    insert_methods(tx, [new], NOW)


def a_payment(
    tx: Tx,
    ledger: Ledger,
    code: str = "HT000123",
    *,
    cycle: str = CYCLE,
    monthly: int = 540_000,
    arrears: int = 0,
    commune: str = PHU_BAI,
) -> int:
    """The id of a payment just listed, for a beneficiary that is made if there is none."""
    known = beneficiaries_by_code(tx, [code])
    owner = known[code].id if known else a_beneficiary(tx, code, commune=commune)
    new = NewPayment(cycle, owner, code, commune, monthly, arrears)
    (listed,) = list_payments(ledger, tx, [new], actor="staff:T1")
    assert isinstance(listed, Recorded)
    assert listed.event.payment_id is not None
    return listed.event.payment_id


def advised(
    record: Callable[[Tx, Ledger, Advice], Moved | Refusal],
) -> Callable[..., Moved | Refusal]:
    """What records a paper, called as the other moves of a month are."""

    def move(tx: Tx, ledger: Ledger, **paper: Any) -> Moved | Refusal:
        return record(tx, ledger, Advice(**paper))

    return move
