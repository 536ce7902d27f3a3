"""Everything that can happen to a ledger, as rules that chance may call in any order."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core.ledger import chain, closing, cycles, projection, refunds
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.journal import into_suspense
from core.ledger.suspense import Way, settle
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.tables.ledger import event, payment, payment_status, posting
from tests import builders
from tests.builders import CYCLE
from tests.core.ledger.auditor import AMOUNT, MAY, PROVIDER, Auditor

T = TypeVar("T")
NEXT = "2021-05"
MONTHS = (CYCLE, NEXT)
CODES = ("HT000001", "HT000002", "HT000003", "HT000004")
WORDS = {
    "confirmed_full": "CONFIRMED_FULL",
    "said_short": "SHORT",
    "said_not_received": "NOT_RECEIVED",
}


class LedgerMachine(RuleBasedStateMachine):
    """Office, Treasury, a provider and people, all at once; `fresh` opens an empty database."""

    fresh: Callable[[], tuple[Store, Callable[[], None]]]

    def __init__(self) -> None:
        super().__init__()
        self.store, self._drop = type(self).fresh()
        self.folder = Path(tempfile.mkdtemp())
        self.heads = self.folder / "heads"
        self.told: list[int] = []
        self.ledger = builders.a_ledger(lambda _, new: self.told.extend(one.id for one in new))
        self.auditor = Auditor()
        self.advices = 0
        self.lines: dict[str, int] = {}

    def teardown(self) -> None:
        self.store.close()
        self._drop()
        shutil.rmtree(self.folder)

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.CYCLE_MOVE)

    def move(self, done: Callable[..., Any], month: str = CYCLE, **values: Any) -> Any:
        return self.do(lambda tx: done(tx, self.ledger, cycle=month, **values))

    @initialize(heads=st.integers(1, 4), stage=st.sampled_from(["listed", "approved", "ordered"]))
    def list_comes_in(self, heads: int, stage: str) -> None:
        for code in CODES[:heads]:
            number = self.do(lambda tx, code=code: builders.a_payment(tx, self.ledger, code))  # type: ignore[misc]
            self.auditor.is_listed(number, CYCLE)
        self.move(cycles.imported, file=1, actor="staff:T1")
        if stage != "listed":
            self.freeze(CYCLE)
            self.approve("A", CYCLE)
            self.approve("B", CYCLE)
        if stage == "ordered":
            self.fund(heads, repeated=False, month=CYCLE)
            self.instruct(CYCLE)

    @rule(code=st.sampled_from(CODES))
    def the_next_list_comes_in(self, code: str) -> None:
        done = self.move(cycles.imported, NEXT, file=2, actor="staff:T1")
        if isinstance(done, Refusal):
            return
        number = self.do(lambda tx: builders.a_payment(tx, self.ledger, code, cycle=NEXT))
        if number not in self.auditor.state:
            self.auditor.is_listed(number, NEXT)

    @rule(month=st.sampled_from(MONTHS))
    def freeze(self, month: str) -> None:
        programme = builders.a_programme()
        done: Any = self.do(
            lambda tx: cycles.freeze(tx, self.ledger, programme, cycle=month, by="T1")
        )
        known = self.auditor.state
        fresh = [row for row in self.rows(payment) if row.id not in known]
        if fresh or (not isinstance(done, Refusal) and done.state == "FROZEN"):
            due = self.auditor.due_again(month)
            assert [row.amount for row in fresh] == [AMOUNT] * len(due)
            assert isinstance(done, Refusal) or done.reissued == len(due)
            for row, source in zip(fresh, due, strict=True):
                assert row.parent_id == source
                self.auditor.is_listed(row.id, month, source)

    @rule(by=st.sampled_from("AB"), month=st.sampled_from(MONTHS))
    def approve(self, by: str, month: str) -> None:
        done = self.move(cycles.approve, month, by=by)
        if isinstance(done, Refusal):
            return
        self.auditor.signed.add(month)
        if done.step == "approved" and done.changed:
            assert month not in self.auditor.approved
            self.auditor.approves(month)

    @rule(heads=st.integers(1, 4), repeated=st.booleans(), month=st.sampled_from(MONTHS))
    def fund(self, heads: int, repeated: bool, month: str) -> None:
        source = f"advice:{self.advices}"
        values = {"provider": PROVIDER, "amount": heads * AMOUNT, "day": builders.NOW}
        done = self.move(builders.advised(cycles.fund), month, source=source, actor="t", **values)
        if isinstance(done, Refusal):
            return
        self.auditor.funded += heads * AMOUNT
        self.auditor.stated.pop(month, None)
        if repeated:
            assert not self.move(
                builders.advised(cycles.fund), month, source=source, actor="t", **values
            ).changed
        self.advices += 1

    @rule(month=st.sampled_from(MONTHS))
    def instruct(self, month: str) -> None:
        done = self.move(cycles.instruct, month, provider=PROVIDER, order_sha256="ab" * 32, by="T1")
        if not isinstance(done, Refusal) and done.changed:
            self.auditor.orders(month)

    @rule(lie=st.sampled_from([0, 0, 0, 1]), month=st.sampled_from(MONTHS))
    def the_provider_states_its_balance(self, lie: int, month: str) -> None:
        held = self.auditor.held_by_provider
        done = self.move(
            builders.advised(closing.state_balance),
            month,
            provider=PROVIDER,
            amount=held + lie,
            day=builders.NOW,
            source=f"balance:{self.advices}",
            actor="t",
        )
        self.advices += 1
        if not isinstance(done, Refusal):
            assert month not in self.auditor.closed
            self.auditor.stated[month] = (held + lie, held)

    @rule(month=st.sampled_from(MONTHS), which=st.integers(0, 7), is_surplus=st.booleans())
    def the_provider_gives_back(self, month: str, which: int, is_surplus: bool) -> None:
        number = self.whose(which)
        code = next(row.code for row in self.rows(payment) if row.id == number)
        done = self.move(
            builders.advised(refunds.give_back),
            month,
            provider=PROVIDER,
            amount=AMOUNT,
            day=builders.NOW,
            source=f"back:{self.advices}",
            actor="t",
            payment="" if is_surplus else code,
        )
        self.advices += 1
        if isinstance(done, Refusal):
            return
        self.auditor.stated.pop(month, None)
        if is_surplus:
            self.auditor.given_back += AMOUNT
        else:
            assert self.auditor.month[number] == month
            assert self.auditor.may("refunded", number)
            self.auditor.happens("refunded", number)
        # Nobody's money went back: what was sent still covers all that was ordered and is left.
        # What a provider paid for nothing we know it may have paid with money of its own.
        assert self.auditor.held_by_provider + self.auditor.unexplained >= 0

    @rule(month=st.sampled_from(MONTHS))
    def close(self, month: str) -> None:
        done = self.move(closing.close, month, by="A")
        if month in self.auditor.closed:
            assert not done.changed
            return
        # What is unexplained in this machine is so in the first month.
        unexplained = month == CYCLE and self.auditor.unexplained > 0
        assert isinstance(done, Refusal) != self.auditor.may_close(month, unexplained)
        if not isinstance(done, Refusal):
            self.auditor.closes(month)

    @rule(month=st.sampled_from(MONTHS))
    def everything_ends_and_the_month_is_closed(self, month: str) -> None:
        ends = {"INSTRUCTED": "failed", "ACCEPTED": "settled", "READY_CASH": "unclaimed"}
        for which, number in enumerate(sorted(self.auditor.state)):
            state = self.auditor.state[number]
            if state in ends and self.auditor.month[number] == month:
                self.something_is_reported(ends[state], which, 9)
        self.the_provider_states_its_balance(0, month)
        self.close(month)

    @rule(code=st.sampled_from(CODES))
    def the_next_month_pays_what_the_first_one_left(self, code: str) -> None:
        self.everything_ends_and_the_month_is_closed(CYCLE)
        self.the_next_list_comes_in(code)
        self.freeze(NEXT)
        self.approve("A", NEXT)
        self.approve("B", NEXT)
        self.fund(1, repeated=False, month=NEXT)
        self.instruct(NEXT)

    @rule(choices=st.lists(st.integers(0, 99), min_size=1, max_size=4), which=st.integers(0, 7))
    def what_is_possible_is_reported(self, choices: list[int], which: int) -> None:
        for choice in choices:
            state = self.auditor.state[self.whose(which)]
            possible = [kind for kind in sorted(MAY) if state in MAY[kind][0]]
            if possible:
                self.something_is_reported(possible[choice % len(possible)], which, choice)

    @rule(kind=st.sampled_from(sorted(MAY)), which=st.integers(0, 7), day=st.integers(0, 3))
    def something_is_reported(self, kind: str, which: int, day: int) -> None:
        number = self.whose(which)
        source = f"{kind}:{number}:{day}"
        (found,) = self.record(
            NewEvent(EventType(kind), source, "p", builders.NOW, payment_id=number)
        )
        if source in self.auditor.causes:
            assert isinstance(found, Recorded)
            assert not found.is_new
            return
        assert isinstance(found, Recorded) == self.auditor.may(kind, number)
        if isinstance(found, Recorded):
            self.auditor.causes.add(source)
            self.auditor.happens(kind, number)
            self.a_late_report_opens_the_month(self.auditor.month[number])

    @rule(word=st.sampled_from(sorted(WORDS)), which=st.integers(0, 7), message=st.integers(0, 99))
    def somebody_says(self, word: str, which: int, message: int) -> None:
        number, source = self.whose(which), f"word:{message}:{word}:{which}"
        body: dict[str, Value | None] = {"person": 1, "basis": "self"}
        (found,) = self.record(
            NewEvent(EventType(word), source, "p", builders.NOW, payment_id=number, body=body)
        )
        if isinstance(found, Recorded) and found.is_new:
            self.auditor.word[number] = WORDS[word]

    @precondition(lambda self: CYCLE in self.auditor.approved)
    @rule(which=st.integers(0, 3))
    def somebody_unknown_was_paid(self, which: int) -> None:
        source = f"suspense:{which}"
        lines = into_suspense(CYCLE, PROVIDER, AMOUNT)
        (found,) = self.record(
            NewEvent(EventType.SUSPENSE_IN, source, "p", builders.NOW, CYCLE, postings=lines)
        )
        if isinstance(found, Recorded) and found.is_new:
            self.lines[source] = found.id
            self.auditor.unexplained += AMOUNT
            self.auditor.stated.pop(CYCLE, None)
            self.a_late_report_opens_the_month(CYCLE)

    @rule(
        which=st.integers(0, 3),
        way=st.sampled_from(Way),
        whose=st.integers(0, 7),
        by=st.sampled_from(["A", "B", "AB"]),
    )
    def people_explain_what_stands_in_suspense(
        self, which: int, way: Way, whose: int, by: str
    ) -> None:
        number = self.lines.get(f"suspense:{which}", 0)
        chosen = self.whose(whose)
        code = next(row.code for row in self.rows(payment) if row.id == chosen)
        given = code if way is Way.PAYMENT else ""
        for one in by:
            done = self.do(
                lambda tx, one=one: settle(  # type: ignore[misc]
                    tx, self.ledger, number=number, way=way, payment=given, by=one
                )
            )
            if isinstance(done, Refusal) or not done.is_done or not done.changed:
                continue
            self.auditor.unexplained -= AMOUNT
            self.auditor.stated.pop(CYCLE, None)
            if way is Way.TREASURY:
                self.auditor.given_back += AMOUNT
                assert self.auditor.held_by_provider + self.auditor.unexplained >= 0
            if way is Way.PAYMENT:
                assert self.auditor.month[chosen] == CYCLE
                self.auditor.is_paid(chosen)

    @rule()
    def seal(self) -> None:
        chain.seal_now(self.store, self.heads, self.ledger.clock)

    @rule()
    def rebuild(self) -> None:
        before = self.rows(payment_status)
        self.do(projection.rebuild)
        assert self.rows(payment_status) == before

    @invariant()
    def every_payment_is_where_the_auditor_has_it(self) -> None:
        found = {row.payment_id: (row.money, row.receipt) for row in self.rows(payment_status)}
        wanted = {
            number: (state, self.auditor.word[number])
            for number, state in self.auditor.state.items()
        }
        assert found == wanted

    @invariant()
    def the_books_agree_with_the_pots(self) -> None:
        sums: dict[str, int] = {}
        for row in self.rows(posting):
            sums[row.account] = sums.get(row.account, 0) + row.amount
        assert sum(sums.values()) == 0
        assert sums.get("A110", 0) == self.auditor.held_by_provider
        assert sums.get("A120", 0) == self.auditor.on_its_way
        assert sums.get("A130", 0) == self.auditor.with_officers
        assert sums.get("C400", 0) == self.auditor.unexplained
        assert -sums.get("L200", 0) == self.auditor.owed
        assert -sums.get("L210", 0) == self.auditor.owed_later
        assert -sums.get("L220", 0) == self.auditor.on_hold
        assert self.auditor.funded == (
            sums.get("A110", 0)
            + self.auditor.on_its_way
            + self.auditor.with_officers
            + self.auditor.paid
            + self.auditor.refunded
            + self.auditor.given_back
            + self.auditor.unexplained
        )

    @invariant()
    def everything_checks(self) -> None:
        verdict = self.store.read(lambda tx: chain.verify(tx, self.heads))
        assert verdict.findings == ()

    @invariant()
    def whoever_must_hear_heard_everything_once_and_in_order(self) -> None:
        assert self.told == [row.id for row in self.rows(event)]

    def a_late_report_opens_the_month(self, month: str) -> None:
        opened = self.move(closing.reopen, month, file=f"late:{self.advices}", actor="p")
        self.advices += 1
        assert (opened is None) == (month not in self.auditor.closed)
        self.auditor.closed.discard(month)

    def whose(self, which: int) -> int:
        numbers = sorted(self.auditor.state)
        return numbers[which % len(numbers)]

    def record(self, one: NewEvent) -> list[Recorded | Refusal]:
        return self.do(lambda tx: self.ledger.record(tx, [one]))

    def rows(self, table: sa.Table) -> list[Any]:
        order = list(table.primary_key.columns)
        return self.store.read(
            lambda tx: list(tx.connection.execute(sa.select(table).order_by(*order)))
        )
