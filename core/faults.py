"""The root of what must not happen: a fault is raised, a refusal is returned.

The docstring of each class is its message, with `{names}` filled from the values given, so that
the reference, the code and the log cannot drift apart. `key` finds the same sentence in the
language of the reader (`locales/<lang>/faults.po`).

What does not live here: the expected "no" (`core/refusals.py`), and the faults of one module,
which stand in that module.
"""

import inspect
import re
from typing import Self


class Fault(Exception):
    """Something happened that must not happen."""

    values: dict[str, object]

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.values = values
        super().__init__(sentence(type(self), values) if message is None else message)

    @property
    def key(self) -> str:
        """The name of the sentence in the catalogue: `fault.bad_setting` for `BadSetting`."""
        return fault_key(type(self))

    def __reduce__(self) -> tuple[object, ...]:
        """A fault keeps its sentence and its values on the way to another process."""
        return _restored, (type(self), str(self), self.values)

    @classmethod
    def restored(cls, message: str, values: dict[str, object]) -> Self:
        """The fault as it was before it travelled."""
        fault = cls.__new__(cls)
        Exception.__init__(fault, message)
        fault.values = values
        return fault


def sentence(kind: type[Fault], values: dict[str, object]) -> str:
    """The first paragraph of the docstring of `kind`, on one line, with `values` put in."""
    text = inspect.getdoc(kind) or kind.__name__
    line = " ".join(text.split("\n\n", 1)[0].split())
    return line.format(**values) if values else line


def fault_key(kind: type[Fault]) -> str:
    """`fault.` and the class name in small letters with underscores."""
    return "fault." + re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def _restored(kind: type[Fault], message: str, values: dict[str, object]) -> Fault:
    return kind.restored(message, values)
