"""The pictures in docs/lifecycles are those of the tables that decide."""

import pytest

from core.ledger import diagrams
from core.ledger.deliveries import DELIVERY_MOVES
from core.ledger.disputes import DISPUTE_MOVES
from core.ledger.moves import CYCLE_MOVES
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES
from tests import sources

FOLDER = sources.ROOT / "docs" / "lifecycles"
ANEW = "write them anew: python -c 'from pathlib import Path; from core.ledger import diagrams; "


@pytest.mark.parametrize("name", sorted(diagrams.drawn()))
def test_a_picture_is_as_fresh_as_its_table(name: str) -> None:
    page = FOLDER / name
    anew = f'{ANEW}diagrams.write(Path("docs/lifecycles"))\''

    assert page.exists(), anew
    assert page.read_text(encoding="utf-8") == diagrams.drawn()[name], anew


def test_every_move_is_in_its_picture() -> None:
    pages = "".join(diagrams.drawn().values())
    moves = [
        f"| {source if source is not None else '[*]'} | {event} | {target} |"
        for table in (MONEY_MOVES, RECEIPT_MOVES, CYCLE_MOVES, DISPUTE_MOVES, DELIVERY_MOVES)
        for event, rows in table.items()
        for source, target in rows.items()
    ]

    assert [move for move in moves if move not in pages] == []
    assert "| HELD | released | LISTED |\n| HELD | released | APPROVED |" in pages
