"""Officers enter, check and approve a change of method on a page: on both engines."""

import re

import httpx

from bot.officers import add_officer
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.web.offices import HERE, PASSWORD, browser, signs_in, words

PAGE = "/officer/methods"
WISH = {"code": "HT000123", "method": "cash", "account": "", "holder": ""}


def add_second(
    office: Office, code: str = "xa-hai", role: str = "commune", place: str = HERE
) -> None:
    added = add_officer(
        office.session.parts, code, role, place, may_sign_in=True, password=PASSWORD
    )
    assert not isinstance(added, Refusal)


def number_of(html: str) -> str:
    found = re.search(r'id="wish-(\d+)"', html)
    assert found, words(html)
    return found.group(1)


async def test_one_enters_and_checks_and_another_approves(
    office: Office, desk: httpx.AsyncClient
) -> None:
    add_second(office)
    assert f'href="{PAGE}"' in (await desk.get("/officer")).text
    entered = await desk.post(PAGE, data=WISH)
    assert entered.status_code == 303, words(entered.text)
    html = (await desk.get(PAGE)).text
    assert "•••• 7890" in html
    assert "101234567890" not in html
    here = f"{PAGE}/{number_of(html)}"

    assert (await desk.post(f"{here}/approve")).status_code == 409
    assert (await desk.post(f"{here}/in_person")).status_code == 303
    assert (await desk.post(f"{here}/need")).status_code == 422
    assert (await desk.post(f"{here}/need", data={"paper": "citizen_id"})).status_code == 303
    assert "Còn thiếu: CCCD/CMND còn hạn" in words((await desk.get(PAGE)).text)
    assert (await desk.post(f"{here}/bring")).status_code == 303
    done = await desk.post(f"{here}/check")
    assert done.headers["location"] == f"{PAGE}?done=check"
    mine = words((await desk.get(PAGE)).text)
    assert "Người nhập hoặc kiểm tra không tự duyệt" in mine
    assert f'action="{here}/approve"' not in (await desk.get(PAGE)).text
    refused = await desk.post(f"{here}/approve")
    assert refused.status_code == 409
    assert "không được tự duyệt" in words(refused.text)

    async with browser(office) as other:
        await signs_in(other, "xa-hai")
        assert f'action="{here}/approve"' in (await other.get(PAGE)).text
        approved = await other.post(f"{here}/approve")
        assert approved.headers["location"] == f"{PAGE}?done=approve"
        shown = words((await other.get(PAGE)).text)
        assert "đã duyệt, chờ đến kỳ chốt" in shown
        assert "từ kỳ 05/2021" in shown
        assert (await other.post(f"{here}/withdraw")).status_code == 422
        ended = await other.post(f"{here}/withdraw", data={"note": "đổi ý"})
        assert ended.headers["location"] == f"{PAGE}?done=withdraw"
        assert "Không có đề nghị nào." in words((await other.get(PAGE)).text)
    assert office.types("ledger", "verify") == 0


async def test_what_is_typed_wrong_stays_in_the_form(desk: httpx.AsyncClient) -> None:
    typed = WISH | {"method": "account", "account": "102222222222", "holder": "TRAN VAN LA"}
    refused = await desk.post(PAGE, data=typed)
    assert refused.status_code == 422
    assert "Tên chủ tài khoản khác" in words(refused.text)
    assert 'value="102222222222"' in refused.text
    missing = await desk.post(PAGE, data=WISH | {"method": "x"})
    assert missing.status_code == 422
    assert (await desk.post(PAGE, data=WISH | {"code": "HT999999"})).status_code == 422


async def test_somebody_of_another_place_sees_and_does_nothing(
    office: Office, desk: httpx.AsyncClient
) -> None:
    await desk.post(PAGE, data=WISH)
    here = f"{PAGE}/{number_of((await desk.get(PAGE)).text)}"
    add_second(office, "buu-dien", "provider", "post")
    async with browser(office) as other:
        await signs_in(other, "xa-elsewhere")
        assert "HT000123" not in (await other.get(PAGE)).text
        assert (await other.post(f"{here}/in_person")).status_code == 404
        unknown = await other.post(PAGE, data=WISH)
        assert "Không có đối tượng nào" in words(unknown.text)
    async with browser(office) as other:
        await signs_in(other, "buu-dien")
        assert PAGE not in (await other.get("/officer")).text
        assert (await other.get(PAGE)).status_code == 404
        assert (await other.post(PAGE, data=WISH)).status_code == 404
        assert (await other.post(f"{here}/in_person")).status_code == 404


async def test_nobody_without_signing_in(page: httpx.AsyncClient) -> None:
    for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/1/approve")):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
