"""The groups of columns that both reports share, and the cells that figures come to in them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from core.reports.figures import Figures, share, total
from core.reports.tables import Cell, Column, Kind, headed

_MONEY: Final = (
    *(("due", Kind.COUNT), ("due_amount", Kind.MONEY), ("paid", Kind.COUNT)),
    *(("paid_amount", Kind.MONEY), ("paid_share", Kind.SHARE), ("cashless", Kind.COUNT)),
    *(("cashless_share", Kind.SHARE), ("on_time", Kind.COUNT), ("on_time_share", Kind.SHARE)),
    *(("overdue", Kind.COUNT), ("waiting", Kind.COUNT), ("with_provider", Kind.COUNT)),
    *(("ready", Kind.COUNT), ("came_back", Kind.COUNT), ("came_back_amount", Kind.MONEY)),
    *(("given_back", Kind.COUNT), ("failed", Kind.COUNT)),
    *(("home_due", Kind.COUNT), ("home_paid", Kind.COUNT)),
)
_WORDS: Final = (
    *(("asked", Kind.COUNT), ("answered", Kind.COUNT), ("full", Kind.COUNT)),
    *(("full_share", Kind.SHARE), ("short", Kind.COUNT), ("not_received", Kind.COUNT)),
    *(("silent", Kind.COUNT),),
)
_SHARES: Final[dict[str, Callable[[Figures], float | None]]] = {
    "paid_share": lambda one: share(one.paid, one.due),
    "cashless_share": lambda one: share(one.cashless, one.paid),
    # Of what should be there by now: paid, or its last pay day has gone by.
    "on_time_share": lambda one: share(one.on_time, one.paid + one.overdue),
    "full_share": lambda one: share(one.full, one.answered),
}


def money_columns(lang: str) -> list[Column]:
    """What became of the money."""
    return _columns(_MONEY, lang)


def money_cells(rows: Iterable[Figures]) -> list[Cell]:
    """The cells of `money_columns` for the sum of rows."""
    return _cells(_MONEY, total(rows))


def word_columns(lang: str) -> list[Column]:
    """What people said."""
    return _columns(_WORDS, lang)


def word_cells(rows: Iterable[Figures]) -> list[Cell]:
    """The cells of `word_columns` for the sum of rows."""
    return _cells(_WORDS, total(rows))


def at(columns: Sequence[Column], name: str, lang: str) -> int:
    """Where the column of a figure stands."""
    title = headed(lang, name)[0].title
    return next(place for place, one in enumerate(columns) if one.title == title)


def _columns(names: Sequence[tuple[str, Kind]], lang: str) -> list[Column]:
    return [headed(lang, name, kind=kind)[0] for name, kind in names]


def _cells(names: Sequence[tuple[str, Kind]], row: Figures) -> list[Cell]:
    return [_SHARES[name](row) if name in _SHARES else getattr(row, name) for name, _ in names]
