"""The officers' pages: sign in, the list, one case, and what is done with it."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import (
    acts,
    decisions_page,
    disputes_page,
    freezes_page,
    holds_page,
    home_page,
    live,
    methods_page,
    openings_page,
    recovery_page,
    relative_page,
    reports_page,
    suspense_page,
    views,
)
from bot.console.doors import COOKIE, Officer, SignedIn, seen_case, sign_in, sign_out
from bot.pages import page
from core.people import Role
from core.refusals import Code, Refusal
from core.store.cases import CaseRow
from core.wording import text as text_of

_HOME: Final = "/officer"


def router(parts: Parts) -> APIRouter:
    """The routes of the officers' pages."""
    routes = APIRouter(prefix=_HOME)
    _doors(routes, parts)
    _lists(routes, parts)
    _case(routes, parts)
    _holding(routes, parts)
    _writing(routes, parts)
    routes.include_router(live.router(parts))
    routes.include_router(relative_page.router(parts))
    routes.include_router(decisions_page.router(parts))
    routes.include_router(disputes_page.router(parts))
    routes.include_router(home_page.router(parts))
    routes.include_router(methods_page.router(parts))
    routes.include_router(openings_page.router(parts))
    routes.include_router(reports_page.router(parts))
    routes.include_router(freezes_page.router(parts))
    routes.include_router(holds_page.router(parts))
    routes.include_router(recovery_page.router(parts))
    routes.include_router(suspense_page.router(parts))
    return routes


def _doors(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/sign-in")
    async def ask() -> HTMLResponse:
        return page("officer_sign_in.html", problem="", code="")

    @routes.post("/sign-in")
    async def enter(
        request: Request,
        code: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
    ) -> Response:
        token = await asyncio.to_thread(sign_in, parts, code.strip(), password)
        if isinstance(token, Refusal):
            key = "many" if token.code is Code.CODE_TOO_MANY else "wrong"
            return page("officer_sign_in.html", status=403, problem=key, code=code[:64])
        answer = RedirectResponse(_HOME, 303)
        answer.set_cookie(
            COOKIE,
            token,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path=_HOME,
        )
        return answer

    @routes.post("/sign-out")
    async def leave(request: Request) -> Response:
        await asyncio.to_thread(sign_out, parts, request)
        answer = RedirectResponse(f"{_HOME}/sign-in", 303)
        answer.delete_cookie(COOKIE, path=_HOME)
        return answer


def _lists(routes: APIRouter, parts: Parts) -> None:
    @routes.get("")
    async def show(officer: SignedIn, closed: bool = False) -> Response:  # noqa: FBT001, FBT002
        lines = await asyncio.to_thread(views.case_lines, parts, officer, closed=closed)
        mark = await asyncio.to_thread(views.cases_mark, parts)
        return page("officer_cases.html", officer=officer, lines=lines, closed=closed, mark=mark)


def _case(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/case/{case_id}")
    async def show(officer: SignedIn, case_id: int) -> Response:
        case = await asyncio.to_thread(seen_case, parts, officer, case_id)
        if case is None:
            return _no_such_case(officer)
        await asyncio.to_thread(acts.view_case, parts, officer, case)
        return await _shown(parts, officer, case)


def _holding(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/case/{case_id}/take")
    async def take(officer: SignedIn, case_id: int) -> Response:
        return await _done(parts, officer, case_id, lambda o: acts.take_case(parts, o, case_id))

    @routes.post("/case/{case_id}/let-go")
    async def let_go(officer: SignedIn, case_id: int) -> Response:
        return await _done(parts, officer, case_id, lambda o: acts.let_go(parts, o, case_id))

    @routes.post("/case/{case_id}/close")
    async def close(
        officer: SignedIn, case_id: int, outcome: Annotated[str, Form()] = "answered"
    ) -> Response:
        if outcome not in acts.OUTCOMES:
            return page("error.html", status=404, message=text_of("error.not_found", domain="web"))
        return await _done(
            parts, officer, case_id, lambda o: acts.close_case(parts, o, case_id, outcome)
        )


def _writing(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/case/{case_id}/answer")
    async def answer(
        officer: SignedIn,
        case_id: int,
        text: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
    ) -> Response:
        bare = _bare(text)
        return await _done(
            parts,
            officer,
            case_id,
            lambda o: acts.answer_case(parts, o, case_id, bare, seen) if bare else None,
            text=bare,
            draft=bare,
        )

    @routes.post("/case/{case_id}/note")
    async def note(officer: SignedIn, case_id: int, text: Annotated[str, Form()] = "") -> Response:
        bare = _bare(text)
        return await _done(
            parts,
            officer,
            case_id,
            lambda o: acts.note_case(parts, o, case_id, bare) if bare else None,
            text=bare,
            note=bare,
        )


async def _done(
    parts: Parts,
    officer: Officer,
    case_id: int,
    act: Callable[[Officer], object],
    *,
    text: str = "",
    **written: str,
) -> Response:
    """Do something with a case, then show it; a refusal is shown on the page, nothing is lost.

    `text`: what the officer wrote; `written`: the field in which it stays when refused.
    """
    case = await asyncio.to_thread(seen_case, parts, officer, case_id)
    if case is None:
        return _no_such_case(officer)
    if len(text) > acts.LONGEST:
        problem = text_of(
            "console.too_long", domain="console", letters=len(text), most=acts.LONGEST
        )
        return await _shown(parts, officer, case, problem, status=413, **written)
    outcome = await asyncio.to_thread(act, officer)
    if isinstance(outcome, Refusal):
        problem = refusal_text(outcome, "vi")
        return await _shown(parts, officer, case, problem, status=409, **written)
    return RedirectResponse(f"{_HOME}/case/{case_id}", 303)


async def _shown(
    parts: Parts,
    officer: Officer,
    case: CaseRow,
    problem: str = "",
    *,
    status: int = 200,
    draft: str = "",
    note: str = "",
) -> HTMLResponse:
    view = await asyncio.to_thread(views.case_view, parts, officer, case)
    return page(
        "officer_case.html",
        status=status,
        officer=officer,
        view=view,
        problem=problem,
        draft=draft,
        note=note,
        most=acts.LONGEST,
        roles=list(Role),
        outcomes=acts.OUTCOMES,
    )


def _bare(text: str) -> str:
    """What was written, without blanks around it; forms send line ends as two characters."""
    return text.strip().replace("\r\n", "\n")


def _no_such_case(officer: Officer) -> HTMLResponse:
    return page("officer_nothing.html", status=404, officer=officer)
