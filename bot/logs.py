"""Logs: one JSON line each on standard error, of which no line names a person.

What does not live here: what is hidden (`core/privacy.py`).
"""

import logging
import sys
from typing import Final

import structlog

from core.privacy import scrub_event
from core.settings import LogLevel

# Loggers that would write addresses or contents of requests, or each step of an upgrade.
_QUIET: Final = (
    *("httpx", "httpcore", "uvicorn.access", "telegram", "twilio.http_client", "asyncio"),
    "alembic",
)


def configure(level: LogLevel) -> None:
    """Every log line of this process goes through the scrubber."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                scrub_event,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
