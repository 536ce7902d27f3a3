"""Two officers settle what a provider paid for nothing known, on a page: on both engines."""

import json
import re

import httpx

from bot.officers import add_officer
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD, browser, signs_in, words

PAGE = "/officer/suspense"


def add_heads(office: Office) -> None:
    for code in ("huyen-1", "huyen-2"):
        added = add_officer(
            office.session.parts, code, "district", "479", may_sign_in=True, password=PASSWORD
        )
        assert not isinstance(added, Refusal)


def line_of(html: str) -> str:
    found = re.search(rf'action="({PAGE}/\d+)"', html)
    assert found, words(html)
    return found.group(1)


async def test_two_officers_give_a_line_back_to_the_provider(
    office: Office, page: httpx.AsyncClient
) -> None:
    add_heads(office)
    await signs_in(page, "huyen-1")
    shown = (await page.get(PAGE)).text
    assert f'href="{PAGE}"' in (await page.get("/officer/decisions")).text
    assert "Bưu điện · Tháng 04/2021 · 100 đ" in words(shown), words(shown)
    assert "mã trong tệp: 2104-HT999999-M-1" in words(shown)
    here = line_of(shown)

    wrong = await page.post(here, data={"way": "payment", "payment": "2104-HT000200-M-1"})
    assert wrong.status_code == 422
    assert 'value="2104-HT000200-M-1"' in wrong.text
    assert (await page.post(here, data={"way": "x"})).status_code == 404
    first = await page.post(here, data={"way": "provider", "payment": "left over"})
    assert first.headers["location"] == f"{PAGE}?done=proposed"
    mine = words((await page.get(first.headers["location"])).text)
    assert "huyen-1 đề nghị: trả lại đơn vị chi trả." in mine
    assert "Đồng ý" not in mine

    async with browser(office) as other:
        await signs_in(other, "huyen-2")
        assert "Đồng ý, xử lý như vậy" in words((await other.get(PAGE)).text)
        second = await other.post(here, data={"way": "provider", "payment": ""})
        assert second.headers["location"] == f"{PAGE}?done=settled"
        assert "Không có tiền treo." in words((await other.get(PAGE)).text)
        assert (await other.post(here, data={"way": "treasury"})).status_code == 404
        assert "HT999999" not in (await other.get("/officer/decisions")).text
    assert office.types("ledger", "verify") == 0


async def test_a_line_is_there_for_the_area_whose_money_it_is(office: Office) -> None:
    add_heads(office)
    for code, role, place in (("huyen-khac", "district", "482"), ("tinh", "province", "*")):
        add_officer(office.session.parts, code, role, place, may_sign_in=True, password=PASSWORD)
    async with browser(office) as own:
        await signs_in(own, "huyen-1")
        here = line_of((await own.get(PAGE)).text)
    # The Post pays in Hương Thủy alone.
    async with browser(office) as other:
        await signs_in(other, "huyen-khac")
        assert "Không có tiền treo." in words((await other.get(PAGE)).text)
        assert (await other.post(here, data={"way": "provider"})).status_code == 404
    async with browser(office) as province:
        await signs_in(province, "tinh")
        assert line_of((await province.get(PAGE)).text) == here
    told = ("suspense", "settle", here.rpartition("/")[2], "--as", "provider", "--by")
    assert office.types(*told, "huyen-khac") == 2
    assert office.types(*told, "tinh") == 0


async def test_nothing_is_chosen_before_somebody_chooses(
    office: Office, page: httpx.AsyncClient
) -> None:
    add_heads(office)
    await signs_in(page, "huyen-1")
    shown = (await page.get(PAGE)).text
    assert " checked" not in shown
    again = await page.post(line_of(shown), data={"payment": "2104-HT000200-M-1"})
    assert again.status_code == 422
    assert "Chọn tiền này là gì rồi mới ghi đề nghị." in words(again.text)
    assert 'value="2104-HT000200-M-1"' in again.text


async def test_a_commune_settles_nothing(office: Office, desk: httpx.AsyncClient) -> None:
    shown = await desk.get(PAGE)
    assert shown.status_code == 404
    assert "Trang này dành cho cán bộ huyện và tỉnh." in words(shown.text)
    assert PAGE not in (await desk.get("/officer")).text
    assert (await desk.post(f"{PAGE}/1", data={"way": "provider"})).status_code == 404


async def test_nobody_settles_without_signing_in(page: httpx.AsyncClient) -> None:
    for method, path in (("GET", PAGE), ("POST", f"{PAGE}/1")):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")


def test_the_same_from_the_command_line(office: Office) -> None:
    assert office.types("suspense", "list", "--json") == 0
    (line,) = [json.loads(text) for text in office.out.getvalue().splitlines()]
    assert (line["provider"], line["amount"], line["proposed"]) == ("post", 100, None)
    told = ("suspense", "settle", str(line["number"]), "--as", "provider", "--by")

    assert office.types(*told, "xa-here") == 2
    assert office.types(*told, "an") == 0
    assert "Cần một người khác" in office.out.getvalue()
    assert office.types("suspense", "list") == 0
    assert "an đề nghị: trả lại đơn vị chi trả" in office.out.getvalue()
    assert office.types(*told, "binh") == 0
    assert "Đã xử lý dòng treo" in office.out.getvalue()
    assert office.types("suspense", "list", "--cycle", "2021-04") == 0
    assert "Không có tiền treo." in office.out.getvalue()
