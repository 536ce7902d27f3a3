"""The page of reports: chosen with a form, printed from the browser, or taken as a spreadsheet."""

import asyncio
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from bot.compose import Parts
from bot.console import reports
from bot.console.doors import Officer, SignedIn
from bot.pages import page
from core.reports.month import made_line
from core.reports.workbook import workbook

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def router(parts: Parts) -> APIRouter:
    """The routes of reports."""
    routes = APIRouter(prefix="/reports")

    @routes.get("")
    async def show(officer: SignedIn, kind: str = "", month: str = "", day: str = "") -> Response:
        if not reports.may_see(officer):
            return page("officer_no_reports.html", status=404, officer=officer)
        return await _shown(parts, officer, reports.wanted(parts, kind, month, day))

    @routes.get("/file")
    async def take(officer: SignedIn, kind: str = "", month: str = "", day: str = "") -> Response:
        one = reports.wanted(parts, kind, month, day)
        if not reports.may_see(officer) or not one.kind:
            return page("officer_no_reports.html", status=404, officer=officer)
        made = await asyncio.to_thread(reports.report_for, parts, officer, one)
        content = await asyncio.to_thread(workbook, made, "vi")
        name = f"bao-cao-{one.kind}-{one.month if one.kind == 'month' else one.day}.xlsx"
        told = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=_XLSX, headers=told)

    return routes


async def _shown(parts: Parts, officer: Officer, one: reports.Wanted) -> Response:
    made = await asyncio.to_thread(reports.report_for, parts, officer, one) if one.kind else None
    return page(
        "officer_reports.html",
        officer=officer,
        wanted=one,
        report=made,
        made=made_line(made, "vi") if made is not None else (),
    )
