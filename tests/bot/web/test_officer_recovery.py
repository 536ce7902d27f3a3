"""Two officers forgive what is due back, on a page: on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.officers import add_officer
from core.refusals import Refusal
from tests.bot.months import MAY, Month, april_is_closed
from tests.bot.parts import Office
from tests.bot.test_payday import PAYROLL
from tests.bot.test_recovery import PAID, WAITS, all_is_well, dues, gone, repaid
from tests.bot.web.offices import PASSWORD, browser, signs_in, words

PAGE = "/officer/recovery"
STAFF = {
    "loc-1": ("district", "482"),
    "loc-2": ("district", "482"),
    "huyen-1": ("district", "479"),
    "xa-here": ("commune", "19960"),
}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    april = april_is_closed(made, tmp_path)
    made.clock.move_to(datetime(2021, 4, 27, 2, tzinfo=UTC))
    may = Month(made, tmp_path, MAY)
    assert may.sends("payroll", *PAYROLL, amount=1215000) == 0
    ended = (gone("PL000001", "Chết"), gone("HT000200", "Chuyển đi", 540000))
    assert may.sends("decreases", *ended, amount=540000) == 0
    assert april.sends("funding", repaid("TH1", PAID, 100000)) == 0
    for code, (role, place) in STAFF.items():
        added = add_officer(
            made.session.parts, code, role, place, may_sign_in=True, password=PASSWORD
        )
        assert not isinstance(added, Refusal), added
    yield made
    made.close()


async def test_one_officer_proposes_and_another_agrees(office: Office) -> None:
    here = f"{PAGE}/{PAID}"
    async with browser(office) as page:
        await signs_in(page, "loc-1")
        shown = words((await page.get(PAGE)).text)
        assert "Phải thu 405.000 đ · đã nộp 100.000 đ · đã miễn 0 đ" in shown
        assert WAITS not in shown
        assert (await page.post(here, data={"why": "x"})).status_code == 404
        first = await page.post(here, data={"why": "hardship"})
        assert first.headers["location"] == f"{PAGE}?done=proposed"
        mine = words((await page.get(first.headers["location"])).text)
        assert "loc-1 đề nghị miễn thu 305.000 đ: người nhận khó khăn" in mine
        assert "Đồng ý miễn thu" not in mine
    async with browser(office) as other:
        await signs_in(other, "loc-2")
        assert "Đồng ý miễn thu" in words((await other.get(PAGE)).text)
        second = await other.post(here, data={"why": "hardship"})
        assert second.headers["location"] == f"{PAGE}?done=forgiven"
        after = words((await other.get(PAGE)).text)
        assert "Đã xong: 1 khoản" in after
        again = await other.post(here, data={"why": "hardship"})
        assert again.status_code == 422
        assert "không còn gì phải thu hồi" in words(again.text)
    assert dues(office)[PAID] == (405000, 100000)
    all_is_well(office)


async def test_what_the_provider_still_has_is_not_forgiven(office: Office) -> None:
    async with browser(office) as page:
        await signs_in(page, "huyen-1")
        shown = words((await page.get(PAGE)).text)
        assert PAID not in shown
        assert "Tiền chưa đến tay người nhận" in shown
        refused = await page.post(f"{PAGE}/{WAITS}", data={"why": "hardship"})
        assert refused.status_code == 422
        elsewhere = await page.post(f"{PAGE}/{PAID}", data={"why": "hardship"})
        assert elsewhere.status_code == 422
        assert "Không có khoản chi nào mang mã" in words(elsewhere.text)


async def test_a_commune_forgives_nothing(office: Office) -> None:
    async with browser(office) as page:
        for method, path in (("GET", PAGE), ("POST", f"{PAGE}/{PAID}")):
            answer = await page.request(method, path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
        await signs_in(page, "xa-here")
        assert (await page.get(PAGE)).status_code == 404
        assert PAGE not in (await page.get("/officer")).text
        assert (await page.post(f"{PAGE}/{PAID}", data={"why": "hardship"})).status_code == 404
