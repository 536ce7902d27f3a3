"""What a provider says that it holds (xác nhận số dư): held against the ledger before a close.

The balance is of everything the provider holds for the programme, whatever month it came from:
a bank knows no months. Said again under the same number it is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from core import money
from core.calendar import instant_at, local_day
from core.exchange import cells
from core.exchange.intake import Desk, Kind
from core.exchange.layouts import Row, cycle_in
from core.exchange.reading import Reading
from core.exchange.verdicts import Problem
from core.ledger.closing import state_balance
from core.refusals import Code, Refusal
from core.store.engine import Tx
from core.terms import Provider


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One confirmation of a balance. Money: whole đồng. `day` is a day in Asia/Ho_Chi_Minh."""

    voucher: str
    provider: Provider
    day: date
    amount: int
    cycle: str

    def natural_key(self, tx: Tx) -> str:
        """The number under which the provider confirmed it."""
        del tx
        return f"balance:{self.cycle}:{self.provider}:{self.voucher}"

    def content(self) -> str:
        """Everything that counts in the line."""
        return f"{self.day}:{self.amount}"


def judge(row: Row, desk: Desk) -> BalanceLine | Problem:
    """The line, or the first thing that is wrong in it."""
    reading = Reading(row)
    today = local_day(desk.clock.now())
    voucher = "".join(c for c in row.text("voucher").upper() if c.isascii() and c.isalnum())
    if not voucher:
        reading.refuse("voucher", Refusal(Code.VOUCHER_MISSING))
    word = desk.layout.word("provider", row.text("provider"))
    if word is None:
        reading.refuse("provider", Refusal(Code.PROVIDER_UNKNOWN))
    cycle = cycle_in(row.text("cycle")) or desk.cycle
    if cycle != desk.cycle:
        reading.refuse(
            "cycle", Refusal(Code.FILE_WRONG_CYCLE, {"declared": cycle, "cycle": desk.cycle})
        )
    stated_on = reading.value("day", cells.day(row.text("day")), today)
    if stated_on > today:
        reading.refuse("day", Refusal(Code.DAY_IN_FUTURE))
    line = BalanceLine(
        voucher=voucher,
        provider=Provider(word or Provider.POST),
        day=stated_on,
        # A provider may well hold nothing any more.
        amount=reading.value("amount", money.amount_of(row.cells.get("amount", ""), zero=True), 0),
        cycle=cycle,
    )
    return reading.problem or line


def disagreements(pairs: Sequence[tuple[Row, BalanceLine]], desk: Desk) -> Mapping[int, Problem]:
    """Numbers that stand twice in one file."""
    del desk
    seen: dict[tuple[str, str], int] = {}
    found: dict[int, Problem] = {}
    for row, line in pairs:
        first = seen.setdefault((line.provider, line.voucher), row.number)
        if first != row.number:
            found[row.number] = Problem("voucher", Refusal(Code.VOUCHER_TWICE, {"line": first}))
    return found


def rank(line: BalanceLine) -> int:
    """In the order of the file."""
    del line
    return 0


def admit(tx: Tx, desk: Desk) -> Refusal | None:
    """Whether the cycle is being paid is asked of each line."""
    del tx, desk
    return None


def write(tx: Tx, lines: Sequence[BalanceLine], desk: Desk, source: str) -> list[Problem | None]:
    """Record each balance; a Problem where the cycle cannot take it."""
    problems: list[Problem | None] = []
    for line in lines:
        done = state_balance(
            tx,
            desk.ledger,
            cycle=line.cycle,
            provider=line.provider,
            amount=line.amount,
            day=instant_at(line.day, time()),
            source=line.natural_key(tx),
            actor=f"staff:{desk.staff}",
            file=source,
        )
        problems.append(Problem("provider", done) if isinstance(done, Refusal) else None)
    return problems


def finish(tx: Tx, desk: Desk, source: str) -> None:
    """Nothing is true of the file as a whole."""
    del tx, desk, source


KIND = Kind(
    name="balances",
    judge=judge,
    disagreements=disagreements,
    rank=rank,
    admit=admit,
    write=write,
    finish=finish,
)
