"""Money of a closed month is paid again with the next one, from the files that a district has."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.calendar import hanoi
from core.ledger.reads import cycle_facts, payment_with_code
from core.ledger.states import Money
from core.settings import Language
from core.store.recipients import subjects
from tests.bot.months import APRIL, CO, HOA, MAY, april_is_closed, may_is_approved, may_is_paid
from tests.bot.parts import Office
from tests.bot.test_payday import money_of

FIRST, AGAIN = f"2104-{HOA}-M-1", f"2105-{HOA}-R-1"


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield made
    made.close()


def asked(office: Office, folder: Path, text: str) -> str:
    script = folder / "script.txt"
    script.write_text(f"{text}\n", encoding="utf-8")
    assert office.types("chat", "--script", script, "--json", "--as", HOA) == 0
    (turn,) = [json.loads(line) for line in office.out.getvalue().splitlines()]
    return " ".join(part["text"] for part in turn["out"])


def test_what_april_left_is_paid_with_may_and_called_aprils(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    may = may_is_approved(office, tmp_path)
    tenant = office.session.parts.programme.tenant
    facts = office.session.parts.store.read(lambda tx: cycle_facts(tx, tenant, MAY))
    assert facts is not None
    post = facts.providers["post"]
    assert (post.approved_heads, post.approved_amount, post.carried_amount) == (3, 1350000, 540000)
    assert facts.providers["vietinbank"].carried_amount == 0

    may_is_paid(may)

    assert money_of(office, AGAIN) is Money.SETTLED
    assert money_of(office, FIRST) is Money.REISSUED
    order = CalamineWorkbook.from_path(tmp_path / MAY / f"lenh-chi-post-{MAY}.xlsx")
    rows = order.get_sheet_by_index(0).to_python()
    assert {AGAIN, f"2105-{CO}-R-1", f"2105-{CO}-M-1"} <= {str(row[1]) for row in rows}
    # The bank still has what the Post paid in its place.
    may.states("09/05/2021", vietinbank=270000, post=0, viettel=0)
    may.moves(("close", "an"))
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0


def test_whoever_asks_hears_which_month_the_money_belongs_to(
    office: Office, tmp_path: Path
) -> None:
    april_is_closed(office, tmp_path)
    may_is_paid(may_is_approved(office, tmp_path))
    for text in ("tiền tháng 4 về chưa", "tiền tháng 5 về chưa"):
        said = asked(office, tmp_path, text)
        assert "270.000 đ tiền trợ cấp tháng 4/2021 (chi lại cùng kỳ tháng 5/2021)" in said
        assert "Bưu điện" in said
    store = office.session.parts.store
    again = store.read(lambda tx: payment_with_code(tx, AGAIN))
    assert again is not None
    told = store.read(lambda tx: subjects(tx, [again.id]))[again.id]
    assert (told.cycle, told.first_cycle) == (MAY, APRIL)


def test_the_story_of_each_payment_names_the_other(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    may_is_approved(office, tmp_path)
    assert office.types("ledger", "explain", FIRST) == 0
    assert f"đã chi lại thành khoản {AGAIN}" in office.out.getvalue()
    assert office.types("ledger", "explain", AGAIN) == 0
    assert f"chi lại cho khoản {FIRST}" in office.out.getvalue()


def test_the_story_tells_when_a_thing_was_written_down_and_the_day_it_is_of(
    office: Office, tmp_path: Path
) -> None:
    """Not a moment that never was: the day of the one with the hour of the other."""
    april_is_closed(office, tmp_path)
    assert office.types("ledger", "explain", FIRST, "--json") == 0
    (failed,) = (s for s in json.loads(office.out.getvalue())["events"] if s["type"] == "failed")
    written, of_day = (
        hanoi(datetime.fromisoformat(failed[name])) for name in ("recorded_at", "effective_at")
    )
    assert office.types("ledger", "explain", FIRST) == 0
    (line,) = (line for line in office.out.getvalue().splitlines() if f" {failed['id']} " in line)

    assert of_day.date() == date(2021, 4, 5) != written.date()
    assert f"{written:%d/%m/%Y %H:%M}" in line
    assert "(của ngày 05/04/2021)" in line


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (Language.VI, ["chuyển sang khoản chi khác; phía người nhận: ", " vào danh sách "]),
        (Language.EN, ["paid again elsewhere", "on the person's side: ", " put on the list "]),
    ],
)
def test_the_story_of_a_payment_is_in_the_readers_words(
    office: Office, tmp_path: Path, lang: Language, told: list[str]
) -> None:
    april_is_closed(office, tmp_path)
    may_is_approved(office, tmp_path)
    assert office.types("ledger", "explain", FIRST, "--json") == 0
    assert json.loads(office.out.getvalue())["state"] == "REISSUED"
    office.reads(lang)
    assert office.types("ledger", "explain", FIRST) == 0

    said = office.out.getvalue()
    assert [words for words in told if words not in said] == []
    assert "REISSUED" not in said
    assert "listed" not in said


def test_the_list_once_more_issues_nothing_once_more(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    office.clock.move_to(datetime(2021, 4, 25, 2, tzinfo=UTC))
    may = may_is_approved(office, tmp_path)
    assert office.types("cycle", "freeze", MAY, "--by", "an", "--json") == 0
    assert json.loads(office.out.getvalue())["reissued"] == 0
    assert may.office.types("ledger", "verify") == 0


def minutes(office: Office, folder: Path, cycle: str) -> dict[str, dict[str, int]]:
    ask = ("export", "reconciliation", "--cycle", cycle, "--out", folder / "bb.xlsx", "--json")
    assert office.types(*ask) == 0
    told = json.loads(office.out.getvalue())
    for one in told["providers"]:
        came = one["carried"] + one["funded"]
        gone = one["paid"] + one["in_transit"] + one["given_back"] + one["passed_on"]
        assert came == gone + one["suspense"] + one["held"], one
    return {one["provider"]: one for one in told["providers"]}


def test_the_minutes_of_both_months_still_add_up(office: Office, tmp_path: Path) -> None:
    april_is_closed(office, tmp_path)
    before = minutes(office, tmp_path, APRIL)
    assert (before["post"]["held"], before["post"]["left"]) == (540000, 540000)
    may_is_paid(may_is_approved(office, tmp_path))
    april, may = minutes(office, tmp_path, APRIL), minutes(office, tmp_path, MAY)
    assert (april["post"]["held"], april["post"]["passed_on"]) == (0, 540000)
    assert (april["vietinbank"]["held"], april["vietinbank"]["passed_on"]) == (270000, 0)
    assert (may["post"]["carried"], may["post"]["funded"], may["post"]["paid"]) == (
        *(540000, 810000),
        1350000,
    )
