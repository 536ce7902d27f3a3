"""The verifier that was written from the documentation alone, against our own `ledger verify`."""

import ast
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sized
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core.ledger.moves import CYCLE_MOVES
from core.ledger.states import MONEY_MOVES, RECEIPT_MOVES, Money
from core.store.engine import Store, open_store
from core.store.sealing import Keyring
from tests import postgres, sources
from tests.conftest import ENGINES
from tests.core.ledger.machine import LedgerMachine
from tests.verifier.ledgers import VERIFIER, Copy, Played, played, verified
from verifier import rules, verify_ledger

FIRST = "(SELECT min(id) FROM event WHERE type = 'listed')"
PAID = "(SELECT min(id) FROM event WHERE type IN ('settled', 'collected'))"
TAMPERED = {
    "a byte of a body": (
        [f"UPDATE event SET body = replace(body, '\"seq\":1', '\"seq\":2') WHERE id = {FIRST}"],
        r"Event \d+ or one of its postings was changed",
    ),
    "a posting": (
        [f"UPDATE posting SET amount = amount + 1 WHERE event_id = {PAID} AND line = 1"],
        "do not sum to zero",
    ),
    "both postings": (
        [f"UPDATE posting SET amount = amount * 2 WHERE event_id = {PAID}"],
        "or one of its postings was changed",
    ),
    "a posting's tenant": (
        [f"UPDATE posting SET tenant = 'other' WHERE event_id = {PAID} AND line = 1"],
        "or one of its postings was changed",
    ),
    "an actor": (
        [f"UPDATE event SET actor = 'staff:T9' WHERE id = {PAID}"],
        "or one of its postings was changed",
    ),
    "a gap": (
        [
            f"DELETE FROM posting WHERE event_id = {PAID}",
            f"DELETE FROM event WHERE id = {PAID}",
        ],
        "they are not all there",
    ),
    "postings alone": (
        [f"DELETE FROM posting WHERE event_id = {PAID}"],
        "or one of its postings was changed",
    ),
    "postings of nothing": (
        [f"UPDATE posting SET event_id = event_id + 1000000 WHERE event_id = {PAID} AND line = 2"],
        "is missing, and has postings",
    ),
    "a block": (
        ["UPDATE chain_block SET hash = previous_hash WHERE id = 1"],
        "Block 1:[0-9a-f]{64} was noted as a head",
    ),
    "the first event of a block": (
        ["UPDATE chain_block SET first_event = first_event + 1 WHERE id = 2"],
        "Block 2 sealed",
    ),
    "a status": (
        ["UPDATE payment_status SET money = 'REFUNDED' WHERE money = 'SETTLED'"],
        "is not what its events come to",
    ),
    "a word": (
        ["UPDATE payment_status SET receipt = 'CONFIRMED_FULL' WHERE receipt = 'NOT_ASKED'"],
        "is not what its events come to",
    ),
    "a status that is gone": (
        ["DELETE FROM payment_status WHERE payment_id = 1"],
        "Payment 1 has no status",
    ),
    "a payment": (
        ["UPDATE payment SET amount = amount + 1000, monthly = monthly + 1000 WHERE id = 1"],
        "Payment 1 is not as it was listed",
    ),
    "a payment that is gone": (["DELETE FROM payment WHERE id = 1"], "which is not there"),
    "a month": (["UPDATE cycle SET state = 'FROZEN'"], "cycle is not what its events come to"),
    "a provider's part": (
        ["UPDATE provider_cycle SET funded_amount = funded_amount + 1"],
        "provider_cycle is not what its events come to",
    ),
}


@pytest.fixture(scope="module", params=ENGINES)
def original(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("played")
    if request.param == "sqlite":
        path = folder / "played.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield played(f"sqlite:///{path}", folder)
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = server.create(template=request.getfixturevalue("postgres_template"))
    yield played(server.url(name), folder, server)
    server.drop(name)


@pytest.fixture
def copy(original: Played, tmp_path: Path) -> Iterator[Copy]:
    made, drop = original.copy(tmp_path)
    yield made
    made.office.close()
    drop()


def both(copy: Copy, *words: str) -> tuple[int, str]:
    """What the verifier ends with and says, once `ledger verify` ended with the same."""
    code, said = copy.theirs(*words)
    assert copy.ours() == code, said
    if copy.url.startswith("postgresql"):
        assert copy.theirs(*words, at=copy.dumped()) == (code, said)
    return code, said


def test_a_played_district_is_clean(copy: Copy) -> None:
    code, said = both(copy, "--balances")

    assert code == 0, said
    (events, payments, head) = re.findall(
        r"^(\d+) events, \d+ unsealed, (\d+) payments; head (\d+:[0-9a-f]{64}); 0 differences",
        said,
        re.MULTILINE,
    )[0]
    last = copy.heads.read_text(encoding="ascii").splitlines()[-1].split()
    assert head == f"{last[0]}:{last[2]}"
    assert int(events) > 300
    assert int(payments) >= 70
    balances = re.findall(r"^\d{4}-\d\d \S+ [A-Z]\d{3} (-?\d+)$", said, re.MULTILINE)
    assert len(balances) > 8
    assert sum(map(int, balances)) == 0


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_found_by_both(copy: Copy, what: str) -> None:
    statements, sentence = TAMPERED[what]
    copy.tamper(*statements)

    code, said = both(copy)

    assert code == 1
    assert re.search(sentence, said), said


def cut(copy: Copy) -> str:
    """Remove the newest block with all it sealed, and make everything inside agree with that."""
    lines = copy.heads.read_text(encoding="ascii").splitlines()
    last, before = lines[-1].split(), lines[-2].split()
    after = f"> {before[1]}"
    copy.tamper(
        f"DELETE FROM event WHERE id {after}",
        f"DELETE FROM chain_block WHERE id = {last[0]}",
        f"UPDATE installation SET value = '{before[0]}:{before[2]}' WHERE name = 'chain_head'",
        f"DELETE FROM posting WHERE event_id {after}",
    )
    copy.office.does([["ledger", "rebuild"]])
    return f"{last[0]}:{last[2]}"


def test_a_cut_tail_is_found_by_the_heads_outside(copy: Copy) -> None:
    head = cut(copy)

    code, said = both(copy)

    assert code == 1
    assert f"Block {head} was noted as a head and is not there" in said
    heads = copy.heads.read_text(encoding="ascii")
    copy.heads.write_text("\n".join(heads.splitlines()[:-1]) + "\n", encoding="ascii")
    assert both(copy) == (0, copy.theirs()[1])
    for paper in (head, head.partition(":")[2]):
        assert copy.theirs("--head", paper)[0] == 1


def test_a_byte_of_the_file_itself_is_found(original: Played, tmp_path: Path) -> None:
    """Whatever the byte becomes, and whether or not it is still text."""
    if original.server is not None:
        return
    for flip in (0x01, 0x80):
        folder = tmp_path / str(flip)
        folder.mkdir()
        made, _ = original.copy(folder)
        path = Path(made.url.removeprefix("sqlite:///"))
        raw = bytearray(path.read_bytes())
        at = raw.index(b'"monthly":', raw.index(b'{"arrears":')) + 2
        raw[at] ^= flip
        path.write_bytes(raw)

        assert made.theirs()[0] == 1
        assert made.ours() == 1
        made.office.close()


def test_what_cannot_be_read_is_not_said_to_differ(tmp_path: Path) -> None:
    (tmp_path / "none.db").write_text("nonsense")
    for place in (tmp_path / "none.db", tmp_path / "missing.db", tmp_path):
        code, said = verified(place)
        assert (code, said[:18]) == (2, "It cannot be read:")
    assert verified("postgresql://nobody@127.0.0.1:1/none")[0] == 2


def test_the_verifier_writes_nothing(copy: Copy) -> None:
    if not copy.url.startswith("sqlite"):
        return
    path = Path(copy.url.removeprefix("sqlite:///"))
    copy.office.close()
    before = path.read_bytes()
    assert copy.theirs()[0] == 0
    assert path.read_bytes() == before
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_verifier_knows_nothing_of_ours() -> None:
    """One folder, the standard library, and psycopg where it is needed: docs/decisions/0120."""
    parts = [place for place in sources.modules() if place.parts[0] == "verifier"]
    assert VERIFIER.relative_to(sources.ROOT) in parts
    roots = {name.split(".")[0] for part in parts for name in sources.imports(part)}

    assert roots - sys.stdlib_module_names == {"psycopg", "verifier"}
    assert not [
        (part, node.module)
        for part in parts
        for node in ast.walk(sources.tree(part))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not [
        place
        for place in sources.product()
        if "verifier" in {name.split(".")[0] for name in sources.imports(place)}
    ]


def counted(moves: Mapping[Any, Sized]) -> int:
    return sum(len(row) for row in moves.values())


def test_the_verifier_knows_every_move_there_is() -> None:
    """From the pages in docs/lifecycles, which are drawn from the tables that decide."""
    tables = {
        "payment-money.md": (rules.MONEY, counted(MONEY_MOVES)),
        "payment-receipt.md": (rules.RECEIPT, counted(RECEIPT_MOVES)),
        "cycle.md": (rules.MONTH, counted(CYCLE_MOVES)),
    }
    for name, (moves, ours) in tables.items():
        page = (sources.ROOT / "docs" / "lifecycles" / name).read_text(encoding="utf-8")
        rows = re.findall(r"^\| (\S+) \| (\w+) \| (\w+) \|$", page, re.MULTILINE)[1:]
        drawn = {
            (event, "-" if source == "[*]" else source): target
            for source, event, target in rows
            if event != "released"
        }
        assert moves == drawn, name
        assert len(moves) == ours, name
    assert Money.HELD == "HELD"


def test_the_verifier_agrees_after_whatever_is_done_in_whatever_order(
    sqlite_template: Path, tmp_path: Path, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "machine.db"

    def fresh() -> tuple[Store, Callable[[], None]]:
        for leftover in tmp_path.glob("machine.db*"):
            leftover.unlink()
        shutil.copyfile(sqlite_template, path)
        return open_store(f"sqlite:///{path}", keyring), lambda: None

    class Machine(LedgerMachine):
        """The ledger's own state machine; at its end the verifier reads what it wrote."""

        def teardown(self) -> None:
            heads = ["--heads", str(self.heads)] if self.heads.exists() else []
            code = verify_ledger.main([str(path), *heads])
            super().teardown()
            assert code == 0, capsys.readouterr().out

    Machine.fresh = staticmethod(fresh)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=14,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
