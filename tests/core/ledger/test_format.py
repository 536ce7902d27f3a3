"""docs/ledger-format.md says how the ledger is stored; whoever writes a verifier believes it."""

import json
import re
from hashlib import sha256

import pytest
import sqlalchemy as sa

from core.ledger import chain, digests
from core.ledger.events import EventType, NewEvent
from core.ledger.journal import FUNDING, INTO_SUSPENSE, JOURNAL, OUT_OF_SUSPENSE, SURPLUS, Account
from core.ledger.states import REPORTED, SPEAKERS
from core.store.chain import blocks_after
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.events import EventRow, events_after
from core.store.tables import ledger, talk
from tests import builders, sources

PAGE = (sources.ROOT / "docs" / "ledger-format.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("### Worked example")[1].split("```")
TABLES = (
    *(ledger.event, ledger.posting, ledger.chain_block, ledger.payment, ledger.payment_status),
    *(ledger.cycle, ledger.provider_cycle, talk.installation),
)


def example(tx: Tx) -> None:
    """What the worked example tells."""
    book = builders.a_ledger()
    number = builders.a_payment(tx, book, arrears=270_000)
    to_the_post = {"method": "cash", "provider": "post", "pay_point": "PB01"}
    routed = NewEvent(
        EventType.ROUTED,
        "example:routed",
        "staff:T1",
        builders.NOW,
        payment_id=number,
        body=to_the_post,
    )
    approved = NewEvent(
        EventType.APPROVED, "example:approved", "staff:T2", builders.NOW, payment_id=number
    )
    book.record(tx, [routed, approved])


def hashed(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()


def line(row: EventRow) -> str:
    """The line of an event, from the page's own words: nothing of `digests` is asked."""
    columns = (row.id, row.tenant, row.cycle, row.payment_id, row.beneficiary_id, row.type)
    rest = (row.effective_at, row.recorded_at, row.actor, row.source, row.body, row.postings)
    return json.dumps([*columns, *rest], separators=(",", ":"))


def test_the_worked_example_is_what_is_stored(store: Store) -> None:
    store.transact(example, CommitPoint.IMPORT_CHUNK)
    store.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)
    rows = store.read(lambda tx: events_after(tx, 0, 9))
    (block,) = store.read(lambda tx: blocks_after(tx, 0))

    lines = EXAMPLE[1].strip().splitlines()
    assert lines == [text for row in rows for text in (line(row), row.hash)]
    assert EXAMPLE[3].strip() == block.hash


def test_the_worked_example_can_be_hashed_by_hand() -> None:
    lines = EXAMPLE[1].strip().splitlines()

    assert [hashed(text) for text in lines[::2]] == lines[1::2]
    assert hashed("0" * 64 + "".join(lines[1::2])) == EXAMPLE[3].strip()


def test_characters_are_written_as_the_page_says() -> None:
    odd = '/ \\ " \n \r \t \b \f \x01 \x7f ế \U0001f600'
    said = r'"/ \\ \" \n \r \t \b \f \u0001 \u007f \u1ebf \ud83d\ude00"'

    assert digests.fingerprint((odd,), ()) == hashed(f"[{said},[]]")


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_column_is_on_the_page_in_its_order(table: sa.Table) -> None:
    columns = ", ".join(f"`{column.name}`" for column in table.columns)

    assert f"| `{table.name}` | {columns}" in PAGE


@pytest.mark.parametrize("kind", EventType)
def test_every_kind_of_event_is_on_the_page(kind: EventType) -> None:
    assert f"`{kind}`" in PAGE.split("## 7.")[1].split("## 8.")[0]


@pytest.mark.parametrize("account", Account)
def test_every_account_is_on_the_page(account: Account) -> None:
    assert re.search(rf"^\| {account} \| .+ \|$", PAGE, re.MULTILINE)


def test_what_an_event_posts_is_on_the_page() -> None:
    rows = [
        f"| {kind} | {money or 'any'} | {debit} | {credit} |"
        for kind, places in JOURNAL.items()
        for money, pairs in places.items()
        for debit, credit in pairs
    ]
    start = PAGE.index(rows[0])

    assert PAGE[start:].startswith("\n".join(rows) + "\n\n")


@pytest.mark.parametrize(
    ("kinds", "pair"),
    [
        ("cycle_funded_partly, cycle_funded", FUNDING),
        ("suspense_in", INTO_SUSPENSE),
        ("suspense_out", OUT_OF_SUSPENSE),
        ("surplus_returned", SURPLUS),
    ],
)
def test_what_a_month_posts_is_on_the_page(kinds: str, pair: tuple[Account, Account]) -> None:
    assert f"| {kinds} | {pair[0]} | {pair[1]} |" in PAGE


def test_who_reports_and_who_may_speak_is_on_the_page() -> None:
    reported = re.findall(r"`(\w+)`", PAGE.split("A provider reports")[1].split(".")[0])
    speakers = re.findall(r"`(\w+)`", PAGE.split("number under")[1].split("under `basis`")[0])

    assert set(reported) == REPORTED
    assert set(speakers) == {*SPEAKERS, "person"}
