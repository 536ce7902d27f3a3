"""Officers review papers and hand cards over on a page: on both engines."""

from pathlib import Path

import httpx

from bot.officers import add_officer
from core.exchange.layouts import load_layout
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD, browser, signs_in, words
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import write_list

PAGE = "/officer/openings"
# Paid in cash, in another commune than the officers' own.
CO = "HT000200"


def add_office(office: Office) -> None:
    for code, role, place in (("huyen", "district", "479"), ("buu-dien", "provider", "post")):
        added = add_officer(
            office.session.parts, code, role, place, may_sign_in=True, password=PASSWORD
        )
        assert not isinstance(added, Refusal)


def review(word: str, *papers: str, code: str = CO) -> dict[str, str | list[str]]:
    return {"new": "yes", "code": code, "role": "self", "word": word, "paper": list(papers)}


async def test_papers_are_brought_and_a_card_is_handed_over(
    office: Office, page: httpx.AsyncClient, tmp_path: Path
) -> None:
    add_office(office)
    await signs_in(page, "huyen")
    assert f'href="{PAGE}"' in (await page.get("/officer")).text
    assert (await page.post(f"{PAGE}/review", data=review("missing"))).status_code == 422
    done = await page.post(f"{PAGE}/review", data=review("missing", "citizen_id", "form"))
    assert done.headers["location"] == f"{PAGE}?done=missing", words(done.text)
    shown = words((await page.get(PAGE)).text)
    assert "Còn thiếu: CCCD/CMND còn hạn, phiếu đăng ký · hạn 24/04/2021" in shown
    assert "làm tại công an" in shown

    assert (await page.post(f"{PAGE}/review", data=review("eligible"))).status_code == 303
    accounts = write_list(
        tmp_path / "accounts.xlsx",
        load_layout(FOLDER, "accounts"),
        [{"code": CO, "status": "OPENED", "account": "109876543210", "holder": "LE VAN CO"}],
    )
    told = ("--cycle", "2021-04", "--provider", "vietinbank")
    office.does([("import", "accounts", accounts, *told)])
    html = (await page.get(PAGE)).text
    assert "•••• 3210" in html
    assert "109876543210" not in html
    cards = write_list(
        tmp_path / "cards.xlsx", load_layout(FOLDER, "cards"), [{"code": CO, "status": "Đã in"}]
    )
    office.does([("import", "cards", cards, "--cycle", "2021-04")])
    come = await page.post(f"{PAGE}/card", data={"code": CO, "word": "at_commune"})
    assert come.headers["location"] == f"{PAGE}?done=at_commune"
    handed = await page.post(f"{PAGE}/card", data={"code": CO, "word": "handed"})
    assert handed.headers["location"] == f"{PAGE}?done=handed"
    assert "đã trao thẻ" in words((await page.get(PAGE)).text)
    again = await page.post(f"{PAGE}/card", data={"code": CO, "word": "handed"})
    assert again.status_code == 409
    assert "không thể ghi như vậy" in words(again.text)
    assert office.types("ledger", "verify") == 0


async def test_somebody_of_another_place_sees_and_does_nothing(
    office: Office, page: httpx.AsyncClient
) -> None:
    add_office(office)
    await signs_in(page, "huyen")
    await page.post(f"{PAGE}/review", data=review("missing", "citizen_id"))
    async with browser(office) as other:
        await signs_in(other, "xa-here")
        assert CO not in (await other.get(PAGE)).text
        unknown = await other.post(f"{PAGE}/review", data=review("eligible"))
        assert unknown.status_code == 422
        assert "Không có đối tượng nào" in words(unknown.text)
        assert f'value="{CO}"' in unknown.text
        card = await other.post(f"{PAGE}/card", data={"code": CO, "word": "handed"})
        assert card.status_code == 409
        assert "Không có đối tượng nào" in words(card.text)
        assert (await other.post(f"{PAGE}/card", data={"code": CO})).status_code == 404
        has = await other.post(f"{PAGE}/review", data=review("eligible", code="HT000123"))
        assert "đã có số tài khoản" in words(has.text)
    async with browser(office) as other:
        await signs_in(other, "buu-dien")
        assert PAGE not in (await other.get("/officer")).text
        for method, path in (("GET", PAGE), ("POST", f"{PAGE}/review"), ("POST", f"{PAGE}/card")):
            assert (await other.request(method, path)).status_code == 404


async def test_nobody_without_signing_in(page: httpx.AsyncClient) -> None:
    for method, path in (("GET", PAGE), ("POST", f"{PAGE}/review"), ("POST", f"{PAGE}/card")):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
