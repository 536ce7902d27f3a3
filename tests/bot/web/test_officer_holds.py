"""Payments held back and let go on a page, by two officers of the place: on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.officers import add_officer
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.test_holding import HOAS, listed, stands
from tests.bot.web.offices import PASSWORD, browser, signs_in, words

PAGE = "/officer/holds"
STAFF = {
    "huyen-1": ("district", "479"),
    "huyen-2": ("district", "479"),
    "noi-khac": ("district", "482"),
    "xa-here": ("commune", "19960"),
}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    listed(made, tmp_path)
    for code, (role, place) in STAFF.items():
        added = add_officer(
            made.session.parts, code, role, place, may_sign_in=True, password=PASSWORD
        )
        assert not isinstance(added, Refusal), added
    yield made
    made.close()


async def test_one_officer_holds_and_another_lets_go(office: Office) -> None:
    async with browser(office) as page:
        await signs_in(page, "huyen-1")
        assert "Không có khoản nào đang giữ." in words((await page.get(PAGE)).text)
        wrong = await page.post(PAGE, data={"payment": "2104-HT9-M-1", "why": "death"})
        assert wrong.status_code == 422
        assert 'value="2104-HT9-M-1"' in wrong.text
        assert (await page.post(PAGE, data={"payment": HOAS, "why": "x"})).status_code == 404
        done = await page.post(PAGE, data={"payment": f" {HOAS.lower()} ", "why": "death"})
        assert done.headers["location"] == f"{PAGE}?done=held"
        mine = words((await page.get(done.headers["location"])).text)
        assert "có tin người hưởng đã mất" in mine
        assert "chính anh/chị giữ" in mine
        again = await page.post(f"{PAGE}/{HOAS}/release")
        assert again.status_code == 422
        assert "không được tự bỏ giữ" in words(again.text)
    assert stands(office, HOAS) == "HELD"
    async with browser(office) as other:
        await signs_in(other, "huyen-2")
        assert f"{PAGE}/{HOAS}/release" in (await other.get(PAGE)).text
        freed = await other.post(f"{PAGE}/{HOAS}/release")
        assert freed.headers["location"] == f"{PAGE}?done=released"
    assert stands(office, HOAS) == "LISTED"


async def test_another_area_knows_no_such_payment(office: Office) -> None:
    assert office.types("payment", "hold", HOAS, "--why", "death", "--by", "an") == 0
    async with browser(office) as page:
        await signs_in(page, "noi-khac")
        assert f"{HOAS}/release" not in (await page.get(PAGE)).text
        assert (await page.post(f"{PAGE}/{HOAS}/release")).status_code == 422
        assert (await page.post(PAGE, data={"payment": HOAS, "why": "death"})).status_code == 422
    assert stands(office, HOAS) == "HELD"


async def test_a_commune_holds_nothing(office: Office) -> None:
    async with browser(office) as page:
        await signs_in(page, "xa-here")
        shown = await page.get(PAGE)
        assert shown.status_code == 404
        assert PAGE not in (await page.get("/officer")).text
        assert (await page.post(PAGE, data={"payment": HOAS, "why": "death"})).status_code == 404
    assert stands(office, HOAS) == "LISTED"


async def test_nobody_holds_without_signing_in(office: Office) -> None:
    async with browser(office) as page:
        for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/{HOAS}/release")):
            answer = await page.request(method, path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
