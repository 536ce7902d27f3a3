"""Pictures of the life cycles, drawn from the tables that decide them.

What is in `docs/lifecycles/` must be what is drawn here (`tests/core/ledger/test_lifecycles.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from core.ledger.deliveries import DELIVERY_MOVES
from core.ledger.disputes import DISPUTE_MOVES
from core.ledger.enrolment import ENROLMENT_MOVES
from core.ledger.events import EventType
from core.ledger.moves import CYCLE_MOVES
from core.ledger.opening import OPENING_MOVES
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, Money

# (from, event, to)
Move = tuple[str, str, str]

_START: Final = "[*]"
_BACK: Final = [
    (str(Money.HELD), str(EventType.RELEASED), str(money))
    for money in MONEY_MOVES[EventType.HELD]
    if money is not None
]


def drawn() -> dict[str, str]:
    """Each page of `docs/lifecycles/`, by file name."""
    states, moves = "core/ledger/states.py", "core/ledger/moves.py"
    return {
        "payment-money.md": _page(
            "Payment: where the money is", states, [*_moves(MONEY_MOVES), *_BACK]
        ),
        "payment-receipt.md": _page(
            "Payment: what the person says", states, list(_moves(RECEIPT_MOVES))
        ),
        "dispute.md": _page(
            "Dispute about a payment", "core/ledger/disputes.py", list(_moves(DISPUTE_MOVES))
        ),
        "home-delivery.md": _page(
            "Payment that is brought home",
            "core/ledger/deliveries.py",
            list(_moves(DELIVERY_MOVES)),
        ),
        "enrolment.md": _page(
            "How somebody asks to be paid",
            "core/ledger/enrolment.py",
            list(_moves(ENROLMENT_MOVES)),
        ),
        "account-opening.md": _page(
            "Account that is opened for somebody",
            "core/ledger/opening.py",
            list(_moves(OPENING_MOVES)),
        ),
        "cycle.md": _page("Payment cycle", moves, list(_moves(CYCLE_MOVES))),
    }


def write(folder: Path) -> None:
    """Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in drawn().items():
        (folder / name).write_text(page, encoding="utf-8")


def _moves(table: Mapping[EventType, Mapping[Any, Any]]) -> Iterator[Move]:
    for event, rows in table.items():
        for source, target in rows.items():
            yield _START if source is None else str(source), str(event), str(target)


def _page(title: str, source: str, moves: Sequence[Move]) -> str:
    """One arrow for each pair of states, with all events that lead along it."""
    along: dict[tuple[str, str], list[str]] = {}
    for before, event, after in moves:
        along.setdefault((before, after), []).append(event)
    arrows = "".join(
        f"    {before} --> {after}: {', '.join(events)}\n"
        for (before, after), events in along.items()
    )
    rows = "".join(f"| {before} | {event} | {after} |\n" for before, event, after in moves)
    return (
        f'# {title}\n\nDrawn from the table in `{source}`; do not edit. `[*]` is "not yet there".'
        f"\n\n```mermaid\nstateDiagram-v2\n{arrows}```\n\n"
        f"| from | event | to |\n|---|---|---|\n{rows}"
    )
