"""Officers freeze somebody's self-service and lift it again: on both engines."""

import httpx
import sqlalchemy as sa

from bot.officers import add_officer
from core.refusals import Refusal
from core.store.tables.ledger import event
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD, acting, browser, bubbles, said, signs_in, words

PAGE = "/officer/self-service"


def turns(office: Office) -> list[tuple[str, str, str]]:
    query = (
        sa.select(event.c.type, event.c.actor, event.c.body)
        .where(event.c.type.like("self_service_%"))
        .order_by(event.c.id)
    )
    rows = office.session.parts.store.read(lambda tx: tx.connection.execute(query).all())
    return [tuple(row) for row in rows]


async def test_who_is_frozen_hears_nothing_until_it_is_lifted(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    assert "Không có hồ sơ nào đang khóa." in words((await desk.get(PAGE)).text)
    wrong = await desk.post(PAGE, data={"code": "HT999999", "why": "two_claim"})
    assert wrong.status_code == 422
    assert 'value="HT999999"' in wrong.text
    assert (await desk.post(PAGE, data={"code": "HT000123", "why": "x"})).status_code == 404
    done = await desk.post(PAGE, data={"code": " ht000123", "why": "two_claim"})
    assert done.headers["location"] == f"{PAGE}?done=frozen"
    shown = words((await desk.get(done.headers["location"])).text)
    assert "xa-here khóa từ 09/04/2021: hai người cùng nhận là người đại diện" in shown
    again = await desk.post(PAGE, data={"code": "HT000123", "why": "not_me"})
    assert again.status_code == 422

    await acting(page, "HT000123")
    await said(page, "tiền tháng này về chưa")
    last = bubbles((await page.get("/chat")).text)[-1]
    assert "270.000" not in last
    assert "cán bộ" in last

    assert (await desk.post(f"{PAGE}/HT000123/lift", data={"why": "x"})).status_code == 404
    lifted = await desk.post(f"{PAGE}/HT000123/lift", data={"why": "checked"})
    assert lifted.headers["location"] == f"{PAGE}?done=lifted"
    twice = await desk.post(f"{PAGE}/HT000123/lift", data={"why": "checked"})
    assert twice.status_code == 422
    assert "không bị khóa tự phục vụ" in words(twice.text)
    assert turns(office) == [
        ("self_service_frozen", "staff:xa-here", '{"reason":"two_claim"}'),
        ("self_service_lifted", "staff:xa-here", '{"reason":"checked"}'),
    ]
    assert office.types("ledger", "verify") == 0


async def test_another_place_and_a_provider_freeze_nobody(
    office: Office, page: httpx.AsyncClient
) -> None:
    for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/HT000123/lift")):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
    added = add_officer(
        office.session.parts, "buu-dien", "provider", "post", may_sign_in=True, password=PASSWORD
    )
    assert not isinstance(added, Refusal)
    for who, status in (("xa-elsewhere", 422), ("buu-dien", 404)):
        async with browser(office) as other:
            await signs_in(other, who)
            refused = await other.post(PAGE, data={"code": "HT000123", "why": "not_me"})
            assert refused.status_code == status
            lifted = await other.post(f"{PAGE}/HT000123/lift", data={"why": "checked"})
            assert lifted.status_code == status
    assert turns(office) == []
