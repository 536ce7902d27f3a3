"""The web application: its doors, what guards them, and nothing else.

What does not live here: the pages (`bot/chat`, `bot/console`, `bot/sandbox_page.py`) and hooks.
"""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from bot import health
from bot.compose import Parts
from bot.security import Guard

STATIC: Final = Path(__file__).parent / "static"


def make_app(parts: Parts) -> FastAPI:
    """The application of one process; rehearsal-only routes exist only in a rehearsal."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(health.router(parts))
    return app
