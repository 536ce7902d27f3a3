"""`/healthz`, `/readyz`, `/metrics`: whether the process lives, can work, and how it is doing."""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.compose import Parts
from core.calendar import cycle_of
from core.store import outbox_health, schema
from core.store.budget import used_in

# A message that waits longer than this in loud hours means that nobody sends.
STALE_SECONDS: Final = 300
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})


@dataclass(frozen=True, slots=True)
class Readiness:
    """Why the process cannot work; nothing when it can."""

    reasons: tuple[str, ...]
    waiting: int = 0
    oldest_seconds: float = 0.0


def readiness(parts: Parts) -> Readiness:
    """What would keep this process from answering."""
    if not parts.store.answers():
        return Readiness(("database",))
    if schema.revision(parts.store) != schema.head():
        return Readiness(("migrations",))
    waiting = parts.store.read(lambda tx: outbox_health.waiting(tx, parts.clock.now()))
    late = waiting.oldest_seconds > STALE_SECONDS
    reasons = ("outbox",) if late else ()
    return Readiness(reasons, waiting.messages, waiting.oldest_seconds)


def router(parts: Parts) -> APIRouter:
    """The three routes."""
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        found = await asyncio.to_thread(readiness, parts)
        ready = not found.reasons
        return JSONResponse({"ready": ready, "reasons": found.reasons}, 200 if ready else 503)

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        if not _may_see_metrics(parts, request):
            return PlainTextResponse("", 403)
        found = await asyncio.to_thread(readiness, parts)
        return Response(_metrics(parts, found), media_type=CONTENT_TYPE_LATEST)

    return routes


def _may_see_metrics(parts: Parts, request: Request) -> bool:
    token = parts.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.value.encode())
    return request.client is not None and request.client.host in _LOOPBACK


def _metrics(parts: Parts, found: Readiness) -> bytes:
    registry = CollectorRegistry()
    Gauge("chitra_ready", "1 when the process can work", registry=registry).set(
        int(not found.reasons)
    )
    Gauge("chitra_outbox_waiting", "messages that are due", registry=registry).set(found.waiting)
    Gauge("chitra_outbox_oldest_seconds", "age of the oldest due message", registry=registry).set(
        found.oldest_seconds
    )
    states = Gauge("chitra_messages", "messages by state", ["state"], registry=registry)
    for state, count in parts.store.read(outbox_health.counts_by_state).items():
        states.labels(state=state).set(count)
    used = parts.store.read(lambda tx: used_in(tx, str(cycle_of(parts.clock.now()))))
    for name, told in (("segments", "SMS segments"), ("cost", "đồng for SMS")):
        spent = Gauge(
            f"chitra_month_{name}", f"{told} used this month", ["gateway"], registry=registry
        )
        limit = Gauge(
            f"chitra_month_{name}_limit", f"{told} a month may use", ["gateway"], registry=registry
        )
        for gateway, row in used.items():
            spent.labels(gateway=gateway).set(getattr(row, f"{name}_used"))
            most = getattr(row, f"{name}_limit")
            if most is not None:
                limit.labels(gateway=gateway).set(most)
    return generate_latest(registry)
