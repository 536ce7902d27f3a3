"""A notice that comes while a question is open: a number answers what was read last."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.turn import Inbound, take
from core.ledger.reads import payment_with_code
from core.ledger.states import Receipt
from core.store.tables.everything import metadata
from notifications import dispatch
from tests.bot.parts import Office
from tests.bot.test_payday import lists, to_instruction

HOA, PHONE = "2104-HT000123-M-1", "0912345678"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    to_instruction(made, lists(tmp_path), tmp_path / "orders")
    made.clock.move_to(datetime(2021, 4, 9, 3, tzinfo=UTC))
    yield made
    made.close()


def told(office: Office, tmp_path: Path) -> None:
    """The bank reports, a second person lets the texts go, and they are on the phones."""
    bank = ("import", "results", lists(tmp_path)["vietinbank"], "--cycle", "2021-04")
    office.does(
        [
            (*bank, "--provider", "vietinbank", "--by", "an"),
            ("notify", "release", "--cycle", "2021-04", "--by", "binh"),
        ]
    )
    parts = office.session.parts
    asyncio.run(dispatch.drain(parts.store, parts.gateways, parts.clock, parts.programme))


def writes(office: Office, text: str) -> str | None:
    parts = office.session.parts
    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    one = Inbound("sms", PHONE, f"{office.clock.now():%H%M%S}", text, parts.clock.now())
    return take(parts, one).result().pending


def receipt(office: Office) -> Receipt:
    found = office.session.parts.store.read(lambda tx: payment_with_code(tx, HOA))
    assert found is not None
    return found.receipt


def cases(office: Office) -> int:
    query = sa.select(sa.func.count()).select_from(metadata.tables["care_case"])
    return int(office.session.parts.store.read(lambda tx: tx.connection.scalar(query)) or 0)


def test_a_number_answers_the_notice_that_came_after_the_question(
    office: Office, tmp_path: Path
) -> None:
    assert writes(office, "tien ve chua") == "arrival.officer"
    told(office, tmp_path)
    writes(office, "1")
    assert receipt(office) is Receipt.CONFIRMED_FULL
    assert cases(office) == 0


def test_a_number_answers_the_question_that_came_after_the_notice(
    office: Office, tmp_path: Path
) -> None:
    told(office, tmp_path)
    assert writes(office, "menu") == "menu.topic"
    assert writes(office, "1") == "receipt.got"
    assert receipt(office) is Receipt.NOT_ASKED


def test_words_still_answer_the_question(office: Office, tmp_path: Path) -> None:
    assert writes(office, "menu") == "menu.topic"
    told(office, tmp_path)
    assert writes(office, "gap can bo") == "officer.matter"
    assert receipt(office) is Receipt.NOT_ASKED
