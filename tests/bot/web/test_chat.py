"""The chat page of a browser without JavaScript."""

import unicodedata

import httpx
import pytest

from tests.bot.parts import Office
from tests.bot.web.offices import acting, browser, bubbles, hidden, said, words

ODD = {
    "ten thousand letters": "tiền " * 2000,
    "emoji": "tiền tháng này có chưa 😀👵🏽",
    "decomposed": unicodedata.normalize("NFD", "tiền tháng này đã có chưa"),
    "zero width": "tiền\u200b thá\u200bng\ufeff này",
    "SQL": "'; DROP TABLE payment; --",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a NUL": "tiền\x00tháng này",
    "only spaces": "   ",
    "template": "{{ 7*7 }} {% raw %}",
}


async def test_a_question_is_sent_by_a_form_and_the_answer_is_on_the_page(
    page: httpx.AsyncClient,
) -> None:
    await acting(page, "HT000123")
    sent = await said(page, "tiền tháng này có chưa")
    assert (sent.status_code, sent.headers["location"]) == (303, "/chat#last")
    shown = bubbles((await page.get("/chat")).text)
    assert shown[0] == "tiền tháng này có chưa"
    assert "270.000 đ" in " ".join(shown[1:])


async def test_the_same_form_sent_twice_is_one_turn(page: httpx.AsyncClient) -> None:
    nonce = hidden((await page.get("/chat")).text, "nonce")
    for _ in range(2):
        assert (await said(page, "lịch chi trả", nonce=nonce)).status_code == 303
    assert bubbles((await page.get("/chat")).text).count("lịch chi trả") == 1


@pytest.mark.parametrize("name", ODD)
async def test_odd_texts_are_answered_and_escaped(page: httpx.AsyncClient, name: str) -> None:
    text = ODD[name]
    assert (await said(page, text)).status_code == 303
    shown = await page.get("/chat")
    assert shown.status_code == 200
    assert shown.text.count('class="line ours') >= 1, words(shown.text)
    assert "<script>alert" not in shown.text
    assert "<img" not in shown.text


async def test_two_browsers_do_not_see_each_other(office: Office, page: httpx.AsyncClient) -> None:
    await acting(page, "HT000123")
    await said(page, "tiền tháng này có chưa")
    async with browser(office) as other:
        assert bubbles((await other.get("/chat")).text) == []
        shown = await other.get("/chat", headers={"cookie": "chitra_visitor=guessed"})
        assert bubbles(shown.text) == []


async def test_the_visitor_is_an_opaque_cookie_that_scripts_cannot_read(
    page: httpx.AsyncClient,
) -> None:
    cookie = (await page.get("/chat")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/chat" in cookie


async def test_the_size_of_letters_is_remembered(page: httpx.AsyncClient) -> None:
    assert "size-3" in (await page.get("/chat?size=3")).text
    assert "size-3" in (await page.get("/chat")).text
    assert "size-1" in (await page.get("/chat?size=1")).text


async def test_a_forged_size_cookie_is_not_shown(page: httpx.AsyncClient) -> None:
    shown = await page.get("/chat", headers={"cookie": 'chitra_size=9" onload="x'})
    assert 'onload="x' not in shown.text


async def test_a_scanned_code_is_offered_and_escaped(page: httpx.AsyncClient) -> None:
    shown = await page.get("/chat", params={"code": '"><b>AB'})
    assert shown.status_code == 200
    assert "<b>AB" not in shown.text


async def test_the_relatives_phone_shows_what_the_payment_set_off(
    page: httpx.AsyncClient,
) -> None:
    await acting(page, "HT000123")
    assert "Hoa" in words((await page.get("/chat/phones")).text)
