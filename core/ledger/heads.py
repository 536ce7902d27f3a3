"""The heads of the chain outside the database: one line for each block, only ever added to.

Whoever cuts the chain in the database would have to know this file as well. A line is
`number last-event fingerprint time`.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from core.faults import Fault
from core.store.chain import Block


class BadHeads(Fault):
    """Line {line} of the file of chain heads cannot be read."""


def noted(path: Path) -> dict[int, str]:
    """Fingerprints by block number; empty when there is no file.

    Raises: BadHeads.
    """
    if not path.exists():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        words = line.split()
        if len(words) != 4 or not words[0].isdigit():  # noqa: PLR2004  the four words of a line
            raise BadHeads(line=number)
        found[int(words[0])] = words[2]
    return found


def note(path: Path, blocks: Sequence[Block]) -> None:
    """Add the lines of blocks that are not there yet; on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = {line.split(" ", 1)[0] for line in file}
        for block in blocks:
            if str(block.id) not in known:
                at = block.sealed_at.isoformat()
                file.write(f"{block.id} {block.last_event} {block.hash} {at}\n")
        file.flush()
        os.fsync(file.fileno())


def last_noted(path: Path) -> int:
    """The number of the newest block in the file; 0 when there is none."""
    return max(noted(path), default=0)
