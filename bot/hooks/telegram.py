"""`/hooks/telegram`: updates by webhook. The turn is durable before Telegram is answered."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from bot.compose import Parts
from core.settings import TelegramMode


def router(parts: Parts) -> APIRouter:
    """The hook; it exists where updates come by webhook."""
    secret = parts.settings.telegram_webhook_secret
    if parts.settings.telegram_mode is not TelegramMode.WEBHOOK or secret is None:
        return APIRouter()
    from bot.channels.telegram import Bot

    bot = Bot(parts)

    @asynccontextmanager
    async def while_served(app: FastAPI) -> AsyncIterator[None]:
        del app
        try:
            yield
        finally:
            await bot.close()

    routes = APIRouter(lifespan=while_served)

    @routes.post("/hooks/telegram")
    async def update(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), secret.value.encode()):
            return Response(status_code=403)
        try:
            content = json.loads(await request.body())
        except ValueError:
            return Response(status_code=400)
        if not isinstance(content, dict) or not isinstance(content.get("update_id"), int):
            return Response(status_code=400)
        answered = await bot.take(content)
        if answered is not None:
            # Sent beside the answer: Telegram must not wait for our own call to it.
            task = asyncio.create_task(bot.send(answered))
            bot.keep(task)
        return Response(status_code=200)

    return routes
