"""Telegram as a transport: updates in, replies out. python-telegram-bot reads and sends, no more.

What does not live here: what a message means (`core/conversation`), sending notices
(`notifications/gateways/telegram.py`).
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot as Api
from telegram import Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.compose import Parts
from bot.turn import Inbound, TurnResult, take
from core.phones import mobile
from core.store import contacts
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from notifications import dispatch
from notifications.gateways.telegram import pressed

_POLL_SECONDS: Final = 25
_PAUSE: Final = 3.0
_LARGEST_PAUSE: Final = 60.0
_ALLOWED: Final = ["message", "callback_query", "my_chat_member"]
_log: Final = logging.getLogger("chitra.telegram")


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn that was taken, and the button press that waits to be acknowledged."""

    result: TurnResult
    callback_id: str | None


class Bot:
    """One bot: takes updates, sends the replies that a turn wrote."""

    def __init__(self, parts: Parts) -> None:
        token = parts.settings.telegram_token
        assert token is not None  # noqa: S101  asked for by whoever makes a bot
        self._parts = parts
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[int] = []
        self._is_sending = False
        answers = HTTPXRequest(httpx_kwargs={"trust_env": False})
        updates = HTTPXRequest(read_timeout=_POLL_SECONDS + 10.0, httpx_kwargs={"trust_env": False})
        self._lines = (answers, updates)
        self.api = Api(
            token.value,
            base_url=f"{parts.settings.telegram_base_url}/bot",
            request=answers,
            get_updates_request=updates,
        )

    async def take(self, content: dict[str, Any]) -> Answered | None:
        """The turn of an update, once it is durable; None for updates that say nothing to us."""
        update = Update.de_json(content, self.api)
        # Words and presses touch no database here: a thread for each would wait behind the sends.
        if _asks_the_books(update):
            inbound = await asyncio.to_thread(self._inbound, update)
        else:
            inbound = self._inbound(update)
        if inbound is None:
            return None
        result = await asyncio.wrap_future(take(self._parts, inbound))
        query = update.callback_query
        return Answered(result, query.id if query is not None else None)

    async def send(self, answered: Answered) -> None:
        """Send the replies now; what does not leave is the worker's.

        Replies that are ready while others leave go together in the next group: each group is
        claimed, called and written down in three commits, however many leave in it.
        """
        if answered.callback_id is not None:
            try:
                await self.api.answer_callback_query(answered.callback_id)
            except TelegramError as error:  # an old press: its spinner is gone already
                _log.info("A press was not acknowledged.", extra={"error": type(error).__name__})
        self._waiting += answered.result.message_ids
        if self._is_sending:
            return
        self._is_sending = True
        try:
            await self._send_waiting()
        finally:
            self._is_sending = False

    async def _send_waiting(self) -> None:
        gateways = [one for one in self._parts.gateways if one.channel == "telegram"]
        while self._waiting:
            ids, self._waiting = self._waiting, []
            await dispatch.send_now(self._parts.store, ids, gateways, self._parts.clock)

    def keep(self, task: "asyncio.Task[None]") -> None:
        """Hold on to a task until it has ended."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Replies under way have left or failed, and connections are let go of."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        for line in self._lines:
            await line.shutdown()

    def _inbound(self, update: Update) -> Inbound | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or chat.type != "private":
            return None
        address, now = str(chat.id), self._parts.clock.now()
        key = str(update.update_id)
        if update.my_chat_member is not None:
            self._blocked(address, update.my_chat_member.new_chat_member.status == "kicked")
            return None
        if update.callback_query is not None:
            token, answer = pressed(update.callback_query.data or "")
            return Inbound("telegram", address, key, answer, now, menu_token=token)
        message = update.message
        if message is None:
            return None
        if message.contact is not None and message.contact.user_id == user.id:
            return self._own_phone(address, key, message.contact.phone_number)
        text = message.text
        return Inbound("telegram", address, key, text or "", now, is_text=text is not None)

    def _own_phone(self, address: str, key: str, number: str) -> Inbound:
        """A number that Telegram itself vouches for: known on file, it is level 1 here too."""
        now, found = self._parts.clock.now(), mobile(number)

        def work(tx: Tx) -> None:
            phone = contacts.contact_at(tx, "sms", found) if isinstance(found, str) else None
            if phone is None:
                return
            chat = contacts.ensure_contact(tx, "telegram", address, now)
            pairs = [(chat.id, one.person_id) for one in contacts.persons_at(tx, phone.id)]
            contacts.link(tx, pairs, level=1, how="telegram", now=now)

        self._parts.store.transact(work, CommitPoint.VISIT)
        return Inbound("telegram", address, key, "menu", now)

    def _blocked(self, address: str, is_blocked: bool) -> None:  # noqa: FBT001
        """Somebody who blocks the bot wants silence; who lets it back is asked before notices."""
        now = self._parts.clock.now()

        def work(tx: Tx) -> None:
            chat = contacts.contact_at(tx, "telegram", address)
            if chat is not None and is_blocked:
                contacts.stop(tx, chat.id, now)

        self._parts.store.transact(work, CommitPoint.VISIT)


def _asks_the_books(update: Update) -> bool:
    shares = update.message is not None and update.message.contact is not None
    return shares or update.my_chat_member is not None


async def poll(parts: Parts, stop: asyncio.Event) -> None:
    """Fetch updates until `stop`; an update is acknowledged only after its turn is durable."""
    bot = Bot(parts)
    try:
        await _polled(bot, stop)
    finally:
        await bot.close()


async def _polled(bot: Bot, stop: asyncio.Event) -> None:
    offset, pause = 0, _PAUSE
    while not stop.is_set():
        try:
            updates = await bot.api.get_updates(
                offset=offset, timeout=_POLL_SECONDS, allowed_updates=_ALLOWED
            )
            pause = _PAUSE
        except TelegramError as error:
            _log.warning("Telegram cannot be reached.", extra={"error": type(error).__name__})
            await _rest(stop, pause)
            pause = min(pause * 2, _LARGEST_PAUSE)
            continue
        for update in updates:
            answered = await bot.take(update.to_dict())
            offset = update.update_id + 1
            if answered is not None:
                bot.keep(asyncio.create_task(bot.send(answered)))


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
