"""The sentences that understanding is trained on: ours by intent, and the development set."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zlib import crc32

from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import normalise

FOLDER: Final = Path(__file__).resolve().parent / "sentences"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what it wants and what kind of writing it is."""

    text: str
    intent: Intent
    tags: tuple[str, ...]
    source: str  # `own` or `dev`


def sentences(folder: Path = FOLDER) -> list[Sentence]:
    """All sentences, in a fixed order."""
    return [*_dev(folder), *_own(folder)]


def _dev(folder: Path) -> list[Sentence]:
    lines = (folder / "dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [Sentence(row["text"], Intent(row["intent"]), tuple(row["tags"]), "dev") for row in rows]


def _own(folder: Path) -> list[Sentence]:
    found = []
    for path in sorted((folder / "own").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            text, _, tags = line.partition("\t")
            if text.strip() and not line.startswith("#"):
                split = tuple(tag for tag in re.split(r"[,\s]+", tags) if tag)
                found.append(Sentence(text, Intent(path.stem), split, "own"))
    return found


def is_blind(one: Sentence) -> bool:
    """Whether this sentence is kept from the eyes of those who write phrases (decision 0042)."""
    return one.source == "own" and crc32(one.text.encode()) % 5 == 0


def groups(some: Sequence[Sentence]) -> list[int]:
    """A number for each sentence; near-copies (folded words, in any order) share one."""
    numbers: dict[frozenset[str], int] = {}
    return [
        numbers.setdefault(frozenset(normalise(one.text).words) or frozenset([one.text]), place)
        for place, one in enumerate(some)
    ]
