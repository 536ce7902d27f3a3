"""The web application: its doors, what guards them, and nothing else.

What does not live here: the pages (`bot/chat`, `bot/console`, `bot/sandbox_page.py`) and hooks.
"""

import logging
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from bot import health, sandbox_page
from bot.chat import routes as chat
from bot.compose import Parts
from bot.console import routes as console
from bot.hooks import telegram as telegram_hook
from bot.hooks import twilio as twilio_hook
from bot.pages import STATIC, page
from bot.security import Guard
from core.wording import text

_NOT_FOUND: Final = 404
_log: Final = logging.getLogger("chitra.web")


def make_app(parts: Parts) -> FastAPI:
    """The application of one process; rehearsal-only routes exist only in a rehearsal."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # What a door needs to know who stands before it (`bot/console/doors.py`).
    app.state.parts = parts
    app.add_middleware(Guard)
    app.mount("/static", _Kept(directory=STATIC), name="static")
    app.include_router(health.router(parts))
    app.include_router(chat.router(parts))
    app.include_router(console.router(parts))
    app.include_router(twilio_hook.router(parts))
    app.include_router(telegram_hook.router(parts))
    if parts.may_rehearse:
        app.include_router(sandbox_page.router(parts))

    @app.get("/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/chat", 307)

    app.add_exception_handler(HTTPException, _said)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(Exception, _faulted)
    return app


class _Kept(StaticFiles):
    """Files whose address changes when they do: a browser keeps them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be kept for a year."""
        answer = super().file_response(*args, **kwargs)
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


async def _said(request: Request, error: Exception) -> Response:
    """An expected HTTP error as a page, or the way to another one."""
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and "location" in (error.headers or {}):
        return Response(status_code=status, headers=error.headers)
    key = "error.not_found" if status == _NOT_FOUND else "error.fault"
    return page("error.html", status=status, message=text(key, domain="web"))


async def _unread(request: Request, error: Exception) -> HTMLResponse:
    """An address or a form that no page of ours makes; what was in it is not repeated."""
    del request, error
    return page("error.html", status=404, message=text("error.not_found", domain="web"))


async def _faulted(request: Request, error: Exception) -> HTMLResponse:
    """A fault: the kind is logged, never what was being written."""
    del request
    _log.error("A page faulted.", extra={"error": type(error).__name__})
    return page("error.html", status=500, message=text("error.fault", domain="web"))
