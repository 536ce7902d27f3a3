"""The officers' pages: sign in, the list, one case, and what is done with it."""

import asyncio
from collections.abc import AsyncIterable, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import acts, views
from bot.console.doors import COOKIE, Officer, may_see, sign_in, sign_out, signed_in
from bot.pages import page
from core.refusals import Code, Refusal
from core.store import cases
from core.store.cases import CaseRow
from core.wording import text as text_of

_STREAM_SECONDS: Final = 50
_LOOK_EVERY: Final = 0.8
_HOME: Final = "/officer"


def router(parts: Parts) -> APIRouter:
    """The routes of the officers' pages."""
    routes = APIRouter(prefix=_HOME)
    _doors(routes, parts)
    _lists(routes, parts)
    _case(routes, parts)
    _acts(routes, parts)
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
    async def show(request: Request, closed: bool = False) -> Response:  # noqa: FBT001, FBT002
        officer = await asyncio.to_thread(signed_in, parts, request)
        if officer is None:
            return _sign_in_first()
        lines = await asyncio.to_thread(views.case_lines, parts, officer, closed=closed)
        return page("officer_cases.html", officer=officer, lines=lines, closed=closed)


def _case(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/case/{case_id}")
    async def show(request: Request, case_id: int) -> Response:
        officer = await asyncio.to_thread(signed_in, parts, request)
        if officer is None:
            return _sign_in_first()
        case = await asyncio.to_thread(_seen_case, parts, officer, case_id)
        if case is None:
            return _no_such_case(officer)
        await asyncio.to_thread(acts.view_case, parts, officer, case)
        return await _shown(parts, officer, case)

    @routes.get("/case/{case_id}/stream", response_class=EventSourceResponse)
    async def stream(request: Request, case_id: int) -> AsyncIterable[ServerSentEvent]:
        officer = await asyncio.to_thread(signed_in, parts, request)
        case = (
            await asyncio.to_thread(_seen_case, parts, officer, case_id)
            if officer is not None
            else None
        )
        if officer is None or case is None:
            return
        before = request.headers.get("last-event-id", "")
        for _ in range(int(_STREAM_SECONDS / _LOOK_EVERY)):
            view = await asyncio.to_thread(views.case_view, parts, officer, case)
            if view.mark != before:
                before = view.mark
                yield ServerSentEvent(raw_data=view.mark, event="changed", id=view.mark, retry=1000)
            await asyncio.sleep(_LOOK_EVERY)


def _acts(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/case/{case_id}/take")
    async def take(request: Request, case_id: int) -> Response:
        return await _done(parts, request, case_id, lambda o: acts.take_case(parts, o, case_id))

    @routes.post("/case/{case_id}/answer")
    async def answer(
        request: Request,
        case_id: int,
        text: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
    ) -> Response:
        bare = text.strip()
        if not bare:
            return await _done(parts, request, case_id, lambda _: None)
        return await _done(
            parts,
            request,
            case_id,
            lambda o: acts.answer_case(parts, o, case_id, bare, seen),
            draft=bare,
        )

    @routes.post("/case/{case_id}/note")
    async def note(request: Request, case_id: int, text: Annotated[str, Form()] = "") -> Response:
        bare = text.strip()
        return await _done(
            parts,
            request,
            case_id,
            lambda o: acts.note_case(parts, o, case_id, bare) if bare else None,
        )

    @routes.post("/case/{case_id}/close")
    async def close(
        request: Request, case_id: int, outcome: Annotated[str, Form()] = "answered"
    ) -> Response:
        if outcome not in acts.OUTCOMES:
            return page("error.html", status=404, message=text_of("error.not_found", domain="web"))
        return await _done(
            parts, request, case_id, lambda o: acts.close_case(parts, o, case_id, outcome)
        )


async def _done(
    parts: Parts,
    request: Request,
    case_id: int,
    act: Callable[[Officer], object],
    *,
    draft: str = "",
) -> Response:
    """Do something with a case, then show it; a refusal is shown on the page, nothing is lost."""
    officer = await asyncio.to_thread(signed_in, parts, request)
    if officer is None:
        return _sign_in_first()
    case = await asyncio.to_thread(_seen_case, parts, officer, case_id)
    if case is None:
        return _no_such_case(officer)
    outcome = await asyncio.to_thread(act, officer)
    if isinstance(outcome, Refusal):
        problem = refusal_text(outcome, "vi")
        return await _shown(parts, officer, case, problem=problem, draft=draft, status=409)
    return RedirectResponse(f"{_HOME}/case/{case_id}", 303)


async def _shown(
    parts: Parts,
    officer: Officer,
    case: CaseRow,
    *,
    problem: str = "",
    draft: str = "",
    status: int = 200,
) -> HTMLResponse:
    view = await asyncio.to_thread(views.case_view, parts, officer, case)
    return page(
        "officer_case.html",
        status=status,
        officer=officer,
        view=view,
        problem=problem,
        draft=draft,
    )


def _seen_case(parts: Parts, officer: Officer, case_id: int) -> CaseRow | None:
    case = parts.store.read(lambda tx: cases.case_by_id(tx, case_id))
    return case if case is not None and may_see(parts, officer, case) else None


def _sign_in_first() -> Response:
    return RedirectResponse(f"{_HOME}/sign-in", 303)


def _no_such_case(officer: Officer) -> HTMLResponse:
    return page("officer_nothing.html", status=404, officer=officer)
