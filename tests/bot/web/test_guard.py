"""Who may call what, what every answer carries, and what is not let in."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from bot.compose import Parts
from bot.security import HEADERS, MAX_BODY
from bot.web import make_app
from core.settings import Environment, Secret, TelegramMode
from notifications import dispatch
from tests.bot.web.conftest import Opening
from tests.bot.web.offices import AFTER, browser
from tests.stand_ins.bot_api import TOKEN

# Every door of the application, and the rule at it.
DOORS = {
    "GET /": "everybody",
    "GET /healthz": "everybody; touches nothing",
    "GET /readyz": "everybody; no personal data",
    "GET /metrics": "loopback, or the token",
    "GET /chat": "the visitor of the cookie",
    "POST /chat": "the visitor of the cookie; own pages only",
    "GET /chat/lines": "the visitor of the cookie",
    "GET /chat/stream": "the visitor of the cookie",
    "GET /officer/sign-in": "everybody",
    "POST /officer/sign-in": "everybody; limited tries; own pages only",
    "POST /officer/sign-out": "whoever is signed in",
    "GET /officer": "an officer",
    "GET /officer/stream": "an officer",
    "GET /officer/case/{case_id}": "an officer of the place",
    "GET /officer/case/{case_id}/stream": "an officer of the place",
    "POST /officer/case/{case_id}/measure": "an officer of the place",
    "POST /officer/case/{case_id}/take": "an officer of the place",
    "POST /officer/case/{case_id}/let-go": "an officer of the place",
    "POST /officer/case/{case_id}/answer": "an officer of the place",
    "POST /officer/case/{case_id}/note": "an officer of the place",
    "POST /officer/case/{case_id}/close": "an officer of the place",
    "GET /officer/decisions": "an officer; only what is of the place",
    "POST /officer/decisions/line/{file_id}/{row_no}": "an officer of the place",
    "POST /officer/decisions/message/{message_id}": "an officer of the place",
    "GET /officer/disputes": "an officer; only what is of the place",
    "POST /officer/disputes/{payment_id}": "an officer of the place",
    "GET /officer/reports": "an office of an area or the province; only its places",
    "GET /officer/reports/file": "an office of an area or the province; only its places",
    "GET /officer/holds": "an officer of a district or the province; only what is of the place",
    "POST /officer/holds": "an officer of a district or the province, of the place",
    "POST /officer/holds/{code}/release": "another officer of a district or the province",
    "GET /officer/self-service": "an officer who is no provider's; only people of the place",
    "POST /officer/self-service": "an officer who is no provider's, of the place",
    "POST /officer/self-service/{code}/lift": "an officer who is no provider's, of the place",
    "GET /officer/recovery": "an officer of a district or the province; only what is of the place",
    "POST /officer/recovery/{code}": "two officers of a district or the province, of the place",
    "GET /officer/suspense": "an officer of a district or the province",
    "POST /officer/suspense/{number}": "an officer of a district or the province",
    "GET /officer/home": "an officer; only what is of the place, or of the provider",
    "POST /officer/home": "an officer of the place, not a provider's",
    "POST /officer/home-visit/{number}/{word}": "an officer of the place, or of the provider",
    "GET /officer/methods": "an officer, not a provider's; only what is of the place",
    "POST /officer/methods": "an officer of the place, not a provider's",
    "POST /officer/methods/{number}/{word}": "an officer of the place; approved by another person",
    "GET /officer/openings": "an officer, not a provider's; only what is of the place",
    "POST /officer/openings/card": "an officer of the place, not a provider's",
    "POST /officer/openings/review": "an officer of the place, not a provider's",
    "GET /officer/relative": "an officer",
    "POST /officer/relative": "an officer of the place",
    "POST /officer/relative/find": "an officer of the place",
    "GET /officer/relative/{beneficiary_id}": "an officer of the place",
    "POST /officer/relative/{beneficiary_id}/end": "an officer of the place",
    "POST /hooks/twilio/status": "Twilio's signature",
}
REHEARSAL = {
    "POST /chat/as": "a rehearsal on this machine",
    "GET /chat/phones": "a rehearsal on this machine",
    "GET /sandbox": "a rehearsal on this machine",
    "GET /sandbox/stream": "a rehearsal on this machine",
}
WEBHOOK = {"POST /hooks/telegram": "Telegram's secret"}


def doors(parts: Parts) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in iter_route_contexts(make_app(parts).routes)
        for method in route.methods or ()
    }


def doors_of(opening: Opening, **settings: object) -> set[str]:
    return doors(opening(**settings).session.parts)


def test_every_route_has_a_rule(opening: Opening) -> None:
    assert doors_of(opening) == DOORS.keys() | REHEARSAL.keys()


def test_an_open_host_has_no_doors_of_a_rehearsal(opening: Opening) -> None:
    assert doors_of(opening, host="0.0.0.0") == DOORS.keys()


def test_production_has_no_doors_of_a_rehearsal(opening: Opening) -> None:
    settings = opening().session.settings
    production = opening(
        env=Environment.PRODUCTION, encryption_keys={"k": bytes(32)}, index_key=bytes(32)
    ).session
    assert settings.env is Environment.DEVELOPMENT
    assert not production.parts.may_rehearse
    assert doors(production.parts) == DOORS.keys()


def test_telegram_has_a_door_only_where_updates_come_by_webhook(opening: Opening) -> None:
    found = doors_of(
        opening,
        telegram_token=Secret(TOKEN),
        telegram_webhook_secret=Secret("s" * 20),
        telegram_mode=TelegramMode.WEBHOOK,
    )
    assert found == DOORS.keys() | REHEARSAL.keys() | WEBHOOK.keys()


@pytest.mark.parametrize(
    "path", ["/chat", "/nothing", "/healthz", "/officer", "/static/chitra.css", "/officer/case/x"]
)
async def test_every_answer_carries_the_headers(opening: Opening, path: str) -> None:
    async with browser(opening()) as page:
        answer = await page.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (path, name)
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_browser_keeps_our_files_and_no_page(opening: Opening) -> None:
    async with browser(opening()) as page:
        kept = await page.get("/static/chitra.css")
        assert "immutable" in kept.headers["cache-control"]
        assert (await page.get("/chat")).headers["cache-control"] == "no-store"
        assert (await page.get("/static/nothing.css")).status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/officer/case/x/y"])
async def test_what_is_not_there_is_a_plain_page(opening: Opening, path: str) -> None:
    async with browser(opening()) as page:
        answer = await page.get(path)
    assert answer.status_code == 404
    assert "Không có trang này." in answer.text


async def test_a_malformed_request_is_a_plain_page_too(desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/officer/case/x")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_stranger_is_asked_who_they_are_before_anything_else(opening: Opening) -> None:
    async with browser(opening()) as page:
        answer = await page.get("/officer/case/x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/officer/sign-in")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
    ],
)
async def test_a_write_from_another_site_is_refused(
    opening: Opening, headers: dict[str, str]
) -> None:
    async with browser(opening()) as page:
        answer = await page.post("/chat", data={"text": "xin chào"}, headers=headers)
    assert answer.status_code == 403
    assert "trang khác" in answer.text
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"origin": "http://127.0.0.1"}, {}],
)
async def test_a_write_from_our_own_page_is_let_in(
    opening: Opening, headers: dict[str, str]
) -> None:
    async with browser(opening()) as page:
        answer = await page.post("/chat", data={"text": "xin chào"}, headers=headers)
    assert answer.status_code == 303


async def test_a_body_that_is_too_long_is_refused(opening: Opening) -> None:
    async with browser(opening()) as page:
        answer = await page.post("/chat", content=b"text=" + b"a" * MAX_BODY)
    assert answer.status_code == 413
    assert "quá dài" in answer.text


async def test_a_body_of_unsaid_length_is_refused_once_it_is_too_long(opening: Opening) -> None:
    async def drops() -> AsyncIterator[bytes]:
        yield b"text="
        for _ in range(MAX_BODY // 1024 + 1):
            yield b"a" * 1024

    kind = {"content-type": "application/x-www-form-urlencoded"}
    async with browser(opening()) as page:
        answer = await page.post("/chat", content=drops(), headers=kind)
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["²", "-1", "many"])
async def test_a_length_that_is_no_number_is_refused(opening: Opening, length: str) -> None:
    headers = httpx.Headers({"content-length": length}, encoding="utf-8")
    async with browser(opening()) as page:
        request = page.build_request("POST", "/chat", content=b"text=a", headers=headers)
        request.headers = headers
        answer = await page.send(request)
    assert answer.status_code == 413


async def test_healthz_readyz_and_metrics_answer(opening: Opening) -> None:
    async with browser(opening()) as page:
        assert (await page.get("/healthz")).text == "ok"
        ready = await page.get("/readyz")
        assert ready.status_code in {200, 503}
        assert ready.json()["ready"] is (ready.status_code == 200)
        assert "chitra_outbox_waiting" in (await page.get("/metrics")).text


async def test_metrics_are_not_for_everybody(opening: Opening) -> None:
    async with browser(opening(metrics_token=Secret("m" * 20))) as page:
        assert (await page.get("/metrics")).status_code == 403
        wrong = await page.get("/metrics", headers={"authorization": "Bearer no"})
        assert wrong.status_code == 403
        right = await page.get("/metrics", headers={"authorization": f"Bearer {'m' * 20}"})
        assert right.status_code == 200


async def test_readyz_says_why_when_the_outbox_stands(opening: Opening) -> None:
    office = opening()
    async with browser(office) as page:
        answer = await page.get("/readyz")
    assert answer.json()["reasons"] == ["outbox"]
    assert answer.status_code == 503


async def test_metrics_tell_what_sms_a_month_used_and_may_use(opening: Opening) -> None:
    office = opening(sms_month_cost=1_000_000)
    parts = office.session.parts
    office.clock.move_to(AFTER)
    await dispatch.drain(parts.store, parts.gateways, parts.clock, parts.programme)
    async with browser(office) as page:
        told = (await page.get("/metrics")).text
    assert 'chitra_month_cost_limit{gateway="sandbox"} 1e+06' in told
    assert re.search(r'chitra_month_cost\{gateway="sandbox"\} [1-9]', told)
