"""Sums are read or refused, never guessed; and said so that nobody hears another sum."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import amount_of, dotted, in_words
from core.refusals import Code, Refusal

sums = st.integers(1, 10**13 - 1)
DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
SAID = {word: digit for digit, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def refused(cell: object, *, zero: bool = False) -> Code:
    found = amount_of(cell, zero=zero)
    assert isinstance(found, Refusal), found
    return found.code


@pytest.mark.parametrize(
    "cell",
    [
        *(540000, 540000.0, Decimal(540000), "540000", "540.000", "540,000", "540 000"),
        *("540.000 đ", "540.000đ", "540,000 VND", "540.000 đồng", "540.000d", "540.000 ₫"),
        *(" 540.000 ", "540\u00a0000", "540000.0", "540.000,00", "540,000.00", "540 000,0"),
        *("５４０.０００", "540.000 đo\u0302\u0300ng", "540.000 Đ."),
    ],
)
def test_a_sum_is_read_however_a_list_writes_it(cell: object) -> None:
    assert amount_of(cell) == 540_000


@pytest.mark.parametrize("cell", [None, "", "   ", "-", "–", "\u200b"])
def test_a_blank_cell_is_missing(cell: object) -> None:
    assert refused(cell) is Code.AMOUNT_MISSING


@pytest.mark.parametrize("cell", [540000.5, "540000.5", "540000,5", "540.000,50", "0.540"])
def test_parts_of_a_dong_are_refused(cell: object) -> None:
    assert refused(cell) is Code.AMOUNT_NOT_WHOLE


@pytest.mark.parametrize("cell", [0, -1, 0.0, "0", "-540.000", "−5", "(540.000)", "0 đ"])
def test_nothing_and_less_are_refused(cell: object) -> None:
    assert refused(cell) is Code.AMOUNT_NOT_POSITIVE


@pytest.mark.parametrize(
    "cell",
    [
        *("năm trăm", "abc", "540.00.0", "54.0000", "5 40", "1,000.000,00", "1.5E5", "540k"),
        *(
            True,
            False,
            float("nan"),
            float("inf"),
            "٥٤٠",
            "540.000 đ/tháng",
            "=A1",
            "1.000,000.000",
        ),
    ],
)
def test_what_is_no_sum_is_refused(cell: object) -> None:
    assert refused(cell) in {Code.AMOUNT_NOT_A_NUMBER, Code.AMOUNT_NOT_WHOLE}


@pytest.mark.parametrize("cell", [10**13, 1e300, "9" * 30, "9" * 5_000, "1" + ".000" * 2_000])
def test_a_sum_that_cannot_be_meant_is_refused(cell: object) -> None:
    assert refused(cell) is Code.AMOUNT_TOO_LARGE


@pytest.mark.parametrize("cell", [0, "0", "-", "–", 0.0])
def test_nothing_is_an_amount_where_it_may_be(cell: object) -> None:
    assert amount_of(cell, zero=True) == 0


def test_a_blank_is_missing_even_where_nothing_may_be() -> None:
    assert refused("", zero=True) is Code.AMOUNT_MISSING


@given(sums)
def test_what_is_written_with_dots_is_read_back(amount: int) -> None:
    assert re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})*", dotted(amount))
    assert amount_of(dotted(amount)) == amount
    assert amount_of(f"{amount:,} đ") == amount
    assert amount_of(float(amount)) == amount


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.decimals()))
def test_any_cell_is_an_amount_or_a_refusal(cell: object) -> None:
    found = amount_of(cell)

    assert isinstance(found, Refusal) or 0 < found < 10**13


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (540_000, "năm trăm bốn mươi nghìn đồng"),
        (405_000, "bốn trăm lẻ năm nghìn đồng"),
        (1_080_000, "một triệu không trăm tám mươi nghìn đồng"),
        (21_000, "hai mươi mốt nghìn đồng"),
        (11_000, "mười một nghìn đồng"),
        (15_000, "mười lăm nghìn đồng"),
        (24_014, "hai mươi tư nghìn không trăm mười bốn đồng"),
        (2_021, "hai nghìn không trăm hai mươi mốt đồng"),
        (1_000_500, "một triệu không nghìn năm trăm đồng"),
        (1_500_000, "một triệu năm trăm nghìn đồng"),
        (1_005_000, "một triệu không trăm lẻ năm nghìn đồng"),
        (10**9, "một tỷ đồng"),
        (1_500 * 10**9, "một nghìn năm trăm tỷ đồng"),
    ],
)
def test_a_sum_is_said_as_a_cashier_says_it(amount: int, words: str) -> None:
    assert in_words(amount) == words


def test_a_sum_below_nothing_is_a_fault() -> None:
    with pytest.raises(ValueError, match="not negative"):
        in_words(-1)


@given(st.integers(0, 10**15))
@example(1_000_000_005)
@example(10**12 + 1)
def test_what_is_said_is_what_is_heard(amount: int) -> None:
    assert heard(in_words(amount)) == amount


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_two_sums_never_sound_alike(one: int, other: int) -> None:
    assert (in_words(one) == in_words(other)) == (one == other)


@given(sums)
def test_the_cashiers_words_stand_where_they_may(amount: int) -> None:
    words = in_words(amount)

    assert not re.search(r"(?<!mươi )\b(mốt|tư)\b", words)
    assert not re.search(r"(?<!mươi )(?<!mười )\blăm\b", words)
    assert not re.search(r"\b(mươi|mười) (năm\b(?! (trăm|mươi|nghìn|triệu|tỷ)))", words)
    assert not re.search(r"mươi một\b", words)


def heard(words: str) -> int:
    """A reading of its own: each scale closes what was said since the last larger one."""
    total = group = said = 0
    for word in words.removesuffix(" đồng").split():
        if word in SAID:
            said = SAID[word]
        elif word == "mười":
            group, said = group + 10, 0
        elif word in {"trăm", "mươi"}:
            group, said = group + said * (100 if word == "trăm" else 10), 0
        elif word in {"nghìn", "triệu"}:
            total, group, said = (
                total + (group + said) * (10**3 if word == "nghìn" else 10**6),
                0,
                0,
            )
        elif word == "tỷ":
            total, group, said = (total + group + said) * 10**9, 0, 0
        else:
            assert word == "lẻ", word
    return total + group + said
