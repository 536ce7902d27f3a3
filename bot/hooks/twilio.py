"""`/hooks/twilio/status`: what became of an SMS, signed by Twilio."""

import asyncio
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.compose import Parts
from core.store.commit_points import CommitPoint
from notifications import receipts
from notifications.gateways.twilio import is_signed, receipt_of

PATH = "/hooks/twilio/status"
# No message of ours has a longer number, and a database has no place for one.
_DIGITS = 18


def router(parts: Parts) -> APIRouter:
    """The hook; every receipt is signed, and the same one twice is one."""
    routes = APIRouter()

    @routes.post(PATH)
    async def status(request: Request) -> Response:
        body = await request.body()
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        token, public = parts.settings.twilio_auth_token, parts.settings.public_url
        signature = request.headers.get("x-twilio-signature", "")
        if token is None or public is None:
            return Response(status_code=404)
        url = f"{public}{PATH}" + (f"?{request.url.query}" if request.url.query else "")
        if not is_signed(token.value, url, form, signature):
            return Response(status_code=403)
        mark = request.query_params.get("message", "")
        report = receipt_of(_message_of(mark), dict(form))
        now = parts.clock.now()
        await asyncio.to_thread(
            parts.store.transact,
            lambda tx: receipts.take_in(tx, [report], now),
            CommitPoint.RECEIPT,
        )
        return Response(status_code=204)

    return routes


def _message_of(mark: str) -> int | None:
    return int(mark) if mark.isdecimal() and len(mark) <= _DIGITS else None
