from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import settings, wording

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "arrival.settled"
msgstr "Dạ tháng {month} có {amount} đ ạ. {{1}}"

msgid "arrival.plain"
msgstr "Dạ ạ."

msgid "arrival.empty"
msgstr ""
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "shelf.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    wording.catalogue.cache_clear()
    return tmp_path


def test_values_are_put_into_their_places() -> None:
    said = wording.text("arrival.settled", domain="shelf", month=4, amount="540.000")

    assert said == "Dạ tháng 4 có 540.000 đ ạ. {1}"


def test_a_value_is_never_read_as_a_sentence() -> None:
    said = wording.text("arrival.settled", domain="shelf", month="{amount}", amount="{x.y}")

    assert said == "Dạ tháng {amount} có {x.y} đ ạ. {1}"


def test_the_placeholders_of_a_sentence_are_known() -> None:
    assert wording.sentence("arrival.settled", domain="shelf").names == {"month", "amount"}


def test_a_missing_value_is_a_fault_that_names_it() -> None:
    with pytest.raises(wording.MissingValue, match=r"arrival\.settled.*amount"):
        wording.text("arrival.settled", domain="shelf", month=4)


@pytest.mark.parametrize("value", [1.5, True, None, date(2021, 5, 5), b"x"])
def test_only_words_and_whole_numbers_may_be_values(value: object) -> None:
    with pytest.raises(wording.BadValue, match="must be put into words"):
        wording.text("arrival.settled", domain="shelf", month=value, amount="")  # type: ignore[arg-type]


def test_has_says_whether_there_is_a_sentence() -> None:
    assert wording.has("arrival.plain", domain="shelf")
    assert not wording.has("arrival.empty", domain="shelf")
    assert not wording.has("arrival.nothing", domain="shelf")


def test_a_missing_sentence_is_a_fault_that_names_it() -> None:
    with pytest.raises(wording.NoSentence, match=r"shelf.*arrival\.nothing.*vi"):
        wording.text("arrival.nothing", domain="shelf")


@pytest.mark.parametrize(("lang", "domain"), [("en", "shelf"), ("vi", "no"), ("../vi", "shelf")])
def test_a_missing_catalogue_is_a_fault_that_names_it(lang: str, domain: str) -> None:
    with pytest.raises(wording.NoCatalogue):
        wording.text("arrival.plain", lang, domain)


@pytest.mark.parametrize(
    "words", ["{a.b}", "{a[0]}", "{0}", "{}", "{a!r}", "{a:>9}", "{", "}", "{a b}"]
)
def test_a_placeholder_is_a_plain_name_and_nothing_more(words: str) -> None:
    with pytest.raises(wording.BadPlaceholder, match="some key"):
        wording.parsed("some key", words)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "0"), (999, "999"), (540000, "540.000"), (1080000, "1.080.000"), (-5400, "-5.400")],
)
def test_money_is_written_in_full_with_dots(amount: int, words: str) -> None:
    assert wording.money(amount) == words


@given(st.integers())
def test_money_read_back_is_the_same_money(amount: int) -> None:
    assert int(wording.money(amount).replace(".", "")) == amount


@pytest.mark.parametrize("amount", [540000.0, True, "540000"])
def test_money_that_is_not_whole_dong_is_a_fault(amount: object) -> None:
    with pytest.raises(wording.BadValue):
        wording.money(amount)  # type: ignore[arg-type]


def test_days_and_months_are_put_into_words() -> None:
    day = date(2021, 5, 5)

    assert wording.short_date(day) == "05/05/2021"
    assert wording.long_date(day) == "thứ Tư 05/05/2021"
    assert wording.long_date(day, "en") == "Wednesday 05/05/2021"
    assert wording.long_date(date(2021, 5, 9)) == "Chủ nhật 09/05/2021"
    assert wording.month_name(2021, 4) == "tháng 4/2021"
    assert wording.month_name(2021, 12, "en") == "December 2021"


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(wording.BadValue, match="datetime"):
        wording.short_date(datetime(2021, 5, 5, 20, tzinfo=UTC))


def test_a_fault_is_told_in_the_language_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    fault = settings.BadPort(key="CHITRA_PORT", value=99999)

    assert wording.fault_text(fault).startswith("CHITRA_PORT phải là số cổng")
    assert wording.fault_text(fault, "en") == str(fault)
    assert wording.fault_text(wording.NoSentence(key="a", lang="b", domain="c")).startswith("The")
