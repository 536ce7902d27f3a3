"""Rendering pages: one environment, sentences from the `web` and `console` catalogues, no markup
from data.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core import wording
from core.calendar import hanoi
from core.money import dotted

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
_AMOUNT: Final = re.compile(r"(\d) đ")


def page(name: str, *, lang: str = "vi", status: int = 200, **values: Any) -> HTMLResponse:
    """A page in a language."""
    html = _environment(lang).get_template(name).render(lang=lang, **values)
    return HTMLResponse(html, status)


def fragment(name: str, *, lang: str = "vi", **values: Any) -> str:
    """A piece of a page."""
    return _environment(lang).get_template(name).render(lang=lang, **values)


@lru_cache
def _environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = _teller(lang)
    made.globals["asset"] = asset
    made.filters["clock"] = clock_time
    made.filters["day"] = short_day
    made.filters["long_day"] = _day_teller(lang)
    made.filters["date"] = wording.short_date
    made.filters["dong"] = dotted
    made.filters["unbroken"] = unbroken
    made.filters["percent"] = percent
    return made


def _teller(lang: str) -> Callable[..., str]:
    def told(key: str, **values: str | int) -> str:
        domain = "console" if key.startswith("console.") else "web"
        return wording.text(key, lang, domain, **values)

    return told


def _day_teller(lang: str) -> Callable[[datetime], str]:
    return lambda at: wording.long_date(hanoi(at).date(), lang)


@lru_cache
def asset(name: str) -> str:
    """The address of a file of ours, which changes when the file does."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?v={mark}"


def unbroken(text: str) -> str:
    """The text with each amount kept together with its unit on one line."""
    return _AMOUNT.sub("\\1\u00a0đ", text)


def percent(value: float) -> str:
    """`12,5%`, as Vietnamese writes a share."""
    return f"{value:.1%}".replace(".", ",")


def clock_time(at: datetime) -> str:
    """`09:05`, in Hà Nội."""
    return f"{hanoi(at):%H:%M}"


def short_day(at: datetime) -> str:
    """`09/04/2021`, in Hà Nội."""
    return wording.short_date(hanoi(at).date())
