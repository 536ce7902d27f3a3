"""Makes the weights that the product ships, from the sentences in this folder.

`python -m training.train` writes core/conversation/understanding/data/weights.bin. The same
sentences and tables give the same fingerprint, and a test compares it with the shipped one.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import logsumexp
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from core.conversation.understanding import classifier, features, tables
from core.conversation.understanding.features import Block, Reading
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import normalise
from training.sentences import Sentence, groups, sentences

TARGET: Final = Path(tables.__file__).parent / "data" / classifier.FILE
GAIN: Final = {Block.WORDS: 1.0, Block.LETTERS: 0.7, Block.IDEAS: 1.0}
FEWEST: Final = {Block.WORDS: 1, Block.LETTERS: 2, Block.IDEAS: 1}
PENALTY: Final = 0.5
CAUTION: Final = 0.15  # doubt leans out of scope: finds more of it and costs no accuracy
FOLDS: Final = 5
SEED: Final = 2021
_TEMPERATURES: Final = tuple(step / 100 for step in range(10, 101, 2))

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """What training found: rarity of each feature, a weight for each feature and intent."""

    rarity: Mapping[Block, Mapping[str, float]]
    coefficients: Floats  # one row an intent, one column a feature, blocks side by side
    bias: Floats
    intents: tuple[Intent, ...]


def readings(some: Sequence[Sentence]) -> list[Reading]:
    """The sentences as the product reads them."""
    return [features.read(normalise(one.text)) for one in some]


def counted(reading: Reading, block: Block) -> Counter[str]:
    """How often each feature of the block stands in the message."""
    match block:
        case Block.WORDS:
            return Counter(features.word_features(reading.kinds))
        case Block.LETTERS:
            return Counter(
                gram for kind in reading.kinds for gram in features.letter_features(kind)
            )
        case Block.IDEAS:
            return Counter(features.idea_features(reading.ideas))


def fit(some: Sequence[Reading], wants: Sequence[Intent], penalty: float = PENALTY) -> Model:
    """A linear model of which reading wants what."""
    rarity = {block: _rarity(some, block) for block in Block}
    order = tuple(intent for intent in Intent if intent in set(wants))
    solver = LinearSVC(C=penalty, random_state=SEED, max_iter=5000)
    solver.fit(matrix(some, rarity), [order.index(want) for want in wants])
    bias = solver.intercept_ + [CAUTION * (one is Intent.OUT_OF_SCOPE) for one in order]
    return Model(rarity, solver.coef_, bias, order)


def matrix(some: Sequence[Reading], rarity: Mapping[Block, Mapping[str, float]]) -> Any:
    """One row a reading: each block scaled to its gain by the root of its squared rarities."""
    return sparse.hstack([_block(some, block, rarity[block]) for block in Block]).tocsr()


def logits(model: Model, some: Sequence[Reading]) -> Floats:
    """The raw scores, one row a reading and one column an intent of `model.intents`."""
    raw = matrix(some, model.rarity) @ model.coefficients.T + model.bias
    return np.asarray(raw, dtype=np.float64)


def folds(some: Sequence[Sentence], seed: int = SEED) -> list[tuple[list[int], list[int]]]:
    """Learning and trying places of each fold; near-copies are never on both sides."""
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    wants = [one.intent.value for one in some]
    return [
        (list(map(int, learn)), list(map(int, tried)))
        for learn, tried in splitter.split(wants, wants, groups(some))
    ]


def temperature(some: Sequence[Sentence], read: Sequence[Reading]) -> float:
    """What to divide raw scores by so that their shares say how often they are right."""
    tried: list[Floats] = []
    right: list[int] = []
    for learn, fold in folds(some):
        model = fit([read[place] for place in learn], [some[place].intent for place in learn])
        tried.append(logits(model, [read[place] for place in fold]))
        right.extend(model.intents.index(some[place].intent) for place in fold)
    raw = np.concatenate(tried)
    truth = raw[np.arange(len(right)), right]
    losses = [
        float(np.mean(logsumexp(raw / step, axis=1) - truth / step)) for step in _TEMPERATURES
    ]
    return _TEMPERATURES[int(np.argmin(losses))]


def written(model: Model, heat: float, made_from: str) -> bytes:
    """The weights file."""
    scale: dict[Block, float] = {}
    blocks: list[tuple[Sequence[str], bytes]] = []
    start = 0
    for block in Block:
        names = list(model.rarity[block])
        part = model.coefficients[:, start : start + len(names)]
        start += len(names)
        rare = np.array([model.rarity[block][name] for name in names])
        effect = part * rare * GAIN[block]
        scale[block] = float(np.abs(effect).max()) / (classifier.OFFSET - 1)
        rows = np.rint(effect / scale[block]).astype(int).T
        squares = np.rint(rare**2 * classifier.RARITY_UNITS).astype(int)
        packed = [
            classifier.packed_row(row, square)
            for row, square in zip(rows.tolist(), squares.tolist(), strict=True)
        ]
        blocks.append((names, b"".join(packed)))
    header = {
        "bias": [round(float(one), 6) for one in model.bias],
        "fingerprint": made_from,
        "intents": list(model.intents),
        "scale": scale,
        "temperature": heat,
    }
    return classifier.packed(header, blocks)


def made_from(some: Sequence[Sentence], read: Sequence[Reading]) -> str:
    """A fingerprint of the sentences as they are read now: new words, tables or code change it."""
    digest = sha256()
    for one, reading in zip(some, read, strict=True):
        features_of_it = (one.intent.value, *reading.kinds, "", *reading.ideas)
        digest.update("\t".join(features_of_it).encode() + b"\n")
    return digest.hexdigest()


def main() -> None:
    """Writes the weights anew."""
    some = sentences()
    read = readings(some)
    model = fit(read, [one.intent for one in some])
    TARGET.write_bytes(written(model, temperature(some, read), made_from(some, read)))
    classifier.weights.cache_clear()
    print(json.dumps({"sentences": len(some), "bytes": TARGET.stat().st_size}))


def _rarity(some: Sequence[Reading], block: Block) -> dict[str, float]:
    """ln((1 + messages) / (1 + messages with it)) + 1 of each feature seen often enough."""
    seen: Counter[str] = Counter()
    for reading in some:
        seen.update(set(counted(reading, block)))
    return {
        name: float(np.log((1 + len(some)) / (1 + count)) + 1)
        for name, count in sorted(seen.items())
        if count >= FEWEST[block]
    }


def _block(some: Sequence[Reading], block: Block, rarity: Mapping[str, float]) -> Any:
    place = {name: number for number, name in enumerate(rarity)}
    rows, columns, values = [], [], []
    for number, reading in enumerate(some):
        known = {name: n for name, n in counted(reading, block).items() if name in rarity}
        length = np.sqrt(sum(n * rarity[name] ** 2 for name, n in known.items()))
        for name, n in known.items():
            rows.append(number)
            columns.append(place[name])
            values.append(GAIN[block] * n * rarity[name] / length)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(some), len(place)))


if __name__ == "__main__":
    main()
