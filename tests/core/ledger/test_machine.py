"""Whatever is done in whatever order, the ledger agrees with a second bookkeeper."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.ledger import chain, closing, cycles, projection
from core.ledger.events import EventType, NewEvent, Recorded, Value
from core.ledger.journal import into_suspense
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.sealing import Keyring
from core.store.tables.ledger import event, payment_status, posting
from tests import builders, postgres
from tests.builders import CYCLE
from tests.core.ledger.auditor import AMOUNT, MAY, PROVIDER, Auditor

T = TypeVar("T")
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

    def teardown(self) -> None:
        self.store.close()
        self._drop()
        shutil.rmtree(self.folder)

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.transact(work, CommitPoint.CYCLE_MOVE)

    def move(self, done: Callable[..., Any], **values: Any) -> Any:
        return self.do(lambda tx: done(tx, self.ledger, cycle=CYCLE, **values))

    @initialize(heads=st.integers(1, 4), stage=st.sampled_from(["listed", "approved", "ordered"]))
    def list_comes_in(self, heads: int, stage: str) -> None:
        for code in CODES[:heads]:
            number = self.do(lambda tx, code=code: builders.a_payment(tx, self.ledger, code))  # type: ignore[misc]
            self.auditor.state[number], self.auditor.word[number] = "LISTED", "NOT_ASKED"
        self.move(cycles.imported, file=1, actor="staff:T1")
        if stage != "listed":
            self.freeze()
            self.approve("A")
            self.approve("B")
        if stage == "ordered":
            self.fund(heads, repeated=False)
            self.instruct()

    @rule()
    def freeze(self) -> None:
        programme = builders.a_programme()
        self.do(lambda tx: cycles.freeze(tx, self.ledger, programme, cycle=CYCLE, by="T1"))

    @rule(by=st.sampled_from("AB"))
    def approve(self, by: str) -> None:
        done = self.move(cycles.approve, by=by)
        if isinstance(done, Refusal) or done.step != "approved" or not done.changed:
            return
        assert not self.auditor.approved
        self.auditor.approved = True
        for number, state in self.auditor.state.items():
            if state == "LISTED":
                self.auditor.state[number] = "APPROVED"

    @rule(heads=st.integers(1, 4), repeated=st.booleans())
    def fund(self, heads: int, repeated: bool) -> None:
        source = f"advice:{self.advices}"
        values = {"provider": PROVIDER, "amount": heads * AMOUNT, "day": builders.NOW}
        done = self.move(cycles.fund, source=source, actor="t", **values)
        if isinstance(done, Refusal):
            return
        self.auditor.funded += heads * AMOUNT
        if repeated:
            assert not self.move(cycles.fund, source=source, actor="t", **values).changed
        self.advices += 1

    @rule()
    def instruct(self) -> None:
        done = self.move(cycles.instruct, provider=PROVIDER, order_sha256="ab" * 32, by="T1")
        if isinstance(done, Refusal) or not done.changed:
            return
        for number, state in self.auditor.state.items():
            if state == "APPROVED":
                self.auditor.state[number] = "INSTRUCTED"
        self.auditor.ordered = True

    @rule(lie=st.sampled_from([0, 0, 0, 1]))
    def the_provider_states_its_balance(self, lie: int) -> None:
        held = self.auditor.held_by_provider
        done = self.move(
            closing.state_balance,
            provider=PROVIDER,
            amount=held + lie,
            day=builders.NOW,
            source=f"balance:{self.advices}",
            actor="t",
        )
        self.advices += 1
        if not isinstance(done, Refusal):
            assert not self.auditor.closed
            self.auditor.stated = (held + lie, held)

    @rule()
    def close(self) -> None:
        done = self.move(closing.close, by="A")
        if self.auditor.closed:
            assert not done.changed
            return
        assert isinstance(done, Refusal) != self.auditor.may_close()
        if not isinstance(done, Refusal):
            self.auditor.closes()

    @rule()
    def everything_ends_and_the_month_is_closed(self) -> None:
        ends = {"INSTRUCTED": "failed", "ACCEPTED": "settled", "READY_CASH": "unclaimed"}
        for which, number in enumerate(sorted(self.auditor.state)):
            state = self.auditor.state[number]
            if state in ends:
                self.something_is_reported(ends[state], which, 9)
        self.the_provider_states_its_balance(0)
        self.close()

    @rule(choices=st.lists(st.integers(0, 99), min_size=1, max_size=4), which=st.integers(0, 3))
    def what_is_possible_is_reported(self, choices: list[int], which: int) -> None:
        for choice in choices:
            state = self.auditor.state[self.whose(which)]
            possible = [kind for kind in sorted(MAY) if state in MAY[kind][0]]
            if possible:
                self.something_is_reported(possible[choice % len(possible)], which, choice)

    @rule(kind=st.sampled_from(sorted(MAY)), which=st.integers(0, 3), day=st.integers(0, 3))
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
        assert isinstance(found, Recorded) == (self.auditor.state[number] in MAY[kind][0])
        if isinstance(found, Recorded):
            self.auditor.causes.add(source)
            self.auditor.happens(kind, number)
            self.a_late_report_opens_the_month()

    @rule(word=st.sampled_from(sorted(WORDS)), which=st.integers(0, 3), message=st.integers(0, 99))
    def somebody_says(self, word: str, which: int, message: int) -> None:
        number, source = self.whose(which), f"word:{message}:{word}:{which}"
        body: dict[str, Value | None] = {"person": 1, "basis": "self"}
        (found,) = self.record(
            NewEvent(EventType(word), source, "p", builders.NOW, payment_id=number, body=body)
        )
        if isinstance(found, Recorded) and found.is_new:
            self.auditor.word[number] = WORDS[word]

    @precondition(lambda self: self.auditor.approved)
    @rule(which=st.integers(0, 3))
    def somebody_unknown_was_paid(self, which: int) -> None:
        source = f"suspense:{which}"
        lines = into_suspense(CYCLE, PROVIDER, AMOUNT)
        (found,) = self.record(
            NewEvent(EventType.SUSPENSE_IN, source, "p", builders.NOW, CYCLE, postings=lines)
        )
        if isinstance(found, Recorded) and found.is_new:
            self.auditor.unexplained += AMOUNT

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
        assert self.auditor.funded == (
            sums.get("A110", 0)
            + self.auditor.on_its_way
            + self.auditor.with_officers
            + self.auditor.paid
            + self.auditor.refunded
            + self.auditor.unexplained
        )

    @invariant()
    def everything_checks(self) -> None:
        verdict = self.store.read(lambda tx: chain.verify(tx, self.heads))
        assert verdict.findings == ()

    @invariant()
    def whoever_must_hear_heard_everything_once_and_in_order(self) -> None:
        assert self.told == [row.id for row in self.rows(event)]

    def a_late_report_opens_the_month(self) -> None:
        opened = self.move(closing.reopen, file=f"late:{self.advices}", actor="p")
        self.advices += 1
        assert (opened is None) == (not self.auditor.closed)
        self.auditor.closed = False

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


def run(fresh: Callable[[], tuple[Store, Callable[[], None]]], examples: int) -> None:
    machine = type("Machine", (LedgerMachine,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # making a failure shorter takes minutes on a real database
        ),
    )


def test_the_ledger_agrees_with_a_second_bookkeeper_on_sqlite(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring
) -> None:
    path = tmp_path / "machine.db"

    def fresh() -> tuple[Store, Callable[[], None]]:
        for leftover in tmp_path.glob("machine.db*"):
            leftover.unlink()
        shutil.copyfile(sqlite_template, path)
        return open_store(f"sqlite:///{path}", keyring), lambda: None

    run(fresh, 14)


@pytest.mark.postgresql
def test_the_ledger_agrees_with_a_second_bookkeeper_on_postgresql(
    postgres_server: postgres.Server, postgres_template: str, keyring: Keyring
) -> None:
    def fresh() -> tuple[Store, Callable[[], None]]:
        name = postgres_server.create(template=postgres_template)
        return open_store(postgres_server.url(name), keyring), lambda: postgres_server.drop(name)

    run(fresh, 6)
