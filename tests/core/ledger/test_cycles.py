"""A month, from list to payment."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from core.ledger import chain, cycles, projection, reads
from core.ledger.cycles import Moved
from core.ledger.facts import CycleFacts, CycleState
from core.ledger.listing import NewPayment, list_payments
from core.ledger.record import Ledger
from core.ledger.states import Money
from core.refusals import Code, Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.events import last_event
from tests import builders
from tests.builders import CYCLE, LOC_TRI, PHU_BAI

T = TypeVar("T")
ORDER = "ab" * 32
ADVICE = datetime(2021, 4, 2, tzinfo=UTC)


class Month:
    """One cycle as commands move it."""

    def __init__(self, store: Store) -> None:
        self.store, self.ledger = store, builders.a_ledger()

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.CYCLE_MOVE)

    def imported(self) -> Moved | Refusal:
        return self.do(
            lambda tx: cycles.imported(tx, self.ledger, cycle=CYCLE, file=1, actor="staff:T1")
        )

    def freeze(self) -> Moved | Refusal:
        programme = builders.a_programme()
        return self.do(lambda tx: cycles.freeze(tx, self.ledger, programme, cycle=CYCLE, by="T1"))

    def approve(self, by: str) -> Moved | Refusal:
        return self.do(lambda tx: cycles.approve(tx, self.ledger, cycle=CYCLE, by=by))

    def fund(self, provider: str, amount: int, source: str = "advice:1") -> Moved | Refusal:
        return self.do(
            lambda tx: builders.advised(cycles.fund)(
                tx,
                self.ledger,
                cycle=CYCLE,
                provider=provider,
                amount=amount,
                day=ADVICE,
                source=source,
                actor="staff:T1",
                file="file:2",
            )
        )

    def instruct(self, provider: str, order: str = ORDER) -> Moved | Refusal:
        return self.do(
            lambda tx: cycles.instruct(
                tx, self.ledger, cycle=CYCLE, provider=provider, order_sha256=order, by="T1"
            )
        )

    def facts(self) -> CycleFacts:
        facts = self.store.read(lambda tx: reads.cycle_facts(tx, self.ledger.tenant, CYCLE))
        assert facts is not None
        return facts

    def events(self) -> int:
        return self.store.read(last_event)


@pytest.fixture
def month(store: Store) -> Month:
    """Two people in Phú Bài, one with an account, and one in Lộc Trì; all listed."""
    month = Month(store)
    month.do(lambda tx: _list(tx, month.ledger))
    month.imported()
    return month


def _list(tx: Tx, ledger: Ledger) -> None:
    owners = builders.beneficiaries(tx, ["HT000001", "HT000002"])
    owners += builders.beneficiaries(tx, ["PL000001"], commune=LOC_TRI)
    builders.a_method(tx, owners[0])
    communes = (PHU_BAI, PHU_BAI, LOC_TRI)
    codes = ("HT000001", "HT000002", "PL000001")
    list_payments(
        ledger,
        tx,
        [
            NewPayment(CYCLE, owner, code, commune, 540_000)
            for owner, code, commune in zip(owners, codes, communes, strict=True)
        ],
        actor="staff:T1",
    )


def moved(done: Moved | Refusal) -> Moved:
    assert isinstance(done, Moved), done
    return done


def code(done: Moved | Refusal) -> Code:
    assert isinstance(done, Refusal), done
    return done.code


def approved(month: Month) -> Month:
    moved(month.freeze())
    moved(month.approve("A"))
    moved(month.approve("B"))
    return month


def money(month: Month) -> list[str]:
    codes = [f"2104-{code}-M-1" for code in ("HT000001", "HT000002", "PL000001")]
    found = month.store.read(lambda tx: reads.payments_with_codes(tx, codes))
    return [one.money.value for one in found]


def test_frozen_everybody_has_a_way_and_cash_where_nothing_was_chosen(month: Month) -> None:
    done = moved(month.freeze())

    assert (done.step, done.state, done.heads, done.amount) == (
        *("frozen", CycleState.FROZEN, 3, 1_620_000),
    )
    codes = [f"2104-{code}-M-1" for code in ("HT000001", "HT000002", "PL000001")]
    found = month.store.read(lambda tx: reads.payments_with_codes(tx, codes))
    assert [(one.method, one.provider) for one in found] == [
        ("account", "vietinbank"),
        ("cash", "post"),
        ("cash", "viettel"),
    ]
    assert found[0].pay_point is None
    assert all(one.pay_point for one in found[1:])


def test_two_different_people_approve(month: Month) -> None:
    moved(month.freeze())

    first, same, second = month.approve("A"), month.approve("A"), month.approve("B")

    assert [(moved(one).step, moved(one).changed) for one in (first, same, second)] == [
        ("approved_first", True),
        ("approved_first", False),
        ("approved", True),
    ]
    assert money(month) == ["APPROVED"] * 3
    assert month.facts().state is CycleState.APPROVED
    assert {name: part.approved_amount for name, part in month.facts().providers.items()} == {
        "vietinbank": 540_000,
        "post": 540_000,
        "viettel": 540_000,
    }


def test_a_provider_is_instructed_only_when_it_was_sent_everything(month: Month) -> None:
    approved(month)
    assert code(month.instruct("post")) is Code.PROVIDER_NOT_FUNDED
    assert moved(month.fund("post", 539_999)).state is CycleState.FUNDED_PARTLY
    assert code(month.instruct("post")) is Code.PROVIDER_NOT_FUNDED
    moved(month.fund("post", 1, "advice:2"))

    done = moved(month.instruct("post"))

    assert (done.state, done.heads, done.amount) == (CycleState.PAYING, 1, 540_000)
    assert money(month) == ["APPROVED", "INSTRUCTED", "APPROVED"]
    part = month.facts().providers["post"]
    assert (part.order_sha256, part.funded_at) == (ORDER, ADVICE)
    assert part.instructed_at == builders.NOW


def test_funded_whole_only_when_every_provider_is(month: Month) -> None:
    approved(month)
    states = [
        moved(month.fund(name, 540_000, f"advice:{name}")).state
        for name in ("post", "viettel", "vietinbank")
    ]

    assert states == [CycleState.FUNDED_PARTLY, CycleState.FUNDED_PARTLY, CycleState.FUNDED]


def test_other_providers_may_be_sent_money_while_the_first_pays(month: Month) -> None:
    approved(month)
    moved(month.fund("post", 540_000))
    moved(month.instruct("post"))
    moved(month.fund("viettel", 540_000, "advice:2"))

    assert moved(month.instruct("viettel")).state is CycleState.PAYING


def test_done_again_nothing_changes_and_the_same_is_said(month: Month) -> None:
    steps: list[Callable[[], Moved | Refusal]] = [
        month.imported,
        month.freeze,
        lambda: month.approve("A"),
        lambda: month.approve("B"),
        lambda: month.fund("post", 540_000),
        lambda: month.instruct("post"),
    ]
    for step in steps[1:]:
        assert moved(step()).changed
        events = month.events()
        assert not moved(step()).changed
        assert month.events() == events
    events = month.events()

    for step in steps[1:]:
        assert not moved(step()).changed
    assert month.events() == events


def test_one_advice_with_another_sum_is_a_conflict(month: Month) -> None:
    approved(month)
    moved(month.fund("post", 540_000))

    assert code(month.fund("post", 1)) is Code.ROW_CONFLICT
    assert month.facts().providers["post"].funded_amount == 540_000


def test_a_month_moves_only_in_its_order(month: Month) -> None:
    assert code(month.approve("A")) is Code.CYCLE_WRONG_STATE
    assert code(month.fund("post", 1)) is Code.CYCLE_WRONG_STATE
    assert code(month.instruct("post")) is Code.CYCLE_WRONG_STATE
    moved(month.freeze())
    approved(month)
    assert code(month.fund("momo", 1)) is Code.PROVIDER_UNKNOWN
    assert code(month.instruct("momo")) is Code.PROVIDER_UNKNOWN


def test_a_month_without_a_list_cannot_be_moved(store: Store) -> None:
    month = Month(store)

    assert code(month.freeze()) is Code.CYCLE_UNKNOWN
    assert code(month.approve("A")) is Code.CYCLE_UNKNOWN
    assert code(month.fund("post", 1)) is Code.CYCLE_UNKNOWN
    assert code(month.instruct("post")) is Code.CYCLE_UNKNOWN
    moved(month.imported())
    assert code(month.freeze()) is Code.CYCLE_NOTHING_LISTED


def test_whoever_has_no_way_to_be_paid_blocks_the_approval(month: Month) -> None:
    month.do(lambda tx: builders.a_payment(tx, month.ledger, "XX000001", commune="00001"))
    assert moved(month.freeze()).heads == 4

    refused = month.approve("A")

    assert code(refused) is Code.CYCLE_UNROUTED
    assert isinstance(refused, Refusal)
    assert refused.details["heads"] == 1
    assert "XX000001" in str(refused.details["payment"])


def test_lists_come_in_until_the_freeze(month: Month) -> None:
    assert cycles.may_import(None, CYCLE) is None
    assert cycles.may_import(CycleState.IMPORTING, CYCLE) is None
    assert all(
        cycles.may_import(state, CYCLE) for state in CycleState if state is not CycleState.IMPORTING
    )
    moved(month.freeze())
    other = month.do(
        lambda tx: cycles.imported(tx, month.ledger, cycle=CYCLE, file=2, actor="staff:T1")
    )
    assert code(other) is Code.CYCLE_WRONG_STATE


def test_after_every_move_everything_agrees(month: Month) -> None:
    approved(month)
    for name in ("post", "viettel", "vietinbank"):
        moved(month.fund(name, 540_000, f"advice:{name}"))
        moved(month.instruct(name))

    assert set(money(month)) == {Money.INSTRUCTED.value}
    assert month.store.read(chain.verify).is_clean
    assert month.store.read(projection.check) == []
    facts = month.facts()
    assert facts.frozen_at == facts.approved_at == builders.NOW
    assert len(facts.event_ids) == 10
    assert facts.as_json()["state"] == "PAYING"
