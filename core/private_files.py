"""Files that hold names and accounts: only the user who runs Chi Trả reads them.

What does not live here: the file of keys (`core/keys.py`), which is never written twice.
"""

import os
from pathlib import Path
from typing import Final

_OURS: Final = 0o600


def emptied(path: Path) -> Path:
    """The same path, at which an empty file now stands that nobody else can read.

    Narrowed before anything is written into it, also where an older file was open to all.
    Raises: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OURS)
    try:
        os.fchmod(handle, _OURS)
    finally:
        os.close(handle)
    return path


def made(path: Path) -> None:
    """Make an empty file that nobody else can read; one that is there stays as it is.

    Raises: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, _OURS))
