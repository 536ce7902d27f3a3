"""The data files of understanding, read once per process.

A table is tab-separated with a heading; lines that begin with `#` are notes. Words in it are
written as a person would read them; each reader folds what it compares.
"""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

_DATA: Final = "data"


def data_file(name: str) -> Traversable:
    """Where the data file `name` is."""
    return resources.files(__package__) / _DATA / name


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the table `name`, each a mapping from heading to cell; short rows end empty."""
    lines = [
        line.split("\t")
        for line in data_file(name).read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    heading, *body = lines
    return tuple(
        dict(zip(heading, cells + [""] * (len(heading) - len(cells)), strict=True))
        for cells in body
    )
