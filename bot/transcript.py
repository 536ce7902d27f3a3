"""A talk as a test: the form in which talks are kept under tests/transcripts.

# thang-nay
# speaks: HT000001, level 2

citizen> thang ni tien ve chua o
bot> Dạ, …
bot> [1. Đã nhận đủ]
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.rehearsal import Said
from core.people import LINKED

CITIZEN: Final = "citizen> "
BOT: Final = "bot> "
# The number of a case differs from run to run, and may.
_REFERENCE: Final = re.compile(r"(?<=số việc )\d{4} \d{4}")


def answered(texts: Sequence[str], buttons: Sequence[str]) -> Iterator[str]:
    """The lines of one answer as they are read, without what differs from run to run."""
    for text in texts:
        yield from (_REFERENCE.sub("#### ####", line) for line in text.splitlines())
    for label in buttons:
        yield f"[{label}]"


def transcript(name: str, code: str, talk: Sequence[tuple[str, Said]]) -> str:
    """What was said and answered, by the person with this code or, without one, by a stranger."""
    speaks = f"{code}, level {LINKED}" if code else "stranger"
    lines = [f"# {name}", f"# speaks: {speaks}"]
    for text, said in talk:
        labels = [label for label, _ in said.turn.buttons]
        lines += ["", f"{CITIZEN}{text}", *(BOT + one for one in answered(said.texts, labels))]
    return "\n".join(lines)
