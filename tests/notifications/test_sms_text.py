"""What a text costs is counted as networks count it; folding loses accents and nothing else."""

import unicodedata
from itertools import product

import pytest
import smsutil
from hypothesis import assume, example, given
from hypothesis import strategies as st

from notifications.sms_text import Measure, fits_one, fold, fold_report, measure

VOWELS = dict(zip("aăâeêioôơuưy", "aaaeeiooouuy", strict=True))
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
# The 134 letters with marks that Vietnamese is written with, and what an old phone shows.
ACCENTED = {
    letter: case(bare)
    for (vowel, bare), tone, case in product(VOWELS.items(), TONES, (str.lower, str.upper))
    if (letter := unicodedata.normalize("NFC", case(vowel + tone))) != case(bare)
} | {"đ": "d", "Đ": "D"}
EXTENSION = "^{}\\[~]|€\f"
ESCAPE = "\x1b"  # no character of a text; the peer counts it as one

gsm = st.text("abc " + "@£ΔéÑ\n" + EXTENSION, max_size=330)
wide = st.text("aế€🎉漢", max_size=150)
anything = st.text(max_size=330) | st.text("".join(ACCENTED) + " ab€🎉“”…", max_size=330)


def test_the_table_holds_every_accented_letter() -> None:
    assert len(ACCENTED) == 134


@given(gsm | wide | anything)
@example("a" * 152 + "€" + "b" * 152)
@example("🎉" * 36)
@example("ế" * 66 + "🎉" + "ế" * 66)
def test_segments_are_counted_as_an_independent_library_counts_them(text: str) -> None:
    text = text.replace(ESCAPE, "")
    assume(text)  # an empty text is one message here, and none there
    peer = smsutil.split(text)
    found = measure(text)

    assert found.encoding == ("GSM-7" if peer.encoding == "gsm0338" else "UCS-2")
    assert found.units == peer.total_bytes // (1 if found.encoding == "GSM-7" else 2)
    assert found.segments == len(peer.parts)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" + "a" * 151, "GSM-7", 305, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("ế" * 70, "UCS-2", 70, 1),
        ("ế" * 71, "UCS-2", 71, 2),
        ("ế" * 134, "UCS-2", 134, 2),
        ("🎉" * 35, "UCS-2", 70, 1),
        ("🎉" * 67, "UCS-2", 134, 3),
        ("ế" * 66 + "🎉" + "ế" * 66, "UCS-2", 134, 3),
        ("a\tb", "UCS-2", 3, 1),
        ("a`b", "UCS-2", 3, 1),
        ("ç", "UCS-2", 1, 1),
        ("Ç", "GSM-7", 1, 1),
        (ESCAPE, "UCS-2", 1, 1),
        ("\u00a0", "UCS-2", 1, 1),
        ("₫", "UCS-2", 1, 1),
    ],
)
def test_a_text_takes_what_networks_say(
    text: str, encoding: str, units: int, segments: int
) -> None:
    found = measure(text)

    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)
    assert fits_one(text) is (segments == 1)


def test_pairs_are_never_split() -> None:
    # Two euros do not fit a part of 153 after 152 letters: the second part begins with one.
    assert measure("a" * 152 + "€" * 77) == Measure("GSM-7", 306, 3)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("letter", ACCENTED)
def test_every_vietnamese_letter_becomes_its_bare_letter(letter: str, form: str) -> None:
    typed = unicodedata.normalize(form, letter)  # type: ignore[arg-type]

    assert fold(f"x{typed}x") == f"x{ACCENTED[letter]}x"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đắk Lắk", "Dak Lak"),
        ("Người được ủy quyền", "Nguoi duoc uy quyen"),
        ("540.000 ₫", "540.000 d"),
        ("540.000\u00a0đ", "540.000 d"),
        ("“Dạ” ‘vâng’ «ạ»", '"Da" \'vang\' "a"'),
        ("tháng 4 – 5—6−7…", "thang 4 - 5-6-7..."),
        ("ðã ở Ðà Nẵng", "da o Da Nang"),
        ("Tiền 🎉 đã về 🎉", "Tien da ve"),
        ("🎉 Tiền", "Tien"),
        ("1️⃣ đủ 👍🏽 2️⃣ thiếu", "1 du 2 thieu"),
        ("👨‍👩‍👧 Nhà 🇻🇳", "Nha"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("Ｔ４", "T4"),
        ("dòng 1\ndòng 2", "dong 1\ndong 2"),
        ("hai  dấu cách", "hai  dau cach"),
        ("a\tb`c´", "a b'c'"),
        ("ﬁ", "fi"),
        ("", ""),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    report = fold_report(text)

    assert (report.text, report.lost) == (folded, ())


def test_what_has_no_likeness_is_reported_once() -> None:
    report = fold_report("½ 漢 m² 漢?")

    assert report.text == "? ? m? ??"
    assert report.lost == ("½", "漢", "²")


def test_a_question_mark_is_no_loss() -> None:
    assert fold_report("Tiền về chưa?").lost == ()


@given(anything)
def test_folded_text_is_gsm_and_folds_to_itself(text: str) -> None:
    folded = fold(text)

    assert measure(folded).encoding == "GSM-7"
    assert fold(folded) == folded


@given(anything)
def test_a_loss_is_reported_if_and_only_if_a_mark_stands_for_it(text: str) -> None:
    report = fold_report(text)

    assert bool(report.lost) == (report.text.count("?") > text.count("?") + text.count("？"))


@given(st.text("".join(ACCENTED) + " .,:;!?0123456789abcXYZ()-/%\n", max_size=300))
def test_vietnamese_loses_nothing_and_keeps_its_length(text: str) -> None:
    report = fold_report(text)

    assert report.lost == ()
    assert len(report.text) == len(text)
    assert report.text.isascii()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != "`")))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert fold(text) == text
