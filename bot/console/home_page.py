"""The page of deliveries at home: enter a request, judge it, arrange the visit, say what came."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.cli.session import refusal_text
from bot.compose import Parts
from bot.console import home
from bot.console.doors import Officer, SignedIn
from bot.console.home import Filled
from bot.pages import page
from core.calendar import local_day
from core.labels import criterion_name, decline_reason, proof_name, window_name
from core.ledger.deliveries import FURTHEST, Criterion, Decline, Proof, Window
from core.ledger.delivery_steps import Asked
from core.refusals import Refusal
from core.wording import text as text_of

_HOME: Final = "/officer/home"
_ENTERED: Final = "entered"
_LONGEST: Final = 80
_OFTEN: Final = ("once", "standing")
# What each step's form lets one choose.
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "assess": tuple(one.value for one in Criterion),
    "accept": _OFTEN,
    "decline": tuple(one.value for one in Decline),
    # What only a provider's report can say is not for a person to choose.
    "handed": tuple(one.value for one in Proof if one is not Proof.REPORTED),
}
_WINDOWS: Final = tuple(one.value for one in Window)


@dataclass(frozen=True, slots=True)
class _Written:
    """What an officer typed, and why it was not taken. `number` 0: a new request."""

    number: int
    word: str
    problem: str
    filled: Filled = field(default_factory=Filled)
    code: str = ""
    where: str = field(default="", repr=False)
    door: str = field(default="", repr=False)
    often: str = ""


def router(parts: Parts) -> APIRouter:
    """The routes of deliveries at home."""
    routes = APIRouter()
    _list(routes, parts)
    _entry(routes, parts)
    _steps(routes, parts)
    return routes


def _list(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/home")
    async def show(officer: SignedIn, done: str = "") -> Response:
        return await _shown(parts, officer, done=done if done in home.WORDS | {_ENTERED} else "")


def _entry(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/home")
    async def enter(
        officer: SignedIn,
        code: Annotated[str, Form()] = "",
        choice: Annotated[str, Form()] = "",
        where: Annotated[str, Form()] = "",
        door: Annotated[str, Form()] = "",
        often: Annotated[str, Form()] = "",
    ) -> Response:
        if not home.may_enter(officer):
            return page("officer_nothing.html", status=404, officer=officer)
        typed = _Written(
            number=0,
            word="",
            problem="" if choice in _CHOICES["assess"] else _text("choice.missing"),
            filled=Filled(choice),
            code=code.strip()[:_LONGEST],
            where=where.strip()[: home.LONGEST],
            door=door.strip()[: home.LONGEST],
            often=often[:_LONGEST],
        )
        if typed.problem:
            return await _shown(parts, officer, status=422, written=typed)
        asked = Asked(Criterion(choice), typed.where, typed.door, often == "standing")
        done = await asyncio.to_thread(home.enter, parts, officer, typed.code, asked)
        if isinstance(done, Refusal):
            written = replace(typed, problem=refusal_text(done, "vi"))
            return await _shown(parts, officer, status=422, written=written)
        return RedirectResponse(f"{_HOME}?done={_ENTERED}#home-{done.id}", 303)


def _steps(routes: APIRouter, parts: Parts) -> None:
    @routes.post("/home-visit/{number}/{word}")
    async def step(
        officer: SignedIn,
        number: int,
        word: str,
        choice: Annotated[str, Form()] = "",
        day: Annotated[str, Form()] = "",
        window: Annotated[str, Form()] = "",
        visitor: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
    ) -> Response:
        may = home.may_enter(officer) or word in home.OF_PROVIDER
        if word not in home.WORDS or not may:
            return page("officer_nothing.html", status=404, officer=officer)
        bare = note.strip().replace("\r\n", "\n")
        filled = Filled(choice, day.strip()[:_LONGEST], window, visitor.strip()[:32], bare)
        problem = _problem(word, filled)
        if problem:
            written = _Written(number, word, problem, filled)
            return await _shown(parts, officer, status=422, written=written)
        done = await asyncio.to_thread(home.step, parts, officer, number, word, filled)
        if done is None:
            return page("officer_nothing.html", status=404, officer=officer)
        if isinstance(done, Refusal):
            written = _Written(number, word, refusal_text(done, "vi"), filled)
            return await _shown(parts, officer, status=409, written=written)
        return RedirectResponse(f"{_HOME}?done={word}#home-{number}", 303)


def _problem(word: str, filled: Filled) -> str:
    if word in _CHOICES and filled.choice not in _CHOICES[word]:
        return _text("choice.missing")
    if word == "schedule" and (not filled.day or not filled.visitor):
        return _text("day.missing")
    if word == "schedule" and filled.window not in _WINDOWS:
        return _text("window.missing")
    if word in home.WITH_NOTE and not filled.note:
        return _text("note.missing")
    if len(filled.note) > home.LONGEST:
        return text_of(
            "console.too_long", domain="console", letters=len(filled.note), most=home.LONGEST
        )
    return ""


async def _shown(
    parts: Parts,
    officer: Officer,
    *,
    status: int = 200,
    done: str = "",
    written: _Written | None = None,
) -> HTMLResponse:
    found = await asyncio.to_thread(home.deliveries_of, parts, officer)
    there = {one.number for group in found.values() for one in group}
    lost = written is not None and written.number != 0 and written.number not in there
    today = local_day(parts.clock.now())
    return page(
        "officer_home.html",
        status=status,
        officer=officer,
        found=found,
        done=done,
        written=written,
        is_lost=lost,
        may_enter=home.may_enter(officer),
        choices=_named(),
        windows={one: window_name(one) for one in _WINDOWS},
        with_note=home.WITH_NOTE,
        today=today,
        furthest=today + FURTHEST,
        most=home.LONGEST,
    )


def _named() -> dict[str, dict[str, str]]:
    """The words of what can be chosen, by step."""
    return {
        "assess": {one: criterion_name(one) for one in _CHOICES["assess"]},
        "accept": {one: _text(f"often.{one}") for one in _OFTEN},
        "decline": {one: decline_reason(one) for one in _CHOICES["decline"]},
        "handed": {one: proof_name(one) for one in _CHOICES["handed"]},
    }


def _text(key: str) -> str:
    return text_of(f"console.home.{key}", domain="console")
