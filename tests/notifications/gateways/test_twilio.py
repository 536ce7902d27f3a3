"""Twilio's own contract: callbacks, signatures, look-ups, and its codes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from notifications.gateways import twilio as gateway_module
from notifications.gateways.base import Absent, Kind, Outgoing, Refused, Sent, Unknown
from notifications.gateways.twilio import TwilioGateway, callback_url, is_signed, receipt_of
from notifications.receipts import Status
from tests.stand_ins.twilio import ACCOUNT, MAGIC, TOKEN, Fault, Twilio, signed

PUBLIC = "https://chitra.example.vn"
PHONE = "0912345678"


@dataclass
class Pair:
    far: Twilio
    gateway: TwilioGateway


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    far = Twilio()
    with far.served() as server:
        gateway = TwilioGateway(
            ACCOUNT,
            TOKEN,
            "CHITRA",
            PUBLIC,
            base_url=server.url,
            timeout=httpx.Timeout(10.0),
        )
        yield Pair(far, gateway)
        await gateway.close()


def a_message(number: int = 1, text: str = "CHITRA: bao tin", **of: object) -> Outgoing:
    since = datetime.now(UTC) - timedelta(seconds=5)
    return Outgoing(id=number, address=PHONE, text=text, since=since, **of)  # type: ignore[arg-type]


async def test_the_number_goes_out_in_full_form_and_our_id_in_the_callback(pair: Pair) -> None:
    await pair.gateway.send(a_message(42))

    [taken] = pair.far.messages
    assert taken.to == "+84912345678"
    assert taken.sender == "CHITRA"
    assert taken.callback == f"{PUBLIC}/hooks/twilio/status?message=42"


async def test_a_messaging_service_is_named_as_one(pair: Pair) -> None:
    pair.gateway.sender = "MG" + "1" * 32

    await pair.gateway.send(a_message())

    assert pair.far.requests[-1].field("MessagingServiceSid") == "MG" + "1" * 32
    assert pair.far.requests[-1].field("From") is None


@pytest.mark.parametrize(("number", "code"), sorted(MAGIC.items()))
async def test_the_magic_numbers_are_refused_for_good_or_by_configuration(
    pair: Pair, number: str, code: int
) -> None:
    pair.far.refused["+84912345678"] = code

    outcome = await pair.gateway.send(a_message())

    assert isinstance(outcome, Refused)
    assert outcome.code == str(code)
    expected = {21408: Kind.CONFIGURATION, 21610: Kind.STOPPED}.get(code, Kind.ADDRESS)
    assert outcome.kind is expected, number


async def test_an_unregistered_sender_is_our_own_fault(pair: Pair) -> None:
    pair.far.refused["+84912345678"] = 30018

    outcome = await pair.gateway.send(a_message())

    assert outcome == Refused("30018", Kind.CONFIGURATION)


async def test_an_answer_that_is_no_json_is_a_doubt(pair: Pair) -> None:
    pair.far.faults.append(Fault.TAKE_AND_BABBLE)

    outcome = await pair.gateway.send(a_message())

    assert isinstance(outcome, Unknown)
    assert len(pair.far.messages) == 1


async def test_more_segments_than_we_counted_are_reported(pair: Pair) -> None:
    pair.far.faults.append(Fault.MORE_SEGMENTS)

    outcome = await pair.gateway.send(a_message())

    assert isinstance(outcome, Sent)
    assert outcome.segments == 3


async def test_a_look_up_finds_what_was_taken_and_says_when_it_was_not(pair: Pair) -> None:
    pair.far.faults.extend([Fault.TAKE_AND_CUT, Fault.CUT])
    assert isinstance(await pair.gateway.send(a_message(1, "CHITRA: mot")), Unknown)
    assert isinstance(await pair.gateway.send(a_message(2, "CHITRA: hai")), Unknown)

    found = await pair.gateway.find(a_message(1, "CHITRA: mot"))

    assert found == Sent(pair.far.messages[0].sid)
    assert await pair.gateway.find(a_message(2, "CHITRA: hai")) == Absent()


async def test_a_look_up_does_not_take_another_message_of_ours_for_this_one(pair: Pair) -> None:
    first = await pair.gateway.send(a_message(1))
    assert isinstance(first, Sent)
    assert first.ref is not None

    same_text = a_message(2, known_refs=frozenset({first.ref}))

    assert await pair.gateway.find(same_text) == Absent()


async def test_a_look_up_that_gets_no_answer_settles_nothing(pair: Pair) -> None:
    pair.gateway.auth_token = "wrong"

    assert isinstance(await pair.gateway.find(a_message()), Unknown)


def test_the_published_vectors_are_accepted() -> None:
    """Source: Twilio's documentation of request signatures."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]

    assert is_signed("12345", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not is_signed("12346", url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda c: (c.url.replace("=42", "=43"), c.form, c.signature),
        lambda c: (c.url, c.form[1:], c.signature),
        lambda c: (c.url, (*c.form, ("ErrorCode", "30003")), c.signature),
        lambda c: (c.url, c.form, signed(c.url, c.form, "another token")),
        lambda c: (c.url, c.form, ""),
        lambda c: (c.url, c.form, None),
        lambda c: (c.url.replace("https", "http"), c.form, c.signature),
    ],
    ids=["other message", "field gone", "field added", "other key", "empty", "none", "scheme"],
)
async def test_a_callback_that_was_changed_is_refused(pair: Pair, spoilt: object) -> None:
    await pair.gateway.send(a_message(42))
    callback = pair.far.report(pair.far.messages[0].sid, "delivered")
    assert is_signed(TOKEN, callback.url, callback.form, callback.signature)

    assert callable(spoilt)
    assert not is_signed(TOKEN, *spoilt(callback))


def test_repeated_and_empty_fields_are_signed_as_twilio_does() -> None:
    url, form = callback_url(PUBLIC, 1), [("B", ""), ("A", "hai"), ("A", "một"), ("A", "hai")]

    assert is_signed(TOKEN, url, form, signed(url, form))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", Status.OTHER),
        ("sent", Status.SENT),
        ("delivered", Status.DELIVERED),
        ("undelivered", Status.FAILED),
        ("failed", Status.FAILED),
        ("DELIVERED", Status.DELIVERED),
        ("teleported", Status.OTHER),
        ("", Status.OTHER),
    ],
)
def test_a_callback_says_what_it_knows_and_no_more(word: str, status: Status) -> None:
    report = receipt_of(7, {"MessageSid": "SM1", "MessageStatus": word, "New": "field"})

    assert (report.message_id, report.ref, report.status) == (7, "SM1", status)


def test_a_callback_with_the_stop_code_stops() -> None:
    report = receipt_of(7, {"MessageStatus": "failed", "ErrorCode": "21610"})

    assert report.stops
    assert report.error == "21610"


def test_each_code_has_one_meaning() -> None:
    codes = [code for codes in gateway_module._KINDS.values() for code in codes]

    assert len(codes) == len(set(codes))
