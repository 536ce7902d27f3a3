"""What is read of money in suspense costs what stands there, not what the ledger has ever held."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
import sqlalchemy as sa

from core.store import sums, suspense
from core.store.engine import Tx, open_store
from core.store.sealing import Keyring

READS: Final[Mapping[str, Callable[[Tx], object]]] = {
    "open": lambda tx: suspense.open_lines(tx, "t"),
    "named": lambda tx: suspense.lines_named(tx, "t", "2104-HT000001-M-1"),
    "numbered": lambda tx: suspense.line_of(tx, "t", 7),
    "wishes": lambda tx: suspense.wishes_for(tx, "t", [1, 2]),
    "wish": lambda tx: suspense.wishes_for(tx, "t", [1]),
    "withdrawn": lambda tx: sums.suspended(tx, "t", "suspense:result:post:"),
}


@pytest.mark.parametrize("name", READS)
def test_no_read_of_suspense_goes_through_all_events(
    sqlite_url: str, keyring: Keyring, name: str
) -> None:
    sent: list[tuple[str, Any]] = []

    def keep(*given: Any) -> None:
        sent.append((given[2], given[3]))

    store = open_store(sqlite_url, keyring)

    sa.event.listen(store.reader, "before_cursor_execute", keep)

    def work(tx: Tx) -> list[str]:
        sent.clear()
        READS[name](tx)
        plans = [
            tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given)
            for words, given in tuple(sent)
        ]
        return [str(row[3]) for plan in plans for row in plan]

    steps = store.read(work)
    store.close()

    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps
