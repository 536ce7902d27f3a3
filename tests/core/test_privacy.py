"""What must not be seen is not seen, and what was asked for survives."""

import json
from datetime import UTC, datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import (
    masked_account,
    masked_account_sms,
    masked_citizen_id,
    masked_phone,
    scrub,
    scrub_event,
    storable,
)
from core.shapes import Shape

WORDS = "pin otp mã là mật khẩu xác nhận thẻ stk tiền tháng 4 đ . , : • - ( )".split()
typed = st.lists(
    st.sampled_from(WORDS) | st.from_regex(r"[0-9]{1,19}|[0-9]{4} [0-9]{4}", fullmatch=True)
).map(" ".join)


@pytest.mark.parametrize(
    ("mask", "number", "seen"),
    [
        (masked_account, "100012344567", "•••• 4567"),
        (masked_account, "123456", "•••• 456"),
        (masked_account, "1", "••••"),
        (masked_account, "", "••••"),
        (masked_account_sms, "100012344567", "****4567"),
        (masked_account_sms, "123456", "****456"),
        (masked_phone, "0912345678", "09****678"),
        (masked_phone, "091234", "****"),
        (masked_citizen_id, "046056000123", "•••• 123"),
        (masked_citizen_id, "191234567", "•••• 567"),
        (masked_citizen_id, "12", "••••"),
    ],
)
def test_a_mask_shows_an_ending_only(mask: object, number: str, seen: str) -> None:
    assert callable(mask)
    assert mask(number) == seen


@given(st.from_regex(r"[0-9]{1,19}", fullmatch=True))
def test_no_mask_shows_more_than_half(number: str) -> None:
    for mask in (masked_account, masked_account_sms, masked_phone, masked_citizen_id):
        assert sum(letter.isdigit() for letter in mask(number)) * 2 <= max(len(number), 2) + 1


SECRETS = [
    ("ma pin cua toi la 1234", "ma pin cua toi la ••••"),
    ("Mã PIN thẻ ATM: 123456", "Mã PIN thẻ ATM: ••••"),
    ("pin 4 so la 1 2 3 4", "pin 4 so la ••••"),
    ("1234 la mat khau", "•••• la mat khau"),
    ("mật khẩu của con là Hoa@1990 nhé", "mật khẩu của con là •••• nhé"),
    ("mk la 123456", "mk la ••••"),
    ("otp 123 456", "otp ••••"),
    ("123456 la ma otp", "•••• la ma otp"),
    ("ma xac nhan 482913", "ma xac nhan ••••"),
    ("mã của tôi là 482913", "mã của tôi là ••••"),
    ("123456", "••••"),
    ("1234.", "••••."),
    ("9704151234567890", "••••"),
    ("so the 9704 1512 3456 7890 nha", "so the •••• nha"),
    ("9704 1512 3456 7890 123", "••••"),
    ("4111-1111-1111-1111", "••••"),
    ("９７０４１５１２３４５６７８９０", "••••"),
    ("PIN：１２３４", "PIN：••••"),
]
PERSONAL = [
    ("stk 100012345678", "stk ••••"),
    ("stk100012345678", "stk••••"),
    ("1000 1234 5678", "••••"),
    ("711A12345678", "••••"),
    ("goi 0912345678 nhe", "goi •••• nhe"),
    ("o912345678", "••••"),
    ("091 234 56 78", "••••"),
    ("+84 912 345 678", "••••"),
    ("cccd 046056000123", "cccd ••••"),
    ("046.056.000.123", "••••"),
    ("cmnd 191234567", "cmnd ••••"),
]


@pytest.mark.parametrize(("text", "seen"), SECRETS + PERSONAL)
def test_a_log_sees_no_number_of_anybody(text: str, seen: str) -> None:
    assert scrub(text) == seen


@pytest.mark.parametrize(("text", "seen"), SECRETS)
def test_no_secret_and_no_card_is_stored(text: str, seen: str) -> None:
    assert storable(text) == seen


@pytest.mark.parametrize(("text", "_seen"), PERSONAL)
def test_an_officer_still_reads_the_number_to_call(text: str, _seen: str) -> None:
    assert storable(text) == text


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("123456", Shape.CODE),
        ("ma cua toi la 123456", Shape.CODE),
        ("123456", Shape.ACCOUNT),
        ("405123", Shape.AMOUNT),
        ("9704151234567890", Shape.CARD),
    ],
)
def test_what_the_pending_question_asks_for_survives(text: str, asked: Shape) -> None:
    assert storable(text) != text
    assert storable(text, asked={asked}) == text


@pytest.mark.parametrize(
    ("text", "asked"),
    [("9704151234567890", Shape.ACCOUNT), ("pin 1234", Shape.CODE), ("pin 123456", Shape.ACCOUNT)],
)
def test_a_secret_or_a_card_is_hidden_whatever_is_asked(text: str, asked: Shape) -> None:
    assert storable(text, asked={asked}) != text


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("stk 100012345678", Shape.ACCOUNT),
        ("0912345678", Shape.PHONE),
        ("046056000123", Shape.CITIZEN_ID),
        ("123456", Shape.CODE),
    ],
)
def test_a_log_may_keep_a_named_shape(text: str, keep: Shape) -> None:
    assert scrub(text, keep={keep}) == text


def test_the_rest_is_hidden_when_one_shape_is_kept() -> None:
    seen = scrub("stk 1000123456789012345, pin 1234", keep={Shape.ACCOUNT})

    assert seen == "stk 1000123456789012345, pin ••••"


@given(typed | st.text(max_size=60))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    assert storable(storable(text)) == storable(text)


@given(typed | st.text(max_size=60))
def test_a_text_without_digits_stays_as_it_is(text: str) -> None:
    plain = "".join(letter for letter in text if not letter.isnumeric())

    assert scrub(plain) == storable(plain) == plain


@given(typed)
def test_what_is_hidden_was_there_and_nothing_is_added(text: str) -> None:
    pieces = scrub(text).split("••••")

    place = 0
    for piece in pieces:
        assert piece in text[place:]
        place = text.index(piece, place) + len(piece)


@given(st.from_regex(r"[0-9]{4}([ .-]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}", fullmatch=True), typed)
def test_a_card_number_never_gets_through(card: str, around: str) -> None:
    said = f"thẻ {card}, {around}"

    assert card not in scrub(said, keep=set(Shape) - {Shape.CARD})
    assert card not in storable(said)


def test_a_log_line_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    logger = structlog.wrap_logger(
        structlog.PrintLogger(),
        processors=[
            structlog.processors.format_exc_info,
            scrub_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    try:
        raise ValueError("stk 100012345678")
    except ValueError:
        logger.exception(
            "inbound 0912345678",
            text="xin chào",
            Phone="x",
            contact=7,
            amount=540_000,
            at=datetime(2021, 4, 15, 9, tzinfo=UTC),
            nested={"token": "t", "list": ["046056000123", None, True], "0912345678": 1.5},
            thing=("cmnd 191234567", {b"100012345678"}),
            payment="2104-HT000123-M-1",
        )
    line = json.loads(capsys.readouterr().out)

    assert "••••" in line.pop("exception")
    assert line == {
        "event": "inbound ••••",
        "text": "••••",
        "Phone": "••••",
        "contact": 7,
        "amount": 540_000,
        "at": "2021-04-15T09:00:00+00:00",
        "nested": {"token": "••••", "list": ["••••", None, True], "••••": 1.5},
        "thing": ["cmnd ••••", ["b'••••'"]],
        "payment": "2104-HT000123-M-1",
    }


def test_the_traceback_in_a_log_line_is_scrubbed() -> None:
    event = scrub_event(None, "error", {"event": "x", "exception": "ValueError: 0912345678"})

    assert event["exception"] == "ValueError: ••••"
