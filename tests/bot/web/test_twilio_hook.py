"""Twilio's status hook: only what Twilio signed, once."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

import httpx
import pytest
import sqlalchemy as sa

from core.settings import Secret
from core.store import outbox
from core.store.commit_points import CommitPoint
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.conftest import Opening
from tests.bot.web.offices import browser

TOKEN, PUBLIC, PATH = "t" * 32, "https://chitra.example.vn", "/hooks/twilio/status"


def signature(path: str, form: Mapping[str, str]) -> str:
    """Source: Twilio, Security, Validating requests: the URL, then names and values in order."""
    whole = f"{PUBLIC}{path}" + "".join(f"{name}{form[name]}" for name in sorted(form))
    digest = hmac.new(TOKEN.encode(), whole.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def told(message: int) -> tuple[str, dict[str, str]]:
    form = {
        "MessageSid": "SM" + "1" * 32,
        "MessageStatus": "delivered",
        "To": "+84912000111",
        "AField": "that is new",
    }
    return f"{PATH}?message={message}", form


def state_of(office: Office, message: int) -> str:
    table = metadata.tables["message"]
    query = sa.select(table.c.state).where(table.c.id == message)
    return str(office.session.parts.store.read(lambda tx: tx.connection.scalar(query)))


def calls_for(office: Office, number: int) -> None:
    """The message was handed to Twilio, which has not said how it ended."""
    office.session.parts.store.transact(
        lambda tx: outbox.move(
            tx,
            [number],
            sources=["queued"],
            target="sent",
            gateway="twilio",
            attempts=1,
            gateway_ref="SM" + "1" * 32,
        ),
        CommitPoint.RECEIPT,
    )


@pytest.fixture
def signed_office(opening: Opening) -> Office:
    return opening(twilio_auth_token=Secret(TOKEN), public_url=PUBLIC)


async def posted(
    office: Office, path: str, form: Mapping[str, str], mark: str | None
) -> httpx.Response:
    headers = {} if mark is None else {"x-twilio-signature": mark}
    async with browser(office) as twilio:
        return await twilio.post(path, data=dict(form), headers=headers)


async def test_a_signed_receipt_is_taken_and_a_replay_changes_nothing(
    signed_office: Office,
) -> None:
    path, form = told(1)
    calls_for(signed_office, 1)
    answers = [
        (await posted(signed_office, path, form, signature(path, form))).status_code
        for _ in range(2)
    ]
    assert answers == [204, 204]
    assert state_of(signed_office, 1) == "delivered"


async def test_a_forged_receipt_is_refused(signed_office: Office) -> None:
    path, form = told(1)
    before, good = state_of(signed_office, 1), signature(path, form)
    for forged in (None, "", "x", good[:-4] + "AAA="):
        assert (await posted(signed_office, path, form, forged)).status_code == 403
    changed = form | {"MessageStatus": "failed"}
    assert (await posted(signed_office, path, changed, good)).status_code == 403
    assert (await posted(signed_office, f"{PATH}?message=2", form, good)).status_code == 403
    assert state_of(signed_office, 1) == before


async def test_a_receipt_about_nothing_we_sent_is_harmless(signed_office: Office) -> None:
    for mark in ("999999", "no", "", "²", "9" * 30):
        path = f"{PATH}?message={mark}" if mark.isascii() else f"{PATH}?message=%C2%B2"
        form = told(1)[1]
        assert (await posted(signed_office, path, form, signature(path, form))).status_code == 204


async def test_without_twilio_there_is_nothing_to_tell(opening: Opening) -> None:
    path, form = told(1)
    assert (await posted(opening(), path, form, signature(path, form))).status_code == 404
