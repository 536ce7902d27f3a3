"""The pages of openings, changes and suspense in a real browser: on a phone as well."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.officers import add_officer
from core.exchange.layouts import load_layout
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list
from tests.e2e.conftest import Windows
from tests.e2e.test_chat import fits, hindrances

pytestmark = pytest.mark.e2e
WIDTHS = [320, 390, 1280]
CO = "HT000200"


async def at_desk(windows: Windows, code: str, page_name: str, width: int) -> Page:
    parts = windows.site.office.session.parts
    added = add_officer(parts, code, "district", "479", may_sign_in=True, password=PASSWORD)
    assert not isinstance(added, Refusal)
    page = await windows.open("/officer", width=width)
    await page.fill("#code", code)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#cases")).to_be_visible()
    await page.locator("nav summary").click()
    await page.get_by_role("link", name=page_name).click()
    await expect(page.locator("h1")).to_have_text(page_name)
    await is_fit(page)
    return page


async def is_fit(page: Page) -> None:
    assert await fits(page)
    assert await hindrances(page) == []


def takes(office: Office, folder: Path, kind: str, line: Line, *words: str) -> None:
    path = write_list(folder / f"{kind}.xlsx", load_layout(FOLDER, kind), [line])
    office.does([("import", kind, path, "--cycle", "2021-04", *words)])


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_paper_is_brought_and_a_card_handed_over(
    windows: Windows, tmp_path: Path, width: int
) -> None:
    desk = await at_desk(windows, "huyen", "Mở tài khoản, giấy tờ", width)
    await desk.get_by_text("Rà soát giấy tờ cho người chưa có").click()
    await desk.fill("#code", CO)
    await desk.get_by_label("CCCD/CMND còn hạn").check()
    await is_fit(desk)
    await desk.get_by_role("button", name="Còn thiếu").click()
    await expect(desk.get_by_role("status")).to_contain_text("còn thiếu")
    await desk.get_by_text("Rà soát lại giấy tờ").click()
    await is_fit(desk)
    await desk.locator(".cards").get_by_role("button", name="Đã đủ giấy tờ").click()
    await expect(desk.get_by_role("status")).to_contain_text("đủ giấy tờ")

    office = windows.site.office
    opened: Line = {
        "code": CO,
        "status": "Đã mở",
        "account": "109876543210",
        "holder": "LE VAN CO",
    }
    takes(office, tmp_path, "accounts", opened, "--provider", "vietinbank")
    takes(office, tmp_path, "cards", {"code": CO, "status": "Đã in"})
    await desk.reload()
    await desk.get_by_role("button", name="Thẻ đã về xã").click()
    await desk.get_by_role("button", name="Đã trao thẻ").click()
    await expect(desk.get_by_role("status")).to_contain_text("mã PIN")
    await is_fit(desk)


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_change_goes_from_one_desk_to_the_other(windows: Windows, width: int) -> None:
    desk = await at_desk(windows, "huyen-1", "Đổi hình thức nhận", width)
    await desk.get_by_text("Nhập đề nghị mới").click()
    await desk.fill("#code", "HT000123")
    await desk.get_by_label("tiền mặt tại điểm chi trả").check()
    await is_fit(desk)
    await desk.get_by_role("button", name="Ghi, rồi đọc lại").click()
    for step in ("Đã xác nhận trực tiếp", "Đã kiểm tra, chuyển duyệt"):
        await desk.get_by_role("button", name=step).click()
        await is_fit(desk)
    second = await at_desk(windows, "huyen-2", "Đổi hình thức nhận", width)
    await second.get_by_role("button", name="Duyệt", exact=True).click()
    await expect(second.get_by_role("status")).to_contain_text("Đã duyệt")
    # What only waits is closed until somebody looks.
    await expect(second.get_by_role("heading", name="HT000123")).to_be_hidden()
    await second.locator("summary h2").click()
    await expect(second.get_by_role("heading", name="HT000123")).to_be_visible()
    await is_fit(second)


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_line_in_suspense_is_settled_by_two(windows: Windows, width: int) -> None:
    desk = await at_desk(windows, "huyen-1", "Tiền treo", width)
    await desk.get_by_text("Xử lý dòng này").click()
    assert await desk.locator("input:checked").count() == 0
    await desk.get_by_label("Trả lại đơn vị chi trả").check()
    await is_fit(desk)
    await desk.get_by_role("button", name="Ghi đề nghị").click()
    await expect(desk.get_by_role("status")).to_contain_text("Cần một người khác")
    second = await at_desk(windows, "huyen-2", "Tiền treo", width)
    await second.get_by_role("button", name="Đồng ý").click()
    await expect(second.get_by_role("status")).to_contain_text("Đã xử lý xong")
    await is_fit(second)
