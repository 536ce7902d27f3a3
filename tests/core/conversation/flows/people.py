"""Callers, wards and payments for tests of flows; facts only, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from core.conversation.ask import Query
from core.conversation.caller import Caller
from core.conversation.flows.queries import (
    AgreedToTell,
    Arrival,
    ArrivalsIn,
    CollectAt,
    CommunesPaid,
    HomeNow,
    HomeOf,
    LastPaid,
    PayDays,
    PayDaysIn,
    PaymentCoded,
    WardsHere,
)
from core.ledger.facts import CycleFacts, CycleState, PaymentFacts, ProviderFacts
from core.ledger.states import Money, Receipt
from core.ledger.whereabouts import whereabouts
from core.people import Basis, Role, Scope, Standing, Ward
from tests.builders import PHU_BAI, a_programme

TODAY: Final = date(2021, 4, 20)
AMOUNT: Final = 1_080_000
_REPORTED: Final = datetime(2021, 4, 6, 2, 0, tzinfo=UTC)

PAID_IN_FULL: Final = CycleFacts(
    cycle="2021-04",
    state=CycleState.PAYING,
    changed_at=_REPORTED,
    frozen_at=_REPORTED,
    approved_at=_REPORTED,
    providers={
        "vietinbank": ProviderFacts(1, AMOUNT, AMOUNT, _REPORTED, _REPORTED),
        "post": ProviderFacts(1, AMOUNT, 0, None, None),
    },
)


def a_standing(role: Role = Role.SELF, **changes: Any) -> Standing:
    standing = Standing(
        id=1,
        beneficiary_id=11,
        person_id=7,
        role=role,
        relation="",
        basis=Basis.OWN if role is Role.SELF else Basis.GUARDIAN_DECISION,
        scope=Scope.ALL,
        is_payee=role in {Role.SELF, Role.GUARDIAN},
        valid_from=date(2021, 1, 1),
        valid_to=None,
    )
    return replace(standing, **changes)


def a_ward(role: Role = Role.SELF, **changes: Any) -> Ward:
    ward = Ward(11, "HT000011", "Nguyễn Thị Lan", 1938, PHU_BAI, False, a_standing(role))
    return replace(ward, **changes)


def a_caller(*wards: Ward, level: int = 2, subject: str = "", **changes: Any) -> Caller:
    caller = Caller(
        contact_id=3,
        channel="web",
        today=TODAY,
        level=level,
        person_id=7,
        person_ids=(7,),
        levels=(level,),
        wards=wards,
        birth_year=1938,
        subject=subject,
    )
    return replace(caller, **changes)


def a_stranger() -> Caller:
    return Caller(contact_id=4, channel="web", today=TODAY)


def a_payment(money: Money = Money.SETTLED, **changes: Any) -> PaymentFacts:
    payment = PaymentFacts(
        id=5,
        code="2104-HT000011-M-1",
        cycle="2021-04",
        beneficiary_id=11,
        kind="M",
        amount=AMOUNT,
        monthly=540_000,
        arrears=540_000,
        commune=PHU_BAI,
        money=money,
        receipt=Receipt.NOT_ASKED,
        method="account",
        provider="vietinbank",
        pay_point=None,
        reason=None,
        effective_on=date(2021, 4, 5),
        reported_at=_REPORTED,
        changed_at=_REPORTED,
        event_ids=(101, 102),
    )
    return replace(payment, **changes)


def an_arrival(payment: PaymentFacts | None, cycle: CycleFacts | None = PAID_IN_FULL) -> Arrival:
    where = whereabouts(payment, cycle, a_programme(), TODAY)
    if payment is None:
        return Arrival(None, where)
    desk = CollectAt("Bưu cục Hương Thủy", None, date(2021, 4, 20))
    waits = payment.money is Money.READY_CASH
    return Arrival(payment, where, None, "****0001", (desk,) if waits else (), payment.event_ids)


class Books:
    """What flows look up, as it is in one world."""

    def __init__(
        self,
        *arrivals: Arrival,
        wards: tuple[Ward, ...] = (),
        agreed: bool = True,
        home: HomeNow | None = None,
    ) -> None:
        self.home = home or HomeNow()
        self.arrivals = arrivals or (an_arrival(None),)
        self.wards = wards
        self.agreed = agreed

    def __call__(self, query: Query[Any]) -> Any:
        match query:
            case ArrivalsIn():
                return self.arrivals
            case PaymentCoded() | LastPaid():
                return self.arrivals[0].payment
            case HomeOf():
                return self.home
            case AgreedToTell():
                return self.agreed
            case WardsHere():
                return self.wards
            case CommunesPaid():
                return ((PHU_BAI, "Phú Bài"), ("20149", "Lộc Trì"))
            case PayDaysIn():
                first, last = date(2021, 4, 8), date(2021, 4, 12)
                bank = PayDays("account", "vietinbank", first, first, first, None)
                post = PayDays("cash", "post", first, last, date(2021, 4, 20), "Nhà văn hóa")
                return (bank, post)
            case _:
                raise AssertionError(query)
