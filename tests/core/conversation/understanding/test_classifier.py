"""The scorer: what is shipped, and that its arithmetic is the arithmetic it was trained with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding import classifier
from core.conversation.understanding.classifier import Scores
from core.conversation.understanding.features import read
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import normalise
from training.sentences import sentences
from training.train import fit, logits, made_from, readings, written

SOME = sentences()[::9]


def test_the_shipped_weights_are_those_of_the_sentences_as_they_are_read_now() -> None:
    some = sentences()
    assert classifier.weights().fingerprint == made_from(some, readings(some)), (
        "sentences, tables or reading changed: python -m training.train"
    )


def test_the_shipped_weights_know_every_intent() -> None:
    assert set(classifier.weights().intents) == set(Intent)


def test_run_time_and_training_give_the_same_scores() -> None:
    read_some = readings(SOME)
    model = fit(read_some, [one.intent for one in SOME])
    trained = classifier.unpacked(written(model, 0.5, "test"))
    expected = logits(model, read_some) / 0.5
    for reading, row in zip(read_some, expected, strict=True):
        assert classifier.scores(reading, trained).logits == pytest.approx(row, abs=0.05)


def test_training_again_gives_the_same_weights() -> None:
    read_some = readings(SOME)
    wants = [one.intent for one in SOME]
    first, second = (written(fit(read_some, wants), 0.5, "test") for _ in range(2))
    assert first == second


def test_shares_sum_to_one_and_are_ranked() -> None:
    ranked = classifier.scores(read(normalise("tiền về chưa")), classifier.weights()).ranked()
    shares = [share for _, share in ranked]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert len(ranked) == len(Intent)


def test_words_nobody_taught_are_counted_as_unknown() -> None:
    trained = classifier.weights()
    assert classifier.known_share(read(normalise("tiền về chưa")), trained) == 1
    assert classifier.known_share(read(normalise("zxqw tiền")), trained) == pytest.approx(1 / 3)
    assert classifier.known_share(read(normalise("")), trained) == 0


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30), st.floats(0, 20))
def test_a_raised_intent_never_falls(values: list[float], raised: float) -> None:
    intents = tuple(Intent)[: len(values)]
    before = Scores(intents, tuple(values))
    after = before.plus({intents[0]: raised})
    place = [intent for intent, _ in before.ranked()].index(intents[0])
    assert [intent for intent, _ in after.ranked()].index(intents[0]) <= place
