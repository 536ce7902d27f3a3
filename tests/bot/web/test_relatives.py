"""An officer writes down a relative whom somebody agreed to have told: on both engines."""

import re
from pathlib import Path

import httpx
import pytest

from core.exchange.layouts import load_layout
from core.exchange.relative_entry import CONSENT_TEXT
from core.store.engine import Tx
from core.store.people import beneficiaries_by_code
from core.store.relatives import Relative, relatives_of
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.offices import browser, signs_in, words
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

PAGE = "/officer/relative"
HUNG = {
    "code": "HT000123",
    "name": "Nguyễn Văn Hùng",
    "phone": "0935 111 222",
    "relation": "con trai",
    "consent_by": "self",
    "consent_on": "09/04/2021",
    "agreed": "yes",
}


def told(office: Office, code: str = "HT000123") -> list[Relative]:
    def work(tx: Tx) -> list[Relative]:
        return relatives_of(tx, beneficiaries_by_code(tx, [code])[code].id)

    return [one for one in office.session.parts.store.read(work) if one.is_told]


def hung(office: Office) -> list[Relative]:
    return [one for one in told(office) if one.phone == "0935111222"]


def events(office: Office) -> list[str]:
    event = metadata.tables["event"]
    query = event.select().where(
        event.c.type.in_(["consent_given", "consent_withdrawn"]),
        event.c.actor != "staff:cli",  # who came with the list of registrations
    )
    rows = office.session.parts.store.read(
        lambda tx: tx.connection.execute(query.order_by(event.c.id)).all()
    )
    return [f"{row.type}:{row.actor}" for row in rows]


async def test_a_relative_is_told_from_the_next_event_on(
    office: Office, desk: httpx.AsyncClient, tmp_path: Path
) -> None:
    assert PAGE in (await desk.get("/officer")).text
    kept = await desk.post(PAGE, data=HUNG)
    assert kept.status_code == 303
    shown = words((await desk.get(kept.headers["location"])).text)
    assert "Nguyễn Văn Hùng · con trai · 09****222" in shown
    assert "Tin đầu tiên sẽ nói ai đã cho số này" in shown
    assert "0935111222" not in shown
    (one,) = hung(office)
    assert one.agreed_at is not None

    back: Line = {"payment": "2104-HT000123-M-1", "day": "09/04/2021", "amount": 270000,
            "status": "Hoàn trả", "error": "R02"}  # fmt: skip
    path = write_list(tmp_path / "late.xlsx", load_layout(FOLDER, "results-vietinbank"), [back])
    office.does([("import", "results", path, "--cycle", "2021-04", "--provider", "vietinbank")])
    told_texts = texts_to(office, "0935111222")
    assert len(told_texts) == 1
    assert "270" not in told_texts[0]
    assert re.search(r"cho so|dua so|so nay", told_texts[0])


def texts_to(office: Office, phone: str) -> list[str]:
    from core.store.contacts import contact_at
    from core.store.outbox import messages

    message = metadata.tables["message"]

    def work(tx: Tx) -> list[str]:
        contact = contact_at(tx, "sms", phone)
        assert contact is not None
        query = message.select().where(message.c.contact_id == contact.id)
        ids = [row.id for row in tx.connection.execute(query)]
        return [one.text for one in messages(tx, ids)]

    return office.session.parts.store.read(work)


async def test_the_same_relative_twice_is_one(office: Office, desk: httpx.AsyncClient) -> None:
    await desk.post(PAGE, data=HUNG)
    again = await desk.post(PAGE, data=HUNG | {"name": "NGUYỄN VĂN HÙNG", "phone": "0935111222"})
    assert again.headers["location"].endswith("?done=known")
    assert len(hung(office)) == 1
    assert events(office) == ["consent_given:staff:xa-here"]


async def test_a_consent_is_taken_back_and_given_again(
    office: Office, desk: httpx.AsyncClient
) -> None:
    here = (await desk.post(PAGE, data=HUNG)).headers["location"].split("?")[0]
    (one,) = hung(office)
    ended = await desk.post(f"{here}/end", data={"standing": str(one.standing_id)})
    assert ended.status_code == 303
    assert hung(office) == []
    assert "Không còn được báo" in words((await desk.get(here)).text)
    assert (
        await desk.post(f"{here}/end", data={"standing": str(one.standing_id)})
    ).status_code == 404
    assert (await desk.post(PAGE, data=HUNG)).headers["location"].endswith("?done=new")
    assert len(hung(office)) == 1
    assert [one.split(":")[0] for one in events(office)] == [
        "consent_given", "consent_withdrawn", "consent_given"
    ]  # fmt: skip
    assert office.types("ledger", "verify") == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": ""}, "mã đối tượng"),
        ({"code": "HT999999"}, "HT999999"),
        ({"code": "PL000001"}, "PL000001"),
        ({"name": ""}, "họ tên"),
        ({"phone": ""}, "số điện thoại"),
        ({"phone": "0234 3822222"}, "di động"),
        ({"consent_by": ""}, "đồng ý"),
        ({"consent_by": "relative"}, "đồng ý"),
        ({"consent_by": "guardian"}, "đồng ý"),
        ({"consent_on": "31/04/2021"}, "ngày"),
        ({"consent_on": "10/04/2021"}, "ngày"),
        ({"agreed": ""}, "đồng ý"),
    ],
)
async def test_what_cannot_stand_is_said_beside_its_field_and_kept(
    office: Office, desk: httpx.AsyncClient, change: dict[str, str], says: str
) -> None:
    before = told(office)
    refused = await desk.post(PAGE, data=HUNG | change)
    assert refused.status_code == 422
    problem = re.search(r'<p class="problem"[^>]*>(.*?)</p>', refused.text)
    assert problem
    assert says.lower() in words(problem.group(1)).lower()
    for name, value in (HUNG | change).items():
        if name not in {"consent_by", "agreed"}:
            assert f'name="{name}" value="{value}"' in refused.text
    assert told(office) == before


async def test_somebody_of_another_place_is_as_unknown_as_nobody(
    office: Office, desk: httpx.AsyncClient
) -> None:
    here = (await desk.post(PAGE, data=HUNG)).headers["location"].split("?")[0]
    (one,) = hung(office)
    async with browser(office) as other:
        await signs_in(other, "xa-elsewhere")
        refused = await other.post(PAGE, data=HUNG)
        unknown = await other.post(PAGE, data=HUNG | {"code": "HT999999"})
        assert (refused.status_code, unknown.status_code) == (422, 422)
        assert refused.text.replace("HT000123", "HT999999") == unknown.text
        found = await other.post(f"{PAGE}/find", data={"code": "HT000123"})
        assert found.status_code == 422
        assert (await other.get(here)).status_code == 404
        end = await other.post(f"{here}/end", data={"standing": str(one.standing_id)})
        assert end.status_code == 404
    assert len(hung(office)) == 1


async def test_nobody_writes_down_relatives_without_signing_in(page: httpx.AsyncClient) -> None:
    for method, path in (
        ("GET", PAGE),
        ("POST", PAGE),
        ("POST", f"{PAGE}/find"),
        ("GET", f"{PAGE}/1"),
    ):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")


async def test_who_is_told_is_found_by_code(desk: httpx.AsyncClient) -> None:
    found = await desk.post(f"{PAGE}/find", data={"code": "ht 000123"})
    assert found.status_code == 303
    shown = words((await desk.get(found.headers["location"])).text)
    assert "Nguyễn Thị Hoa (HT000123)" in shown


def test_the_text_that_was_read_out_has_a_version() -> None:
    assert re.fullmatch(r"officer-\d{4}-\d+", CONSENT_TEXT)
