"""The chat page in a real browser: narrow and wide, by keyboard, and without JavaScript."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.conftest import Windows

pytestmark = pytest.mark.e2e
WIDTHS = (320, 390, 1280)


async def fits(page: Page) -> bool:
    await page.wait_for_load_state("load")
    return bool(
        await page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


async def hindrances(page: Page) -> list[str]:
    """What axe-core finds: rule and first place."""
    found = await Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]


async def asked(page: Page) -> None:
    await page.get_by_role("button", name="Nguyễn Thị Hoa").click()
    await page.fill("#text", "tiền tháng này có chưa")
    await page.click("button.send")
    await expect(page.locator(".line.ours").last).to_contain_text("270.000")


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_chat_fits_and_hinders_nobody(windows: Windows, width: int) -> None:
    page = await windows.open("/chat", width=width)
    assert await fits(page)
    assert await hindrances(page) == []
    await asked(page)
    assert await fits(page)
    assert await hindrances(page) == []


async def test_the_largest_letters_fit_the_smallest_screen(windows: Windows) -> None:
    page = await windows.open("/chat?size=3", width=320)
    await asked(page)
    assert await fits(page)


async def test_whatever_is_pressed_is_large_enough(windows: Windows) -> None:
    page = await windows.open("/chat", width=320)
    await asked(page)
    small = await page.evaluate(
        """() => [...document.querySelectorAll(
          "main button, main input:not([type=hidden]), .sizes a")]
        .map((one) => [one.outerHTML, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 48 || box.width < 44).map(([html, box]) =>
          `${html} ${box.width}×${box.height}`)"""
    )
    assert small == []


async def test_one_can_ask_and_answer_with_the_keyboard_alone(windows: Windows) -> None:
    page = await windows.open("/chat", width=390)
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "text":
            break
    await page.keyboard.type("menu")
    await page.keyboard.press("Enter")
    quick = page.locator("form.quick button")
    await expect(page.locator(".line.ours").first).to_be_visible()
    assert await page.evaluate("document.activeElement.id") == "text"
    await expect(quick.first).to_be_visible()
    before = await page.locator(".line.theirs").count()
    while await page.evaluate("!document.activeElement.closest('form.quick')"):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.theirs")).to_have_count(before + 1)


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_chat_works_without_javascript(windows: Windows, width: int) -> None:
    page = await windows.open("/chat", width=width, scripts=False)
    await page.get_by_role("button", name="Nguyễn Thị Hoa").click()
    await page.fill("#text", "tiền tháng này có chưa")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.ours").last).to_contain_text("270.000")
    await expect(page.locator(".line.theirs").last).to_contain_text("tiền tháng này")


async def test_an_unsent_message_is_kept_and_sent_once(windows: Windows) -> None:
    page = await windows.open("/chat")
    await page.context.set_offline(True)
    await page.fill("#text", "lịch chi trả")
    await page.click("button.send")
    await expect(page.locator("#status")).to_have_class("status bad")
    assert await page.input_value("#text") == "lịch chi trả"
    await page.context.set_offline(False)
    windows.complaints.clear()
    await page.click("button.send")
    await expect(page.locator(".line.theirs")).to_have_count(1)
    windows.complaints.clear()


async def test_html_in_a_message_stays_text(windows: Windows) -> None:
    page = await windows.open("/chat")
    await page.fill("#text", "<img src=x onerror=alert(1)>")
    await page.click("button.send")
    await expect(page.locator(".line.theirs .text").last).to_have_text(
        "<img src=x onerror=alert(1)>"
    )
    assert await page.locator("#log img").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_page_of_phones_fits_and_hinders_nobody(windows: Windows, width: int) -> None:
    page = await windows.open("/sandbox", width=width)
    for _ in range(20):
        if await page.locator(".sms").count():
            break
        await page.wait_for_timeout(300)
        await page.reload()
    await expect(page.locator(".sms").first).to_be_visible()
    assert await fits(page)
    assert await hindrances(page) == []
