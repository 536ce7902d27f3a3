"""How well understanding does on sentences it was not trained on.

`python -m training.evaluate [--json]`: five folds, near-copies never on both sides. Everything of
the product is inside: normalising, phrase rules, scorer, decision.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.conversation.understanding import classifier, decide
from core.conversation.understanding.classifier import Weights
from core.conversation.understanding.decide import Decision, Understanding
from core.conversation.understanding.intents import MONEY, Intent
from training import noise
from training.sentences import Sentence, is_blind, sentences
from training.train import fit, folds, made_from, readings, temperature, written

Outcome = tuple[Sentence, Understanding]
ACTED: Final = frozenset({Decision.ACT, Decision.CONFIRM})


@dataclass(frozen=True, slots=True)
class Trial:
    """The product trained without some sentences, and those sentences."""

    trained: Weights
    tried: tuple[Sentence, ...]

    def outcomes(self, spoil: Callable[[str], str] = str) -> list[Outcome]:
        """What it makes of each sentence, as written or spoilt."""
        return [(one, decide.judged(spoil(one.text), self.trained)) for one in self.tried]


def trials(some: Sequence[Sentence]) -> list[Trial]:
    """One trial a fold; the temperature is that of the whole, which is one number."""
    read = readings(some)
    heat = temperature(some, read)
    return [trial(some, learn, tried, heat) for learn, tried in folds(some)]


def trial(
    some: Sequence[Sentence], learn: Sequence[int], tried: Sequence[int], heat: float
) -> Trial:
    """The product trained on some places, to be tried on others."""
    taught = [some[place] for place in learn]
    read = readings(taught)
    model = fit(read, [one.intent for one in taught])
    content = written(model, heat, made_from(taught, read))
    return Trial(classifier.unpacked(content), tuple(some[place] for place in tried))


def top(outcomes: Sequence[Outcome], places: int) -> float:
    """How often the right intent is among the first so many."""
    hits = sum(any(one.intent is intent for intent, _ in got.top[:places]) for one, got in outcomes)
    return hits / len(outcomes) if outcomes else 0.0


def recall(outcomes: Sequence[Outcome], intent: Intent) -> float:
    """Which part of the sentences of an intent is found first."""
    return top([outcome for outcome in outcomes if outcome[0].intent is intent], 1)


def leak(outcomes: Sequence[Outcome]) -> float:
    """Which part of the out-of-scope sentences is taken for somebody's money."""
    strange = [got for one, got in outcomes if one.intent is Intent.OUT_OF_SCOPE]
    taken = sum(got.intent in MONEY and got.decision in ACTED for got in strange)
    return taken / len(strange) if strange else 0.0


def decisions(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """For each decision: which part of the messages, and how often the first guess is right."""
    table = {}
    for decision in Decision:
        some = [outcome for outcome in outcomes if outcome[1].decision is decision]
        table[decision.value] = [len(some) / len(outcomes), top(some, 1)]
    return table


def confusion(outcomes: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """Pairs (meant, taken for, how often), the most frequent first."""
    pairs = Counter(
        (one.intent.value, got.intent.value)
        for one, got in outcomes
        if one.intent is not got.intent
    )
    return [(meant, taken, count) for (meant, taken), count in pairs.most_common()]


def by_tag(outcomes: Sequence[Outcome]) -> Mapping[str, tuple[float, int]]:
    """How often the first guess is right, for each kind of writing, and of how many."""
    tags = sorted({tag for one, _ in outcomes for tag in one.tags})
    found = {}
    for tag in tags:
        some = [outcome for outcome in outcomes if tag in outcome[0].tags]
        found[tag] = (top(some, 1), len(some))
    return found


def report(some: Sequence[Sentence]) -> dict[str, object]:
    """Everything in one mapping."""
    tried = trials(some)
    outcomes = [outcome for one in tried for outcome in one.outcomes()]
    blind = [outcome for outcome in outcomes if is_blind(outcome[0])]
    spoilt = {
        name: top([outcome for one in tried for outcome in one.outcomes(spoil)], 1)
        for name, spoil in noise.KINDS.items()
    }
    return {
        "sentences": len(some),
        "top_1": top(outcomes, 1),
        "top_3": top(outcomes, 3),
        "blind_top_1": top(blind, 1),
        "blind_top_3": top(blind, 3),
        "blind_fraud_recall": recall(blind, Intent.FRAUD_REPORT),
        "blind_out_of_scope_as_money": leak(blind),
        "blind_decisions": decisions(blind),
        "fraud_recall": recall(outcomes, Intent.FRAUD_REPORT),
        "stop_recall": recall(outcomes, Intent.STOP_NOTIFICATIONS),
        "out_of_scope_as_money": leak(outcomes),
        "decisions": decisions(outcomes),
        "noise": spoilt,
        "recall": {intent.value: recall(outcomes, intent) for intent in Intent},
        "tags": by_tag(outcomes),
        "confusion": confusion(outcomes)[:30],
    }


def main() -> None:
    """Prints the report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    found = report(sentences())
    if arguments.parse_args().json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        print(f"{name:24} {value}" if not isinstance(value, dict | list) else f"\n{name}")
        rows = (
            value.items() if isinstance(value, dict) else value if isinstance(value, list) else []
        )
        for row in rows:
            print("   ", *row)


if __name__ == "__main__":
    main()
