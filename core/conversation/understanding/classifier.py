"""A linear scorer over words, letters and ideas, in plain Python.

Each feature has a row of weights, one for each intent. A row is kept as one wide integer with a
lane of 32 bits for each weight, so that adding up a message is adding integers: some ten
microseconds where a loop over lists would need a thousand. Weights are stored with an offset, as
lanes have no sign; one lane counts the rows added, to take the offset off again, and one adds up
the squared rarity of the features, by whose root the sum is scaled.

The file is written by `python -m training.train`.
"""

import json
import math
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from core.conversation.understanding import features, tables
from core.conversation.understanding.features import Block, Reading
from core.conversation.understanding.intents import Intent

FILE: Final = "weights.bin"
LANES: Final = 32
RARITY_LANE: Final = 30
COUNT_LANE: Final = 31
OFFSET: Final = 4096
RARITY_UNITS: Final = 256
_ROW: Final = struct.Struct(f"<{LANES}I")
_LENGTH: Final = struct.Struct("<I")
_WORDS_KEPT: Final = 8192


@dataclass(frozen=True, slots=True)
class Weights:
    """The rows of each block, and what turns their sum into a score."""

    fingerprint: str
    intents: tuple[Intent, ...]
    rows: Mapping[Block, Mapping[str, int]]
    scale: Mapping[Block, float]
    bias: tuple[float, ...]
    temperature: float
    letters: dict[str, int] = field(default_factory=dict, repr=False)  # sums by word, seen lately


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each intent fits: `logits` in the order of `intents`."""

    intents: tuple[Intent, ...]
    logits: tuple[float, ...]

    def plus(self, boosts: Mapping[Intent, float]) -> "Scores":
        """The same scores with some intents raised or lowered."""
        if not boosts:
            return self
        raised = (
            logit + boosts.get(intent, 0.0)
            for intent, logit in zip(self.intents, self.logits, strict=True)
        )
        return Scores(self.intents, tuple(raised))

    def best(self) -> Intent:
        """The intent with the highest score."""
        return self.intents[self.logits.index(max(self.logits))]

    def ranked(self) -> list[tuple[Intent, float]]:
        """Intents with their shares, which sum to 1, the best first."""
        highest = max(self.logits)
        powers = [math.exp(logit - highest) for logit in self.logits]
        total = sum(powers)
        shares = [
            (intent, power / total) for intent, power in zip(self.intents, powers, strict=True)
        ]
        return sorted(shares, key=lambda one: -one[1])


def scores(reading: Reading, trained: Weights) -> Scores:
    """The scores of a message."""
    logits = list(trained.bias)
    for block, total in (
        (Block.WORDS, _sum(trained.rows[Block.WORDS], features.word_features(reading.kinds))),
        (Block.LETTERS, sum([_letters(kind, trained) for kind in reading.kinds])),
        (Block.IDEAS, _sum(trained.rows[Block.IDEAS], features.idea_features(reading.ideas))),
    ):
        _add(logits, total, trained.scale[block])
    return Scores(trained.intents, tuple(logit / trained.temperature for logit in logits))


def known_share(reading: Reading, trained: Weights) -> float:
    """Which part of the words and word pairs the training sentences contain; 0 for no words.

    Pairs count most: nearly every Vietnamese syllable has been seen, few pairs of two have.
    """
    names = features.word_features(reading.kinds)[:-2]
    if not names:
        return 0.0
    known = trained.rows[Block.WORDS]
    return sum([name in known for name in names]) / len(names)


@cache
def weights() -> Weights:
    """The trained weights, read once."""
    return unpacked(tables.data_file(FILE).read_bytes())


def packed_row(values: Sequence[int], rarity: int) -> bytes:
    """One row as stored: a weight for each intent, the squared rarity, and a count of one."""
    lanes = [value + OFFSET for value in values] + [0] * (RARITY_LANE - len(values))
    return _ROW.pack(*lanes, rarity, 1)


def packed(header: Mapping[str, object], blocks: Iterable[tuple[Sequence[str], bytes]]) -> bytes:
    """The file: a header of one line, then names and rows of each block, compressed."""
    body = bytearray()
    for names, rows in blocks:
        written = "\n".join(names).encode()
        body += _LENGTH.pack(len(written)) + written + rows
    line = json.dumps(header, ensure_ascii=False, sort_keys=True)
    return line.encode() + b"\n" + zlib.compress(bytes(body), 9)


def unpacked(content: bytes) -> Weights:
    """The weights of a file that `packed` made."""
    line, _, compressed = content.partition(b"\n")
    header = json.loads(line)
    body = memoryview(zlib.decompress(compressed))
    rows: dict[Block, Mapping[str, int]] = {}
    at = 0
    for block in Block:
        names, at = _names(body, at)
        ends = range(at + _ROW.size, at + _ROW.size * (len(names) + 1), _ROW.size)
        rows[block] = {
            name: int.from_bytes(body[end - _ROW.size : end], "little")
            for name, end in zip(names, ends, strict=True)
        }
        at += _ROW.size * len(names)
    return Weights(
        fingerprint=header["fingerprint"],
        intents=tuple(map(Intent, header["intents"])),
        rows=rows,
        scale={block: header["scale"][block] for block in Block},
        bias=tuple(header["bias"]),
        temperature=header["temperature"],
    )


def _names(body: memoryview, at: int) -> tuple[list[str], int]:
    (length,) = _LENGTH.unpack_from(body, at)
    at += _LENGTH.size
    return bytes(body[at : at + length]).decode().split("\n"), at + length


def _sum(rows: Mapping[str, int], names: Iterable[str]) -> int:
    return sum([rows[name] for name in names if name in rows])


def _letters(word: str, trained: Weights) -> int:
    found = trained.letters.get(word)
    if found is None:
        found = _sum(trained.rows[Block.LETTERS], features.letter_features(word))
        if len(trained.letters) >= _WORDS_KEPT:
            trained.letters.clear()
        trained.letters[word] = found
    return found


def _add(logits: list[float], total: int, scale: float) -> None:
    """Adds the sum of a block to the logits, scaled by the root of its squared rarity."""
    lanes = _ROW.unpack(total.to_bytes(_ROW.size, "little"))
    if not lanes[COUNT_LANE]:
        return
    factor = scale / math.sqrt(lanes[RARITY_LANE] / RARITY_UNITS)
    base = lanes[COUNT_LANE] * OFFSET
    for place, lane in enumerate(lanes[: len(logits)]):
        logits[place] += (lane - base) * factor
