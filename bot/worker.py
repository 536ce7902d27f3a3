"""Everything that runs by itself: sending, playing unanswered turns again, sealing, clocks.

What does not live here: what any of it does; this file only says what runs, and how often.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.asking import note_questions
from bot.compose import Parts
from bot.sealing import seal
from bot.turn import replay_unanswered
from notifications import dispatch

SEAL_EVERY: Final = 60.0
REPLAY_EVERY: Final = 5.0
ASK_EVERY: Final = 30.0

_log = logging.getLogger("chitra.worker")


async def run(parts: Parts, stop: asyncio.Event) -> None:
    """Work until `stop` is set; what was begun is finished first."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(
            dispatch.run(
                parts.store,
                parts.gateways,
                parts.clock,
                stop,
                programme=parts.programme,
                second=parts.second_step,
            )
        )
        tasks.create_task(_every(SEAL_EVERY, stop, lambda: asyncio.to_thread(seal, parts)))
        tasks.create_task(_every(ASK_EVERY, stop, lambda: asyncio.to_thread(note_questions, parts)))
        tasks.create_task(
            _every(REPLAY_EVERY, stop, lambda: asyncio.to_thread(replay_unanswered, parts))
        )


async def _every(
    seconds: float, stop: asyncio.Event, work: Callable[[], Awaitable[object]]
) -> None:
    """Do `work` again and again; one that fails is logged by its kind alone, and done again."""
    while not stop.is_set():
        try:
            await work()
        except Exception as error:  # noqa: BLE001  the worker outlives one fault
            _log.error("Work failed; it is done again.", extra={"error": type(error).__name__})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
