"""The same as `imports` for a whole province's list. `python -m bench imports_province`."""

from typing import Final

from bench import imports
from bench.ground import Figure, Ground

PEOPLE: Final = 55_000
TARGET: Final = 8.0


def run(ground: Ground) -> list[Figure]:
    """Seconds until everything is committed."""
    return imports.of_size(ground, PEOPLE, TARGET)
