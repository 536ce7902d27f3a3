"""The metadata that every table hangs on, and the column kinds they share.

What does not live here: the tables themselves, one file per group of nouns beside this one.
"""

from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid alias (and so ids in writing order) only to INTEGER PRIMARY KEY.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Vnd = sa.BigInteger()
Sealed = sa.LargeBinary
Index = sa.String(32)
# `info` of a table to which rows are only ever added; its migration makes the triggers.
ONLY_ADDED: Final = {"only_added": True}
# `info` of a table that PostgreSQL keeps month by month: there its primary key ends with `cycle`.
BY_MONTH: Final = {"by_month": True}


class Instant(sa.TypeDecorator[datetime]):
    """An aware UTC instant, kept as microseconds since 1970 so that both engines sort alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Microseconds, or a TypeError for a naive datetime."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a naive datetime reached the database"
            raise TypeError(message)
        return micros(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """The instant again."""
        del dialect
        return None if value is None else instant(value)


class Day(sa.TypeDecorator[date]):
    """A calendar day in Asia/Ho_Chi_Minh, kept as ISO text."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        """YYYY-MM-DD."""
        del dialect
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        """The day again."""
        del dialect
        return None if value is None else date.fromisoformat(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Microseconds between 1970 and an aware instant, exactly."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def instant(value: int) -> datetime:
    """The aware UTC instant that lies `value` microseconds after 1970."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
