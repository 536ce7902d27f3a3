"""The officers' pages: who gets in, what they see, and what becomes of an answer."""

from datetime import timedelta

import httpx
import sqlalchemy as sa

from bot.compose import PROGRAMMES
from bot.officers import add_officer
from bot.turn import Inbound, take
from core.care.kinds import CaseKind
from core.care.life import CaseState
from core.ledger.states import Receipt
from core.ledger.whereabouts import Stage
from core.people import Role
from core.programme import load
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.tables.everything import metadata
from core.terms import Method, Provider
from core.wording import has
from notifications.capabilities import CAPABILITIES
from notifications.lifecycle import State
from notifications.outbox import INTERACTIVE, Purpose
from tests.bot.parts import Office
from tests.bot.web.offices import (
    HERE,
    PASSWORD,
    browser,
    bubbles,
    first_case,
    hidden,
    in_trouble,
    said,
    signs_in,
    words,
)

# What may be said of a month in which there is no payment.
NEVER_OF_A_PAYMENT = {Stage.NO_LIST_YET, Stage.NOT_LISTED_YET, Stage.NOT_LISTED}
ANSWER = "Dạ, xã đã gọi ngân hàng, mai sẽ báo lại bác ạ."


async def test_nobody_sees_the_pages_without_signing_in(page: httpx.AsyncClient) -> None:
    for path in ("/officer", "/officer/case/1"):
        answer = await page.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
    for act in ("take", "let-go", "answer", "note", "close"):
        answer = await page.post(f"/officer/case/1/{act}", data={"text": "x"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
    for path in ("/officer/stream", "/officer/case/1/stream"):
        assert (await page.get(path)).status_code == 403
    assert (await page.post("/officer/case/1/measure", data={"text": "x"})).status_code == 403


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


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    office: Office, desk: httpx.AsyncClient
) -> None:
    for _ in range(2):
        office.clock.move_to(office.clock.now() + timedelta(minutes=50))
        by_itself = {"x-by-itself": "1"}
        assert (await desk.get("/officer", headers=by_itself)).status_code == 200
    office.clock.move_to(office.clock.now() + timedelta(minutes=21))
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
        for act in ("take", "let-go", "answer", "note", "close", "measure"):
            answer = await other.post(f"{case}/{act}", data={"text": "x", "seen": "0-0"})
            assert answer.status_code == 404
        assert (await other.get(f"{case}/stream")).status_code == 404


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


async def test_a_colleague_takes_a_case_over_and_gives_it_back(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    await desk.post(f"{case}/take")
    added = add_officer(
        office.session.parts, "xa-two", "commune", HERE, may_sign_in=True, password=PASSWORD
    )
    assert not isinstance(added, Refusal)
    async with browser(office) as other:
        await signs_in(other, "xa-two")
        assert "xa-here đang giữ" in words((await other.get(case)).text)
        assert (await other.post(f"{case}/take")).status_code == 303
        assert "xa-two đang giữ" in words((await desk.get(case)).text)
        assert (await other.post(f"{case}/let-go")).status_code == 303
    await said(page, "tiền tháng này có chưa")
    assert "270.000 đ" in " ".join(bubbles((await page.get("/chat")).text)[-1:])


async def test_an_answer_that_is_too_long_is_refused_and_kept(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    for act, field in (("answer", "</textarea>"), ("note", '"><button>')):
        long = "dài " * 300 + "cuối"
        refused = await desk.post(f"{case}/{act}", data={"text": long, "seen": seen})
        assert refused.status_code == 413
        assert "1204 chữ, nhiều nhất là 1000" in words(refused.text)
        assert f"cuối{field}" in refused.text
    assert "dài dài" not in (await page.get("/chat")).text


async def test_an_answer_in_lines_keeps_its_lines(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    await desk.post(f"{case}/answer", data={"text": " Dạ có ạ.\r\nMai ạ.\r\n", "seen": seen})
    assert "Dạ có ạ.\nMai ạ." in bubbles((await page.get("/chat")).text)


async def test_the_facts_are_those_of_the_ledger_today(
    page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await in_trouble(page)
    shown = words((await desk.get(await first_case(desk))).text)
    assert "Đơn vị báo đã chi" in shown
    assert "270.000 đ" in shown
    assert "2104-HT000123-M-1" in shown
    assert "Báo đã chuyển" in shown
    assert "****" in shown


def writes_by_sms(office: Office, *texts: str) -> None:
    parts = office.session.parts
    for number, text in enumerate(texts):
        inbound = Inbound("sms", "0912000999", f"sms-{number}", text, parts.clock.now())
        take(parts, inbound).result()


async def test_an_sms_is_measured_as_it_will_be_sent(
    office: Office, desk: httpx.AsyncClient
) -> None:
    writes_by_sms(office, "gap can bo", "toi hoi ve tien")
    case = await first_case(desk)
    shown = await desk.get(case)
    assert f'data-measure="{case}/measure"' in shown.text
    fit = await desk.post(f"{case}/measure", data={"text": "Dạ, mai xã gọi lại bác ạ."})
    assert words(fit.text).endswith("Người dân đọc: Da, mai xa goi lai bac a.")
    assert words(fit.text).startswith("25 chữ, 1 tin SMS, 500 đ.")
    long = await desk.post(f"{case}/measure", data={"text": "Dạ, " * 50})
    assert "2 tin SMS" in words(long.text)


async def test_an_answer_that_could_not_be_sent_is_shown_to_officers(
    office: Office, desk: httpx.AsyncClient
) -> None:
    writes_by_sms(office, "gap can bo", "toi hoi ve tien")
    case = await first_case(desk)
    seen = hidden((await desk.get(case)).text, "seen")
    await desk.post(f"{case}/answer", data={"text": ANSWER, "seen": seen})
    assert "Cán bộ 10:00 · đang gửi" in words((await desk.get(case)).text)
    message = metadata.tables["message"]
    failed = sa.update(message).where(message.c.purpose == "answer").values(state="failed")
    office.session.parts.store.transact(lambda tx: tx.connection.execute(failed), CommitPoint.CASE)
    assert "Cán bộ 10:00 · không gửi được" in words((await desk.get(case)).text)


def test_everything_a_case_can_show_has_words() -> None:
    programme = load(PROGRAMMES / "thua-thien-hue-2021")
    keys = [f"console.stage.{one}" for one in Stage if one not in NEVER_OF_A_PAYMENT]
    keys += [f"console.receipt.{one.lower()}" for one in Receipt]
    keys += [f"console.failure.{one.code.lower()}" for one in programme.failures]
    keys += [f"console.message.{one}" for one in State]
    keys += [f"console.purpose.{one}" for one in Purpose if one not in INTERACTIVE]
    keys += [f"console.kind.{one}" for one in CaseKind]
    keys += [f"console.state.{one}" for one in CaseState]
    keys += [f"console.role.{one}" for one in Role]
    keys += [f"console.method.{one}" for one in Method]
    keys += [f"console.provider.{one}" for one in Provider]
    keys += [f"console.channel.{one}" for one in CAPABILITIES]
    for lang in ("vi", "en"):
        missing = [key for key in keys if not has(key, lang, "console")]
        assert missing == []
