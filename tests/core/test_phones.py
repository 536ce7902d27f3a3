"""One mobile number has one form; what is no Vietnamese mobile is refused with a reason."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phones import e164, mobile
from core.refusals import Code, Refusal

canonical = st.from_regex(r"0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", fullmatch=True)

# Every block of 11-digit numbers that was moved in September 2018.
MOVED = dict(
    pair.split(">")
    for pair in (
        "0162>032 0163>033 0164>034 0165>035 0166>036 0167>037 0168>038 0169>039 "
        "0120>070 0121>079 0122>077 0126>076 0128>078 "
        "0123>083 0124>084 0125>085 0127>081 0129>082 0186>056 0188>058 0199>059"
    ).split()
)


def refused(cell: object) -> Code:
    found = mobile(cell)
    assert isinstance(found, Refusal), found
    return found.code


@given(canonical)
def test_a_number_is_read_however_it_is_written(number: str) -> None:
    rest = number[1:]
    typed = [
        *(number, f"+84{rest}", f"84{rest}", f"0084{rest}", f"+84 (0) {rest}", f"+84{number}"),
        *(f"{number[:4]} {number[4:7]} {number[7:]}", f"{number[:3]}.{number[3:]}"),
        *(f"{number[:4]}-{number[4:]}", number.replace("0", "o"), number.replace("1", "l")),
        *(float(rest), int(rest), f"{rest}.0", rest, f"'{number}", f"  {number}\u200b"),
    ]

    assert {mobile(cell) for cell in typed} == {number}


@pytest.mark.parametrize(("old", "new"), MOVED.items())
def test_a_number_of_before_2018_is_converted(old: str, new: str) -> None:
    typed = [f"{old}345678" + "9", f"84{old[1:]}3456789", f"+84{old}3456789", f"{old[1:]}3456789"]

    assert {mobile(cell) for cell in [*typed, float(typed[-1])]} == {f"{new}3456789"}


def test_all_blocks_moved_in_2018_are_known() -> None:
    kept = [
        f"01{block:02}"
        for block in range(100)
        if not isinstance(mobile(f"01{block:02}3456789"), Refusal)
    ]

    assert kept == sorted(MOVED)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, Code.PHONE_MISSING),
        ("", Code.PHONE_MISSING),
        (" - ", Code.PHONE_MISSING),
        ("không có", Code.PHONE_NOT_A_NUMBER),
        ("0912345678 (con)", Code.PHONE_NOT_A_NUMBER),
        ("9.12E+08", Code.PHONE_NOT_A_NUMBER),
        ("٠٩١٢٣٤٥٦٧٨", Code.PHONE_NOT_A_NUMBER),
        (float("nan"), Code.PHONE_NOT_A_NUMBER),
        ("091234567", Code.PHONE_WRONG_LENGTH),
        ("09123456789", Code.PHONE_WRONG_LENGTH),
        ("0912345678/0987654321", Code.PHONE_WRONG_LENGTH),
        ("0234 382 2222", Code.PHONE_NOT_MOBILE),
        ("84 234 382 2222", Code.PHONE_NOT_MOBILE),
        ("054 382 2222", Code.PHONE_NOT_MOBILE),
        ("0612345678", Code.PHONE_NOT_MOBILE),
        ("+1 202 555 0100", Code.PHONE_FOREIGN),
        ("001 202 555 0100", Code.PHONE_FOREIGN),
        ("+856 20 5555 5555", Code.PHONE_FOREIGN),
    ],
)
def test_what_is_no_vietnamese_mobile_is_refused(cell: object, code: Code) -> None:
    assert refused(cell) is code


def test_a_wrong_length_is_told() -> None:
    assert mobile("091234567") == Refusal(Code.PHONE_WRONG_LENGTH, {"digits": 9})


@given(st.text() | st.from_regex(r"[+0-9 .oOl]{5,16}", fullmatch=True) | st.floats())
def test_any_cell_is_a_number_or_a_refusal(cell: object) -> None:
    found = mobile(cell)

    assert isinstance(found, Refusal) or re.fullmatch(r"0[35789][0-9]{8}", found)


@given(canonical)
def test_a_gateway_gets_the_country_code(number: str) -> None:
    assert e164(number) == f"+84{number[1:]}"
    assert mobile(e164(number)) == number
