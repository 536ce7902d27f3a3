"""The officers' pages."""

from fastapi import APIRouter

from bot.compose import Parts


def router(parts: Parts) -> APIRouter:
    """The routes of the officers' pages."""
    del parts
    return APIRouter(prefix="/officer")
