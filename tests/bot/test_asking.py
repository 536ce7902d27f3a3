"""A question that was sent, and a silence: on both engines."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.asking import note_questions
from core.ledger import chain, projection
from core.ledger.events import EventType, NewEvent
from core.ledger.reads import payment_with_code
from core.ledger.states import Receipt
from core.store.commit_points import CommitPoint
from core.store.tables.everything import metadata
from notifications import dispatch
from tests.bot.parts import Office
from tests.bot.test_payday import lists, to_instruction

HOA = "2104-HT000123-M-1"
DAY = datetime(2021, 4, 9, 3, tzinfo=UTC)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    files = lists(tmp_path)
    to_instruction(made, files, tmp_path / "orders")
    bank = ("import", "results", files["vietinbank"], "--cycle", "2021-04")
    made.does([(*bank, "--provider", "vietinbank", "--by", "an"),
               ("notify", "release", "--cycle", "2021-04",
                                                     "--by", "binh")])  # fmt: skip
    made.clock.move_to(DAY)
    yield made
    made.close()


def carried(office: Office) -> None:
    parts = office.session.parts
    asyncio.run(dispatch.drain(parts.store, parts.gateways, parts.clock, parts.programme))


def receipt(office: Office) -> Receipt:
    found = office.session.parts.store.read(lambda tx: payment_with_code(tx, HOA))
    assert found is not None
    return found.receipt


def asks(office: Office) -> int:
    message = metadata.tables["message"]
    query = sa.select(sa.func.count()).where(message.c.menu_token.like("receipt:%"))
    count = office.session.parts.store.read(lambda tx: tx.connection.scalar(query))
    return int(count or 0)


def said(office: Office, kind: EventType) -> None:
    parts = office.session.parts
    payment = parts.store.read(lambda tx: payment_with_code(tx, HOA))
    assert payment is not None
    event = NewEvent(
        kind, "word:1", "citizen", office.clock.now(), payment_id=payment.id,
        body={"person": 1, "basis": "self"},
    )  # fmt: skip
    parts.store.transact(lambda tx: parts.ledger.record(tx, [event]), CommitPoint.TURN)


def test_a_question_that_was_sent_stands_on_the_receipt_axis_once(office: Office) -> None:
    parts = office.session.parts
    assert asks(office) == 1
    assert note_questions(parts) == 0
    assert receipt(office) is Receipt.NOT_ASKED

    carried(office)

    assert note_questions(parts) == 1
    assert receipt(office) is Receipt.ASKED
    assert note_questions(parts) == 0
    assert parts.store.read(projection.check) == []
    assert parts.store.read(chain.verify).findings == ()


def test_ten_days_without_a_word_are_silence(office: Office) -> None:
    carried(office)
    note_questions(office.session.parts)
    office.clock.move_to(DAY + timedelta(days=9, hours=23))
    assert note_questions(office.session.parts) == 0
    office.clock.move_to(DAY + timedelta(days=10, hours=1))
    assert note_questions(office.session.parts) == 1
    assert receipt(office) is Receipt.SILENT
    said(office, EventType.CONFIRMED_FULL)
    assert receipt(office) is Receipt.CONFIRMED_FULL


def test_a_word_is_never_replaced_by_a_question_or_by_silence(office: Office) -> None:
    said(office, EventType.CONFIRMED_FULL)
    carried(office)
    assert note_questions(office.session.parts) == 0
    office.clock.move_to(DAY + timedelta(days=11))
    assert note_questions(office.session.parts) == 0
    assert receipt(office) is Receipt.CONFIRMED_FULL
