"""What the machine cannot decide stands on a page until somebody does: on both engines."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from bot.compose import Parts
from bot.console.doors import Officer, places_of
from bot.officers import add_officer
from core.exchange.layouts import load_layout
from core.refusals import Refusal
from core.store import decisions, outbox
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD, browser, signs_in, words
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

PAGE = "/officer/decisions"
WHY = "Ngân hàng xác nhận đã chuyển"


def contradicted(office: Office, folder: Path) -> None:
    """A line against what was reported, in the commune; and a voucher with another sum."""
    back: Line = {"payment": "2104-HT000123-M-1", "day": "05/04/2021", "amount": 260000,
            "status": "Thành công"}  # fmt: skip
    results = write_list(folder / "again.xlsx", load_layout(FOLDER, "results-vietinbank"), [back])
    voucher: Line = {"voucher": "KB01", "day": "01/04/2021", "provider": "VietinBank", "amount": 1}
    funding = write_list(folder / "fund.xlsx", load_layout(FOLDER, "funding"), [voucher])
    told = ("--cycle", "2021-04", "--by", "an")
    assert office.types("import", "results", results, "--provider", "vietinbank", *told) == 3
    assert office.types("import", "funding", funding, *told) == 3


def in_doubt(office: Office) -> int:
    """A message about somebody of the commune, of which nobody knows whether it arrived."""
    message = metadata.tables["message"]

    def work(tx: Tx) -> int:
        query = sa.select(message.c.id).where(message.c.purpose == "settled").order_by(message.c.id)
        number = tx.connection.execute(query).scalars().first()
        assert number is not None
        states = ["held", "queued", "sent", "delivered", "expired"]
        # Not due for a look-up: a worker beside the test would settle it first.
        due = office.clock.now() + timedelta(days=1)
        moved = outbox.move(tx, [number], sources=states, target="unknown", due_at=due)
        assert moved == [number]
        return int(number)

    return office.session.parts.store.transact(work, CommitPoint.OUTCOME)


def state_of(office: Office, number: int) -> str:
    return office.session.parts.store.read(lambda tx: outbox.messages(tx, [number])[0].state)


def decided(office: Office) -> list[tuple[str, str, str]]:
    found = office.session.parts.store.read(decisions.decisions)
    return [(one.word, one.staff, one.note) for one in found]


def line_of(html: str) -> str:
    found = re.search(r'action="(/officer/decisions/line/\d+/\d+)"', html)
    assert found, words(html)
    return found.group(1)


async def as_district(office: Office, client: httpx.AsyncClient) -> None:
    parts = office.session.parts
    added = add_officer(parts, "huyen", "district", "479", may_sign_in=True, password=PASSWORD)
    assert not isinstance(added, Refusal)
    assert (await signs_in(client, "huyen")).status_code == 303


async def test_a_line_that_contradicts_is_kept_as_it_was_with_a_note(
    office: Office, desk: httpx.AsyncClient, tmp_path: Path
) -> None:
    contradicted(office, tmp_path)
    assert PAGE in (await desk.get("/officer")).text
    shown = (await desk.get(PAGE)).text
    assert "Kết quả chi trả · VietinBank" in words(shown)
    assert "Mã giao dịch: 2104-HT000123-M-1" in words(shown)
    assert "KB01" not in shown
    here = line_of(shown)
    refused = await desk.post(here, data={"note": "  "})
    assert refused.status_code == 422
    assert "Xin ghi vì sao" in words(refused.text)
    long = await desk.post(here, data={"note": "x" * 301})
    assert long.status_code == 422
    assert "x" * 301 in long.text
    assert decided(office) == []
    kept = await desk.post(here, data={"note": WHY})
    assert (kept.status_code, kept.headers["location"]) == (303, f"{PAGE}?done=kept")
    assert "Số liệu không thay đổi" in words((await desk.get(kept.headers["location"])).text)
    assert "action=" + f'"{here}"' not in (await desk.get(PAGE)).text
    await desk.post(here, data={"note": "lần hai"})
    assert decided(office) == [("kept", "xa-here", WHY)]
    assert office.types("ledger", "verify") == 0


async def test_the_office_sees_what_differs_and_what_is_in_suspense(
    office: Office, page: httpx.AsyncClient, tmp_path: Path
) -> None:
    contradicted(office, tmp_path)
    await as_district(office, page)
    shown = words((await page.get(PAGE)).text)
    assert "Số tiền: đang giữ 270.000 đ · dòng này ghi 1 đ" in shown
    assert "2104-HT999999-M-1" in shown
    assert "100 đ đang treo" in shown
    assert "Tệp: fund.xlsx" in shown


async def test_the_officers_places_are_read_once_for_a_page(
    office: Office, desk: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contradicted(office, tmp_path)
    in_doubt(office)
    asked: list[str] = []

    def counted(parts: Parts, officer: Officer) -> tuple[list[str], list[str]]:
        asked.append(officer.code)
        return places_of(parts, officer)

    monkeypatch.setattr("bot.console.decisions.places_of", counted)
    assert (await desk.get(PAGE)).status_code == 200
    assert asked == ["xa-here"]


async def test_somebody_elsewhere_sees_nothing_and_decides_nothing(
    office: Office, desk: httpx.AsyncClient, tmp_path: Path
) -> None:
    contradicted(office, tmp_path)
    number = in_doubt(office)
    here = line_of((await desk.get(PAGE)).text)
    async with browser(office) as other:
        await signs_in(other, "xa-elsewhere")
        shown = words((await other.get(PAGE)).text)
        assert "HT000123" not in shown
        assert "HT999999" not in shown
        assert (await other.post(here, data={"note": WHY})).status_code == 404
        reached = await other.post(f"{PAGE}/message/{number}", data={"word": "reached"})
        nobody = await other.post(f"{PAGE}/message/999999", data={"word": "reached"})
        assert (reached.status_code, reached.text) == (404, nobody.text)
    assert decided(office) == []
    assert state_of(office, number) == "unknown"


@pytest.mark.parametrize(("word", "state"), [("reached", "sent"), ("not_reached", "queued")])
async def test_a_message_in_doubt_is_settled_once_by_who_found_out(
    office: Office, desk: httpx.AsyncClient, word: str, state: str
) -> None:
    number = in_doubt(office)
    shown = words((await desk.get(PAGE)).text)
    assert "Báo đã chuyển" in shown
    assert not re.search(r"\b0\d{9}\b", shown)
    assert (await desk.post(f"{PAGE}/message/{number}", data={"word": "x"})).status_code == 404
    done = await desk.post(f"{PAGE}/message/{number}", data={"word": word})
    assert done.headers["location"] == f"{PAGE}?done={word}"
    assert state_of(office, number) == state
    again = await desk.post(f"{PAGE}/message/{number}", data={"word": "reached"})
    assert again.status_code == 404
    assert decided(office) == [(word, "xa-here", "")]


async def test_a_suspense_line_leaves_the_list_when_the_provider_withdraws_it(
    office: Office, page: httpx.AsyncClient, tmp_path: Path
) -> None:
    await as_district(office, page)
    assert "HT999999" in (await page.get(PAGE)).text
    gone: Line = {"payment": "2104-HT999999-M-1", "day": "08/04/2021", "amount": 100,
            "status": "Báo nhầm"}  # fmt: skip
    path = write_list(tmp_path / "gone.xlsx", load_layout(FOLDER, "results-post"), [gone])
    told = ("--cycle", "2021-04", "--provider", "post", "--by", "an")
    office.does([("import", "results", path, *told)])
    assert "HT999999" not in (await page.get(PAGE)).text


@pytest.mark.parametrize("verb", ["UPDATE decision SET note = NULL", "DELETE FROM decision"])
async def test_a_decision_is_never_changed(
    office: Office, desk: httpx.AsyncClient, verb: str
) -> None:
    await desk.post(f"{PAGE}/message/{in_doubt(office)}", data={"word": "reached"})
    store = office.session.parts.store
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        store.engine.begin() as connection,
    ):
        connection.exec_driver_sql(verb)
    assert len(decided(office)) == 1


async def test_nobody_decides_without_signing_in(page: httpx.AsyncClient) -> None:
    for method, path in (
        ("GET", PAGE),
        ("POST", f"{PAGE}/line/1/1"),
        ("POST", f"{PAGE}/message/1"),
    ):
        answer = await page.request(method, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")
