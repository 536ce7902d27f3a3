"""A letter with a code: opened in a browser it links that browser, once; Telegram has its link."""

from urllib.parse import parse_qs, urlsplit

import httpx

from bot.link_codes import LinkCode, issue_link_code
from tests.bot.parts import Office
from tests.bot.web.conftest import Opening
from tests.bot.web.offices import browser, bubbles, said


def letter(office: Office, code: str = "HT000123") -> LinkCode:
    made = issue_link_code(office.session.parts, code, "lan")
    assert isinstance(made, LinkCode)
    return made


async def test_a_scanned_letter_links_the_browser_that_opens_it_and_no_other(
    office: Office, page: httpx.AsyncClient
) -> None:
    made = letter(office)
    code = parse_qs(urlsplit(made.link).query)["code"][0]
    opened = await page.get("/chat", params={"code": code})
    assert code in opened.text

    await said(page, code)
    await said(page, "hủy")
    await said(page, "tiền tháng này có chưa")
    assert "270.000 đ" in " ".join(bubbles((await page.get("/chat")).text))

    async with browser(office) as other:
        await said(other, code)
        await said(other, "hủy")
        await said(other, "tiền tháng này có chưa")
        assert "270.000 đ" not in " ".join(bubbles((await other.get("/chat")).text))


async def test_a_letter_names_the_telegram_bot_where_it_is_set(opening: Opening) -> None:
    made = letter(opening(telegram_bot="@ChiTraBot"))
    assert made.telegram == f"https://t.me/ChiTraBot?start={made.code}"
    assert letter(opening()).telegram is None
