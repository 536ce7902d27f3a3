"""A monthly list: .xlsx → payments, listed events and projection committed, and the list again.

Floor: the very rows that the import wrote, through the bare driver (executemany, COPY).
Peer: reading the cells of the file and nothing more. `python -m bench imports`.
"""

from functools import partial
from pathlib import Path
from typing import Any, Final

from bench import floors, lists
from bench.ground import CYCLE, PROGRAMME, Figure, Ground, middle, rounded, seconds
from core.exchange import payroll, registrations
from core.exchange.intake import Desk, Kind, take_in
from core.exchange.layouts import load_layout
from core.exchange.sheets import read_sheet
from core.exchange.verdicts import Report
from core.ledger.record import Ledger
from core.store.engine import Store

PEOPLE: Final = 10_000
TARGET: Final = 2.0
_WRITTEN: Final = (
    *("import_file", "import_row", "person", "beneficiary", "standing", "contact"),
    *("contact_person", "consent", "method_version", "event", "payment", "payment_status"),
    *("cycle", "cycle_status"),
)


def run(ground: Ground) -> list[Figure]:
    """Seconds until everything is committed, for people the office knows and for new ones."""
    return of_size(ground, PEOPLE, TARGET)


def of_size(ground: Ground, people: int, target: float) -> list[Figure]:
    """The figures for a list of that many people."""
    return [
        figure
        for engine in ground.engines
        for figure in _measured(ground, engine, ground.size(people), target)
    ]


def desk(ground: Ground, store: Store, layout: str, cycle: str = CYCLE) -> Desk:
    """An import desk with nobody listening to its ledger: messages have figures of their own."""
    clock = ground.clock()
    ledger = Ledger(ground.programme.tenant, (), clock)
    return Desk(
        store,
        ledger,
        ground.programme,
        clock,
        load_layout(PROGRAMME, layout),
        cycle,
        "",
        "lan",
    )


def taken(path: Path, kind: Kind, at: Desk) -> Report:
    """The report of an import in which every line must stand."""
    report = take_in(path, kind, at)
    assert isinstance(report, Report), report
    assert not report.rejects, report.rejects[:3]
    return report


def _measured(ground: Ground, engine: str, people: int, target: float) -> list[Figure]:
    month = lists.payroll(ground.folder / f"payroll-{people}.xlsx", ground.programme, people)
    register = lists.registrations(
        ground.folder / f"people-{people}.xlsx", ground.programme, people
    )
    times: dict[str, list[float]] = {}
    for _ in range(ground.runs):
        for name, took in _once(ground, engine, month, register).items():
            times.setdefault(name, []).append(took)
    medians = {name: middle(all_) for name, all_ in times.items()}

    def figure(name: str, took: str, aim: float | None, floor: str) -> Figure:
        return Figure(
            f"{name}, {people:,} people",
            engine,
            medians[took],
            "s",
            aim,
            medians[floor],
            medians["read"],
            rounded(medians[took] / medians[floor]),
            beside="floor: the same rows, bare driver; peer: reading the file",
        )

    return [
        figure("list in, new people", "new", target, "new floor"),
        figure("list in, known people", "known", target, "known floor"),
        figure("registrations in", "registered", None, "registered floor"),
        figure("the same list again", "again", medians["new"] / 5, "read"),
    ]


def _once(ground: Ground, engine: str, month: Path, register: Path) -> dict[str, float]:
    times = {"read": seconds(lambda: read_sheet(month))}
    with ground.store(engine) as store:
        at = desk(ground, store, "payroll")
        times["new"] = seconds(lambda: taken(month, payroll.KIND, at))
        times["again"] = seconds(lambda: taken(month, payroll.KIND, at))
        times["new floor"] = _floor(ground, engine, store, {})
    with ground.store(engine) as store:
        at = desk(ground, store, "registrations")
        times["registered"] = seconds(lambda: taken(register, registrations.KIND, at))
        times["registered floor"] = _floor(ground, engine, store, {})
        before = floors.rows_of(store, _WRITTEN)
        at = desk(ground, store, "payroll")
        times["known"] = seconds(lambda: taken(month, payroll.KIND, at))
        times["known floor"] = _floor(ground, engine, store, before)
    return times


def _floor(ground: Ground, engine: str, store: Store, before: floors.Rows) -> float:
    """Seconds to write what the store holds beyond `before` with the bare driver alone."""
    after = floors.rows_of(store, _WRITTEN)
    fresh: dict[str, list[tuple[Any, ...]]] = {
        name: list(rows[len(before.get(name, ())) :]) for name, rows in after.items()
    }
    with ground.store(engine) as empty:
        url = address(empty)
        if before:
            floors.write(url, before)
        return seconds(partial(floors.write, url, fresh))


def address(store: Store) -> str:
    """Where a store is, for the bare driver."""
    if store.dialect == "sqlite":
        return f"sqlite:///{floors.path_of(store)}"
    return floors.address_of(store)
