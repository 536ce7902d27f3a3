"""Officers judge, arrange and finish a delivery at home on a page: on both engines."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.officers import add_officer
from core.ledger.states import Money
from core.refusals import Refusal
from tests.bot.parts import Office
from tests.bot.test_payday import lists, money_of, to_instruction
from tests.bot.web.offices import PASSWORD, browser, signs_in, words

PAGE, STEP = "/officer/home", "/officer/home-visit"
THUY_CHAU = "19975"
CO, PAID = "HT000200", "2104-HT000200-M-1"
REQUEST = {
    "code": CO,
    "choice": "ill",
    "where": "cuối xóm Đình, cổng xanh",
    "door": "con dâu, buổi sáng",
    "often": "once",
}
VISIT = {"day": "2021-04-12", "window": "morning", "visitor": "BD-012"}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The month is ordered: the Post holds the cash of Cơ."""
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    to_instruction(made, lists(tmp_path), tmp_path / "orders")
    for code, role, place in (
        ("xa-chau", "commune", THUY_CHAU),
        ("xa-chau-hai", "commune", THUY_CHAU),
        ("xa-khac", "commune", "19960"),
        ("buu-dien", "provider", "post"),
        ("viettel", "provider", "viettel"),
    ):
        added = add_officer(
            made.session.parts, code, role, place, may_sign_in=True, password=PASSWORD
        )
        assert not isinstance(added, Refusal)
    yield made
    made.close()


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(office) as page:
        assert (await signs_in(page, "xa-chau")).status_code == 303
        yield page


def number_of(html: str) -> str:
    found = re.search(r'id="home-(\d+)"', html)
    assert found, words(html)
    return found.group(1)


async def presses(page: httpx.AsyncClient, number: str, word: str, **fields: str) -> None:
    done = await page.post(f"{STEP}/{number}/{word}", data=fields)
    assert done.status_code == 303, words(done.text)
    assert done.headers["location"] == f"{PAGE}?done={word}#home-{number}"


async def entered(page: httpx.AsyncClient) -> str:
    done = await page.post(PAGE, data=REQUEST)
    assert done.status_code == 303, words(done.text)
    return number_of((await page.get(PAGE)).text)


async def accepted(page: httpx.AsyncClient) -> str:
    number = await entered(page)
    await presses(page, number, "assess", choice="ill", note="đã đến thăm")
    await presses(page, number, "accept", choice="once")
    return number


async def test_a_request_is_judged_arranged_and_handed_over(
    office: Office, desk: httpx.AsyncClient
) -> None:
    assert f'href="{PAGE}"' in (await desk.get("/officer")).text
    number = await accepted(desk)
    shown = words((await desk.get(f"{PAGE}?done=accept")).text)
    assert "Đã đồng ý. Hẹn ngày đến khi tiền đã ở đơn vị chi trả." in shown
    for told in ("cuối xóm Đình", "con dâu", "đau ốm, không đi lại được", "Tháng 05/2021"):
        assert told in shown, told
    await presses(desk, number, "schedule", **VISIT)
    assert "đã hẹn ngày · buổi sáng 12/04/2021 · người đi chi BD-012" in words(
        (await desk.get(PAGE)).text
    )
    early = await desk.post(f"{STEP}/{number}/set_off")
    assert early.status_code == 409
    assert "Chưa đến ngày hẹn 12/04/2021" in words(early.text)
    office.clock.move_to(datetime(2021, 4, 12, 2, tzinfo=UTC))
    await signs_in(desk, "xa-chau")
    await presses(desk, number, "set_off")
    assert money_of(office, PAID) is Money.HOME_PENDING
    assert (await desk.post(f"{STEP}/{number}/withdraw")).status_code == 409
    await presses(desk, number, "handed", choice="signed_family", note="Lê Thị Dâu")
    assert money_of(office, PAID) is Money.SETTLED
    shown = words((await desk.get(PAGE)).text)
    assert "Chứng từ: người nhà ký: Lê Thị Dâu" in shown
    assert "540.000" in shown
    assert office.types("ledger", "verify") == 0


async def test_a_missed_visit_is_tried_twice_more(office: Office, desk: httpx.AsyncClient) -> None:
    number = await accepted(desk)
    for tries, day in enumerate(("12", "13", "14"), 1):
        office.clock.move_to(datetime(2021, 4, int(day), 2, tzinfo=UTC))
        await signs_in(desk, "xa-chau")
        await presses(desk, number, "schedule", **(VISIT | {"day": f"{day}/04/2021"}))
        await presses(desk, number, "set_off")
        await presses(desk, number, "missed")
        assert f"{tries} lần không gặp" in words((await desk.get(PAGE)).text)
    html = (await desk.get(PAGE)).text
    assert "Đã hết số lần đến lại." in words(html)
    assert f'action="{STEP}/{number}/schedule"' not in html
    more = await desk.post(f"{STEP}/{number}/schedule", data=VISIT | {"day": "2021-04-16"})
    assert more.status_code == 409
    assert "Đã đến nhà 3 lần" in words(more.text)


async def test_a_declined_request_is_looked_at_by_somebody_else(
    office: Office, desk: httpx.AsyncClient
) -> None:
    number = await entered(desk)
    await presses(desk, number, "decline", choice="can_collect", note="gặp ở chợ")
    assert "Lý do không đồng ý: còn đến được điểm chi trả" in words((await desk.get(PAGE)).text)
    await presses(desk, number, "appeal")
    await presses(desk, number, "assess", choice="other")
    mine = await desk.post(f"{STEP}/{number}/accept", data={"choice": "once"})
    assert mine.status_code == 409
    assert "không được tự xem lại" in words(mine.text)
    async with browser(office) as other:
        await signs_in(other, "xa-chau-hai")
        await presses(other, number, "accept", choice="standing")
        assert "hằng tháng · xem lại ngày 09/04/2022" in words((await other.get(PAGE)).text)
        office.clock.move_to(datetime(2021, 4, 9, 3, tzinfo=UTC))
        await presses(other, number, "stop", note="con về ở cùng")


async def test_the_yearly_review_is_shown_when_it_is_due(
    office: Office, desk: httpx.AsyncClient
) -> None:
    number = await entered(desk)
    await presses(desk, number, "assess", choice="ill")
    await presses(desk, number, "accept", choice="standing")
    assert "Đã đến hạn xem lại" not in words((await desk.get(PAGE)).text)
    office.clock.move_to(datetime(2022, 4, 9, 2, tzinfo=UTC))
    await signs_in(desk, "xa-chau")
    assert "Đã đến hạn xem lại hằng năm" in words((await desk.get(PAGE)).text)
    await presses(desk, number, "review")
    shown = words((await desk.get(PAGE)).text)
    assert "xem lại ngày 09/04/2023" in shown
    assert "Đã đến hạn xem lại" not in shown


async def test_a_provider_sees_the_visits_it_makes_and_not_why(
    office: Office, desk: httpx.AsyncClient
) -> None:
    number = await entered(desk)
    async with browser(office) as post:
        await signs_in(post, "buu-dien")
        assert CO not in (await post.get(PAGE)).text
        assert (await post.post(PAGE, data=REQUEST)).status_code == 404
        assert (await post.post(f"{STEP}/{number}/assess")).status_code == 404
        await presses(desk, number, "assess", choice="ill", note="liệt nửa người")
        await presses(desk, number, "accept", choice="once")
        html = (await post.get(PAGE)).text
        shown = words(html)
        assert "cuối xóm Đình" in shown
        assert "Lý do người nhận nói" not in shown
        assert "liệt nửa người" not in shown
        assert f'action="{STEP}/{number}/withdraw"' not in html
        await presses(post, number, "schedule", **VISIT)
        assert (await post.post(f"{STEP}/{number}/withdraw")).status_code == 404
    async with browser(office) as viettel:
        await signs_in(viettel, "viettel")
        assert CO not in (await viettel.get(PAGE)).text
        assert (await viettel.post(f"{STEP}/{number}/set_off")).status_code == 404


async def test_somebody_of_another_place_sees_and_does_nothing(
    office: Office, desk: httpx.AsyncClient
) -> None:
    number = await entered(desk)
    async with browser(office) as other:
        await signs_in(other, "xa-khac")
        assert CO not in (await other.get(PAGE)).text
        assert (
            await other.post(f"{STEP}/{number}/assess", data={"choice": "ill"})
        ).status_code == 404
        unknown = await other.post(PAGE, data=REQUEST)
        assert "Không có đối tượng nào" in words(unknown.text)
        assert (await other.post(f"{STEP}/999/appeal")).status_code == 404
        assert (await other.post(f"{STEP}/{number}/steal")).status_code == 404


async def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    office: Office, desk: httpx.AsyncClient
) -> None:
    nothing = await desk.post(PAGE, data=REQUEST | {"choice": ""})
    assert nothing.status_code == 422
    assert 'value="cuối xóm Đình, cổng xanh"' in nothing.text
    unknown = await desk.post(PAGE, data=REQUEST | {"code": "HT999999"})
    assert unknown.status_code == 422
    number = await accepted(desk)
    here = f"{STEP}/{number}/schedule"
    for field, wrong, status in (
        ("day", "", 422),
        ("visitor", "", 422),
        ("window", "night", 422),
        ("day", "mai", 409),
        ("day", "2021-04-10", 409),
        ("visitor", "0912345678", 409),
    ):
        answer = await desk.post(here, data=VISIT | {field: wrong})
        assert answer.status_code == status, (field, wrong, words(answer.text))
    assert (await desk.post(f"{STEP}/{number}/stop")).status_code == 422
    long = await desk.post(f"{STEP}/{number}/withdraw", data={"note": "a" * 301})
    assert long.status_code == 422
    office.clock.move_to(datetime(2021, 4, 9, 3, tzinfo=UTC))
    await presses(desk, number, "withdraw", note="con về nhận giúp")


async def test_nobody_without_signing_in(office: Office) -> None:
    async with browser(office) as page:
        for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{STEP}/1/appeal")):
            answer = await page.request(method, path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
