"""The officers' pages in a real browser, with the citizen's chat beside them."""

import time
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.officers import add_officer
from core.refusals import Refusal
from tests.bot.web.offices import PASSWORD
from tests.bot.web.test_officer_decisions import contradicted, in_doubt
from tests.e2e.conftest import Windows
from tests.e2e.test_chat import fits, hindrances

pytestmark = pytest.mark.e2e


async def citizen(windows: Windows) -> Page:
    page = await windows.open("/chat", width=390)
    await page.get_by_role("button", name="Nguyễn Thị Hoa").click()
    for number, text in enumerate(("gặp cán bộ", "có"), 1):
        await page.fill("#text", text)
        await page.click("button.send")
        await expect(page.locator(".line.theirs")).to_have_count(number)
    return page


async def at_desk(windows: Windows, *, width: int = 1280, sees_a_case: bool = True) -> Page:
    page = await windows.open("/officer", width=width)
    await page.fill("#code", "xa-here")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    if sees_a_case:
        await expect(page.locator("a.case").first).to_be_visible()
    else:
        await expect(page.locator("#cases")).to_be_visible()
    return page


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_officers_pages_fit_and_hinder_nobody(windows: Windows, width: int) -> None:
    await citizen(windows)
    page = await windows.open("/officer", width=width)
    assert await hindrances(page) == []
    desk = await at_desk(windows, width=width)
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.locator("a.case").first.click()
    await expect(desk.locator("#talk .line").first).to_be_visible()
    assert await fits(desk)
    assert await hindrances(desk) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_a_relative_is_written_down_with_a_keyboard(windows: Windows, width: int) -> None:
    desk = await at_desk(windows, width=width, sees_a_case=False)
    await desk.locator("nav summary").click()
    await desk.get_by_role("link", name="Người thân").click()
    # Nothing is measured before the page is there: neither the page before it nor half of it.
    await expect(desk.locator("#code")).to_be_visible()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.focus("#code")
    for text in ("HT000123", "Nguyễn Văn Hùng", "0935 11", "con trai"):
        await desk.keyboard.type(text)
        await desk.keyboard.press("Tab")
    await desk.keyboard.press("Space")
    await desk.check("[name=agreed]")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#wrong")).to_be_visible()
    assert await desk.input_value("#name") == "Nguyễn Văn Hùng"
    # A browser notes every answer of this kind; any other complaint still counts.
    assert all("422" in one for one in windows.complaints)
    windows.complaints.clear()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.fill("#phone", "0935 111 222")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".note")).to_contain_text("Đã ghi")
    assert await fits(desk)
    assert await hindrances(desk) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_what_waits_for_a_decision_is_decided_with_a_keyboard(
    windows: Windows, tmp_path: Path, width: int
) -> None:
    contradicted(windows.site.office, tmp_path)
    in_doubt(windows.site.office)
    desk = await at_desk(windows, width=width, sees_a_case=False)
    await desk.locator("nav summary").click()
    await desk.get_by_role("link", name="Cần quyết định").click()
    await expect(desk.get_by_label("Vì sao giữ như cũ").first).to_be_visible()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.get_by_label("Vì sao giữ như cũ").first.focus()
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#wrong")).to_be_visible()
    # A browser notes every answer of this kind; any other complaint still counts.
    assert all("422" in one for one in windows.complaints)
    windows.complaints.clear()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.keyboard.type("Ngân hàng xác nhận đã chuyển")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".note").first).to_contain_text("Đã ghi")
    await desk.get_by_role("button", name="Đã tới", exact=True).click()
    await expect(desk.locator(".note").first).to_contain_text("tin đã tới")
    assert await fits(desk)
    assert await hindrances(desk) == []


async def test_an_answer_is_in_the_chat_within_two_seconds(windows: Windows) -> None:
    chat, desk = await citizen(windows), await at_desk(windows)
    await desk.locator("a.case").first.click()
    await desk.fill("#text", "Dạ, xã đã gọi ngân hàng, mai sẽ báo lại bác ạ.")
    began = time.monotonic()
    await desk.locator("form.answer button.primary").click()
    await expect(chat.locator(".line.officer")).to_contain_text("mai sẽ báo lại", timeout=2500)
    assert time.monotonic() - began < 2.5


async def test_a_new_message_does_not_take_away_what_is_being_written(windows: Windows) -> None:
    chat, desk = await citizen(windows), await at_desk(windows)
    await desk.locator("a.case").first.click()
    await desk.fill("#text", "Dạ, xã đang xem ạ.")
    await chat.fill("#text", "tôi chờ lâu rồi")
    await chat.click("button.send")
    await expect(desk.locator("#newer")).to_be_visible(timeout=2500)
    assert await desk.input_value("#text") == "Dạ, xã đang xem ạ."


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_a_report_is_read_and_printed(windows: Windows, width: int) -> None:
    parts = windows.site.office.session.parts
    added = add_officer(parts, "tinh", "province", "*", may_sign_in=True, password=PASSWORD)
    assert not isinstance(added, Refusal)
    page = await windows.open("/officer", width=width)
    await page.fill("#code", "tinh")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("nav summary").click()
    await page.get_by_role("link", name="Báo cáo").click()
    await page.fill("#month", "2021-04")
    await page.get_by_role("button", name="Xem").first.click()
    await expect(page.locator("#t-money")).to_be_visible()
    assert await fits(page)
    assert await hindrances(page) == []
    await page.emulate_media(media="print")
    await expect(page.locator("#month")).to_be_hidden()
    await expect(page.locator(".signers")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_a_dispute_is_settled_with_a_keyboard(windows: Windows, width: int) -> None:
    page = await windows.open("/chat", width=390)
    await page.get_by_role("button", name="Nguyễn Thị Hoa").click()
    for number, text in enumerate(("tiền tháng này về chưa", "3", "có"), 1):
        await page.fill("#text", text)
        await page.click("button.send")
        await expect(page.locator(".line.theirs")).to_have_count(number)
    desk = await at_desk(windows, width=width)
    await desk.get_by_role("link", name="Khiếu nại nhận tiền", exact=True).click()
    await expect(desk.locator(".dispute select")).to_be_visible()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.focus(".dispute select")
    await desk.keyboard.type("Có")
    await desk.keyboard.press("Tab")
    await desk.keyboard.press("Enter")
    await expect(desk.locator("#wrong")).to_be_visible()
    assert all("422" in one for one in windows.complaints)
    windows.complaints.clear()
    assert await fits(desk)
    assert await hindrances(desk) == []
    await desk.keyboard.type("Phiếu ký nhận ngày 05/04")
    await desk.keyboard.press("Enter")
    await expect(desk.locator(".note")).to_contain_text("Đã ghi")
    await expect(page.locator(".line").last).to_contain_text("có chứng từ")
