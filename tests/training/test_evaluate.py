"""Floors under the quality of understanding, on sentences held back from training."""

import pytest

from core.conversation.understanding.intents import Intent
from training import evaluate
from training.evaluate import Outcome
from training.sentences import sentences


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [one for trial in evaluate.trials(sentences()) for one in trial.outcomes()]


def test_the_first_guess_is_right_more_often_than_the_floor(outcomes: list[Outcome]) -> None:
    assert evaluate.top(outcomes, 1) >= 0.83
    assert evaluate.top(outcomes, 3) >= 0.94


def test_grave_wishes_are_found(outcomes: list[Outcome]) -> None:
    assert evaluate.recall(outcomes, Intent.FRAUD_REPORT) >= 0.80
    assert evaluate.recall(outcomes, Intent.STOP_NOTIFICATIONS) >= 0.88


def test_little_out_of_scope_is_taken_for_money(outcomes: list[Outcome]) -> None:
    assert evaluate.leak(outcomes) <= 0.05
