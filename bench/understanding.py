"""Understanding one message: how long it takes, and how long it takes to be ready.

Floor: the same text folded and nothing more. Peer: one scikit-learn call (the same kind of model,
word 1-2 grams and a linear classifier) on the same text. `python -m bench.understanding`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from core import vietnamese
from core.conversation.understanding.decide import understand
from training.sentences import sentences

ROUNDS = 5
_START = (
    "import time; t = time.perf_counter();"
    "from core.conversation.understanding.decide import understand; understand('tien ve chua');"
    "print(time.perf_counter() - t)"
)


def run() -> list[dict[str, Any]]:
    """The figures: milliseconds a message, and seconds until the first one is understood."""
    texts = [one.text for one in sentences()]
    ours = _timed(understand, texts)
    floor = _timed(vietnamese.fold, texts)
    peer = _timed(_peer(texts), texts[::10])
    return [
        _figure("understanding: median", ours, floor, peer, 0.5),
        _figure("understanding: p99", ours, floor, peer, 0.99),
        {
            "name": "understanding: start",
            "value": round(_start(), 3),
            "unit": "s",
            "target": 0.5,
            "floor": None,
            "peer": None,
            "ratio": None,
        },
    ]


def _peer(texts: Sequence[str]) -> Callable[[str], Any]:
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC())
    model.fit([vietnamese.fold(text) for text in texts], [one.intent for one in sentences()])
    return lambda text: model.decision_function([text])


def _timed(work: Callable[[str], Any], texts: Sequence[str]) -> list[float]:
    """Milliseconds of each call, sorted; the first round, which fills the caches, is left out."""
    times: list[float] = []
    for turn in range(ROUNDS + 1):
        for text in texts:
            started = time.perf_counter_ns()
            work(text)
            if turn:
                times.append((time.perf_counter_ns() - started) / 1e6)
    return sorted(times)


def _figure(
    name: str, ours: list[float], floor: list[float], peer: list[float], share: float
) -> dict[str, Any]:
    value, least, other = (times[int(len(times) * share)] for times in (ours, floor, peer))
    return {
        "name": name,
        "value": round(value, 4),
        "unit": "ms",
        "target": 0.15 if share == 0.5 else 0.5,
        "floor": round(least, 4),
        "peer": round(other, 4),
        "ratio": round(value / least, 2),
    }


def _start() -> float:
    """Seconds from the import to the first answer in a process of its own; the median of five."""
    command = [sys.executable, "-c", _START]
    times = [
        float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(5)
    ]
    return sorted(times)[2]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
