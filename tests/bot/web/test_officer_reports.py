"""The page of reports: an office's own places, the same figures as the file, and nobody else's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import httpx
import openpyxl
import pytest

from bot.officers import add_officer
from core.refusals import Refusal
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.offices import PASSWORD, browser, signs_in, words


@asynccontextmanager
async def at(office: Office, role: str, place: str) -> AsyncIterator[httpx.AsyncClient]:
    parts = office.session.parts
    code = f"{role}-{place}".replace("*", "tinh")
    added = add_officer(parts, code, role, place, may_sign_in=True, password=PASSWORD)
    assert not isinstance(added, Refusal)
    async with browser(office) as page:
        assert (await signs_in(page, code)).status_code == 303
        yield page


async def test_an_offices_month_is_shown_with_the_head(office: Office) -> None:
    async with at(office, "district", "479") as page:
        shown = await page.get("/officer/reports?kind=month&month=2021-04")
    said = words(shown.text)

    assert shown.status_code == 200
    assert "Báo cáo chi trả tháng 04/2021" in said
    assert "Mã băm chuỗi sổ cái" in said
    assert "Cộng Thị xã Hương Thủy" in said
    assert "Phú Lộc" not in said


async def test_the_province_sees_all_areas(office: Office) -> None:
    async with at(office, "province", "*") as page:
        said = words((await page.get("/officer/reports?kind=month&month=2021-04")).text)

    assert "Cộng Thị xã Hương Thủy" in said
    assert "Cộng Huyện Phú Lộc" in said


@pytest.mark.parametrize("kind", ["progress", "alarms"])
async def test_the_other_reports_are_shown_too(office: Office, kind: str) -> None:
    async with at(office, "province", "*") as page:
        shown = await page.get(f"/officer/reports?kind={kind}&day=2021-04-09")

    assert shown.status_code == 200
    assert "Cảnh báo thất thoát" in words(shown.text)


async def test_the_file_holds_the_same_month(office: Office) -> None:
    async with at(office, "province", "*") as page:
        answer = await page.get("/officer/reports/file?kind=month&month=2021-04")
    book = openpyxl.load_workbook(BytesIO(answer.content))

    assert answer.headers["content-disposition"].endswith('month-2021-04.xlsx"')
    assert book["Chi trả"]["A1"].value == "Báo cáo chi trả tháng 04/2021: Chi trả"


async def test_a_commune_has_no_reports(desk: httpx.AsyncClient) -> None:
    for path in ("/officer/reports", "/officer/reports/file?kind=month"):
        answer = await desk.get(path)
        assert answer.status_code == 404
        assert "cấp tỉnh" in words(answer.text)
    assert "/officer/reports" not in (await desk.get("/officer")).text


@pytest.mark.parametrize(
    "query", ["", "?kind=x", "?kind=month&month=tháng tư", "?kind=progress&day=x"]
)
async def test_what_cannot_be_read_is_no_fault(office: Office, query: str) -> None:
    async with at(office, "province", "*") as page:
        assert (await page.get(f"/officer/reports{query}")).status_code == 200
        assert (await page.get("/officer/reports/file?kind=x")).status_code == 404


async def test_nobody_unknown_sees_anything(page: httpx.AsyncClient) -> None:
    for path in ("/officer/reports", "/officer/reports/file?kind=month"):
        assert (await page.get(path)).headers["location"] == "/officer/sign-in"


async def test_who_looked_is_noted(office: Office) -> None:
    async with at(office, "province", "*") as page:
        await page.get("/officer/reports?kind=month&month=2021-04")
    seen = metadata.tables["view_log"]
    with office.session.parts.store.engine.connect() as connection:
        subjects = [row.subject for row in connection.execute(seen.select())]

    assert subjects == ["report:month:2021-04"]
