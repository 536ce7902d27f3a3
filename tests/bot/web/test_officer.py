"""The officers' pages: who gets in, what they see, and what becomes of an answer."""

from datetime import timedelta

import httpx

from tests.bot.parts import Office
from tests.bot.web.offices import (
    browser,
    bubbles,
    first_case,
    hidden,
    in_trouble,
    said,
    signs_in,
    words,
)

ANSWER = "Dạ, xã đã gọi ngân hàng, mai sẽ báo lại bác ạ."


async def test_nobody_sees_the_pages_without_signing_in(page: httpx.AsyncClient) -> None:
    for path in ("/officer", "/officer/case/1"):
        answer = await page.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
    for act in ("take", "answer", "note", "close"):
        answer = await page.post(f"/officer/case/1/{act}", data={"text": "x"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
    stream = await page.get("/officer/case/1/stream")
    assert stream.text == ""


async def test_a_wrong_password_says_the_same_as_a_wrong_code(page: httpx.AsyncClient) -> None:
    for code in ("xa-here", "nobody", "x" * 10_000, "a\x00b"):
        answer = await signs_in(page, code, "wrong")
        assert answer.status_code == 403
        assert "chưa đúng" in words(answer.text)
        assert "chitra_officer" not in answer.headers.get("set-cookie", "")


async def test_ten_wrong_passwords_close_the_door_for_a_while(
    office: Office, page: httpx.AsyncClient
) -> None:
    for _ in range(10):
        await signs_in(page, "xa-here", "wrong")
    answer = await signs_in(page, "xa-here")
    assert answer.status_code == 403
    assert "15 phút" in words(answer.text)
    office.clock.move_to(office.clock.now() + timedelta(minutes=16))
    assert (await signs_in(page, "xa-here")).status_code == 303


async def test_the_session_cookie_is_for_these_pages_only(page: httpx.AsyncClient) -> None:
    cookie = (await signs_in(page, "xa-here")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "path=/officer" in cookie
    assert "samesite=lax" in cookie


async def test_an_idle_session_ends(office: Office, desk: httpx.AsyncClient) -> None:
    office.clock.move_to(office.clock.now() + timedelta(minutes=110))
    assert (await desk.get("/officer")).status_code == 200
    office.clock.move_to(office.clock.now() + timedelta(minutes=110))
    assert (await desk.get("/officer")).status_code == 200
    office.clock.move_to(office.clock.now() + timedelta(minutes=121))
    assert (await desk.get("/officer")).status_code == 303


async def test_who_signs_out_is_out(desk: httpx.AsyncClient) -> None:
    cookie = {"cookie": f"chitra_officer={desk.cookies['chitra_officer']}"}
    await desk.post("/officer/sign-out")
    assert (await desk.get("/officer", headers=cookie)).status_code == 303


async def test_a_disabled_officer_is_out_at_once(office: Office, desk: httpx.AsyncClient) -> None:
    office.does([("staff", "disable", "xa-here")])
    assert (await desk.get("/officer")).status_code == 303


async def test_an_officer_of_another_commune_cannot_see_a_case(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    async with browser(office) as other:
        await signs_in(other, "xa-elsewhere")
        assert "/officer/case/" not in (await other.get("/officer")).text
        seen = await other.get(case)
        assert seen.status_code == 404
        assert "Hoa" not in seen.text
        for act in ("take", "answer", "note", "close"):
            answer = await other.post(f"{case}/{act}", data={"text": "x", "seen": "0-0"})
            assert answer.status_code == 404
        assert (await other.get(f"{case}/stream")).text == ""


async def test_an_answer_reaches_the_citizen(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    answered = await desk.post(f"{case}/answer", data={"text": ANSWER, "seen": seen})
    assert answered.status_code == 303
    assert ANSWER in bubbles((await page.get("/chat")).text)
    assert ANSWER in bubbles((await desk.get(case)).text)


async def test_the_same_answer_sent_twice_is_one(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    for _ in range(2):
        await desk.post(f"{case}/answer", data={"text": ANSWER, "seen": seen})
    assert bubbles((await page.get("/chat")).text).count(ANSWER) == 1


async def test_an_answer_over_a_newer_message_is_refused_and_kept(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    await said(page, "tôi nhận được rồi")
    refused = await desk.post(f"{case}/answer", data={"text": ANSWER, "seen": seen})
    assert refused.status_code == 409
    assert f">{ANSWER}</textarea>" in refused.text
    assert "tôi nhận được rồi" in bubbles(refused.text)
    assert ANSWER not in bubbles((await page.get("/chat")).text)
    again = hidden(refused.text, "seen")
    await desk.post(f"{case}/answer", data={"text": ANSWER, "seen": again})
    assert ANSWER in bubbles((await page.get("/chat")).text)


async def test_the_bot_is_silent_while_a_case_is_held_and_free_once_closed(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    assert (await desk.post(f"{case}/take")).status_code == 303
    before = (await page.get("/chat")).text.count('class="line ours')
    await said(page, "tiền tháng này có chưa")
    held = (await page.get("/chat")).text
    assert "270.000" not in " ".join(bubbles(held)[before:])
    assert (await desk.post(f"{case}/close", data={"outcome": "answered"})).status_code == 303
    await said(page, "tiền tháng này có chưa")
    assert "270.000 đ" in bubbles((await page.get("/chat")).text)[-1]


async def test_a_note_is_for_officers_only_and_escaped(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    note = "<b>đã gọi</b> cho con gái"
    await desk.post(f"{case}/note", data={"text": note})
    assert note in words((await desk.get(case)).text.replace("&lt;", "‹").replace("&gt;", "›")) or (
        "&lt;b&gt;đã gọi" in (await desk.get(case)).text
    )
    assert "đã gọi" not in (await page.get("/chat")).text


async def test_an_empty_note_is_no_note(page: httpx.AsyncClient, desk: httpx.AsyncClient) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    before = words((await desk.get(case)).text)
    assert (await desk.post(f"{case}/note", data={"text": "  "})).status_code == 303
    assert words((await desk.get(case)).text) == before


async def test_an_outcome_that_is_not_offered_is_refused(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    answer = await desk.post(f"{case}/close", data={"outcome": "whatever"})
    assert answer.status_code == 404
    assert case in (await desk.get("/officer")).text
