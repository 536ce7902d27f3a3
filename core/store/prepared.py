"""Statements turned into text once, for what every message of a conversation asks.

Running a Core expression costs several times what SQLite needs to answer it. Its text, kept with
what its values and columns go through and given to the driver itself, costs a third; the words,
the transaction and the errors are those of Core. Measured: docs/decisions/0106.

What does not live here: any statement (one query file per noun beside this one), and sets of rows
(`core/store/rows.py`), whose text depends on their number.
"""

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from core.store.engine import Tx

_Convert = Callable[[Any], Any]


class Prepared:
    """One statement whose words never change, the same or its own for each dialect.

    Values are given by the names of its bind parameters, an INSERT's by its columns; a name that
    it does not know is left aside. Rows are named tuples by column.
    """

    def __init__(self, statement: Any, columns: Sequence[str] = ()) -> None:
        """`statement`: a Core statement, or one by dialect. `columns`: those an INSERT is given."""
        self._statement: Final = statement
        self._columns: Final = tuple(columns)
        self._texts: dict[str, _Text] = {}

    def all(self, tx: Tx, values: Mapping[str, Any]) -> list[Any]:
        """Every row that it yields.

        Raises: KeyError, where a value is missing.
        """
        text = self._text_for(tx)
        found = _sent(tx.connection, text.words, text.given(values)).fetchall()
        return [text.row(one) for one in found]

    def first(self, tx: Tx, values: Mapping[str, Any]) -> Any | None:
        """The first row, None if there is none.

        Raises: KeyError, where a value is missing.
        """
        found = self.all(tx, values)
        return found[0] if found else None

    def run(self, tx: Tx, values: Mapping[str, Any]) -> None:
        """Run a statement that yields no rows.

        Raises: KeyError, where a value is missing.
        """
        text = self._text_for(tx)
        _sent(tx.connection, text.words, text.given(values))

    def _text_for(self, tx: Tx) -> "_Text":
        known = self._texts.get(tx.dialect)
        if known is None:
            # Two threads may both come here: they make the same.
            given = self._statement
            statement = given[tx.dialect] if isinstance(given, Mapping) else given
            known = _Text(statement, self._columns, tx.connection.dialect)
            self._texts[tx.dialect] = known
        return known


def _sent(connection: sa.Connection, words: str, given: Any) -> Any:
    """The driver's cursor behind a statement.

    Raises: DBAPIError, as Core raises it; a connection that was lost is given up first.
    """
    _tell(connection, words, given)
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(words, given)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_core(connection, words, error) from error


@contextmanager
def as_core_does(connection: sa.Connection, words: str) -> Iterator[None]:
    """What the driver is asked by other means is told to listeners and fails as Core fails."""
    _tell(connection, words, ())
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_core(connection, words, error) from error


def _tell(connection: sa.Connection, words: str, given: Any) -> None:
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, words, given, None, False)


def _as_core(connection: sa.Connection, words: str, error: Any) -> BaseException:
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    lost = dialect.is_disconnect(error, driver, None)
    if lost:
        connection.invalidate(error)
    # Never its values: they are sealed bytes, keys and codes.
    found: BaseException = DBAPIError.instance(
        words,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
    return found


class _Text:
    """The words of a statement in one dialect, what goes in, and what comes out."""

    def __init__(self, statement: Any, columns: Sequence[str], dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        self.words: Final = str(compiled)
        binds = {name: _Bind.of(compiled.binds[name], dialect) for name in _names(compiled)}
        order = compiled.positiontup
        self._in_order: Final = None if order is None else [(n, binds[n]) for n in order]
        self._by_name: Final = list(binds.items())
        yielded = tuple(statement.exported_columns)
        self._out: Final = [_result(column.type, dialect) for column in yielded]
        self._converts: Final = any(self._out)
        self._make: Final = _row_of([column.name for column in yielded])

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them: in order, or by name."""
        if self._in_order is not None:
            return tuple(bind.value(name, values) for name, bind in self._in_order)
        return {name: bind.value(name, values) for name, bind in self._by_name}

    def row(self, found: Any) -> Any:
        """A row of the driver with the values that its columns mean."""
        if not self._converts:
            return self._make(found)
        return self._make(
            one if convert is None else convert(one)
            for one, convert in zip(found, self._out, strict=True)
        )


class _Bind:
    """A bind parameter: given each time, or the same for ever."""

    __slots__ = ("_convert", "_fixed", "_is_given")

    def __init__(self, convert: _Convert | None, *, is_given: bool, fixed: Any) -> None:
        self._convert = convert
        self._is_given = is_given
        self._fixed = fixed

    @classmethod
    def of(cls, bind: sa.BindParameter[Any], dialect: sa.Dialect) -> "_Bind":
        """The parameter as a dialect takes it."""
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        fixed = None if bind.required else bind.value
        if convert is not None and fixed is not None:
            fixed = convert(fixed)
        return cls(convert, is_given=bind.required, fixed=fixed)

    def value(self, name: str, values: Mapping[str, Any]) -> Any:
        """What the driver is given."""
        if not self._is_given:
            return self._fixed
        found = values[name]
        return found if self._convert is None else self._convert(found)


def _row_of(names: Sequence[str]) -> _Convert:
    """Makes named tuples with these columns; a name that no attribute can have is numbered."""
    # A type checker wants columns that it can read.
    make: Any = collections.namedtuple  # noqa: PYI024
    found: _Convert = make("_Row", names, rename=True)._make
    return found


def _names(compiled: Any) -> Sequence[str]:
    return list(dict.fromkeys(compiled.bind_names.values()))


def _result(kind: Any, dialect: sa.Dialect) -> _Convert | None:
    found: _Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
