"""A transcript: who speaks, and what is said. Written as people read it, played as they write.

# Tiền tháng này đã về.
# speaks: lan, level 2
citizen> thang ni tien ve chua o
bot> Dạ, …
bot> [1. Đã nhận đủ]
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.compose import Parts
from bot.rehearsal import act_as
from bot.transcript import BOT, CITIZEN, answered
from bot.turn import Inbound, take
from core.store import contacts, outbox
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.people import person_ids
from core.vietnamese import fold

FOLDER: Final = Path(__file__).parent
_SPEAKS: Final = re.compile(r"# speaks: (?P<who>\w+)(?:, level (?P<level>\d))?")
_CODE: Final = re.compile(r"[A-Z]{2}\d{6}")
_ADDRESSES: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message, and the lines that answer it."""

    citizen: str
    bot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """One talk. `who` is a key of the town, a beneficiary's code, or a stranger."""

    name: str
    head: tuple[str, ...]
    who: str
    level: int
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was answered to one message: the sentences by name, and the lines as read."""

    keys: tuple[str, ...]
    lines: tuple[str, ...] = field(repr=False)
    pages: tuple[str, ...] = field(repr=False)
    pending: str | None


def transcripts() -> list[Transcript]:
    return [read(path) for path in sorted(FOLDER.glob("*.txt"))]


def read(path: Path) -> Transcript:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = tuple(itertools.takewhile(lambda line: line.startswith("#"), lines))
    speaks = next(filter(None, map(_SPEAKS.fullmatch, head)), None)
    assert speaks is not None, f"{path.name}: nobody speaks"
    exchanges = tuple(_exchanges(lines[len(head) :]))
    return Transcript(path.stem, head, speaks["who"], int(speaks["level"] or 0), exchanges)


def _exchanges(lines: Sequence[str]) -> Iterator[Exchange]:
    said, answered = None, list[str]()
    for line in lines:
        if line.startswith(CITIZEN):
            if said is not None:
                yield Exchange(said, tuple(answered))
            said, answered = line.removeprefix(CITIZEN), []
        elif line.startswith(BOT):
            answered.append(line.removeprefix(BOT))
        else:
            assert not line, f"neither citizen nor bot: {line}"
    if said is not None:
        yield Exchange(said, tuple(answered))


def written(transcript: Transcript, heard: Sequence[Heard]) -> str:
    """The transcript with what is answered now."""
    lines = [*transcript.head]
    for exchange, answer in zip(transcript.exchanges, heard, strict=True):
        lines += ["", f"{CITIZEN}{exchange.citizen}", *(f"{BOT}{one}" for one in answer.lines)]
    return "\n".join(lines) + "\n"


def told(parts: Parts, transcript: Transcript, channel: str, *, marks: bool = True) -> list[Heard]:
    """Tell one transcript from the citizen's side, from an address of its own."""
    number = next(_ADDRESSES)
    address = f"09{number:08}" if channel == "sms" else f"test-{number}"
    if transcript.who != "stranger":
        parts.store.transact(
            lambda tx: _known(tx, parts, transcript, channel, address), CommitPoint.VISIT
        )
    return [
        _said(parts, _inbound(parts, transcript, channel, address, place, marks=marks))
        for place in range(len(transcript.exchanges))
    ]


def _inbound(
    parts: Parts, transcript: Transcript, channel: str, address: str, place: int, *, marks: bool
) -> Inbound:
    """The message in one place; who was given by a code is spoken of, as by `chat --as`."""
    said = transcript.exchanges[place].citizen
    text = said if marks else fold(said)
    about = transcript.who if _CODE.fullmatch(transcript.who) else ""
    return Inbound(channel, address, f"{address}:{place}", text, parts.clock.now(), about=about)


def _known(tx: Tx, parts: Parts, transcript: Transcript, channel: str, address: str) -> None:
    now = parts.clock.now()
    contact = contacts.ensure_contact(tx, channel, address, now)
    if _CODE.fullmatch(transcript.who):
        assert act_as(tx, parts, contact.id, transcript.who) is None
        return
    person = person_ids(tx, [transcript.who])[transcript.who]
    contacts.link(tx, [(contact.id, person)], level=transcript.level, how="test", now=now)


def _said(parts: Parts, inbound: Inbound) -> Heard:
    result = take(parts, inbound).result(20)
    pages = parts.store.read(
        lambda tx: tuple(one.text for one in outbox.messages(tx, result.message_ids))
    )
    keys = tuple(part.key.removesuffix(".sms") for part in result.parts)
    lines = answered(pages, [label for label, _ in result.buttons])
    return Heard(keys, tuple(lines), pages, result.pending)
