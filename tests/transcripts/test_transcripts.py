"""Talks that an official can read, held to the word, on every channel and both engines.

The state of a talk lives in the database only: it is saved and read again after every message.
After a change that is meant, `python -m tests.transcripts.rewrite` writes the answers anew.
"""

from collections.abc import Callable

import pytest

from bot.compose import Parts
from notifications import sms_text
from notifications.capabilities import CAPABILITIES
from tests.transcripts.telling import Heard, Transcript, told, transcripts

TALKS = transcripts()
each = pytest.mark.parametrize("transcript", TALKS, ids=lambda one: one.name)
OTHERS = [(channel, marks) for channel in CAPABILITIES for marks in (True, False)]


def lines_of(transcript: Transcript) -> list[tuple[str, ...]]:
    return [exchange.bot for exchange in transcript.exchanges]


def sentences(heard: list[Heard]) -> list[tuple[tuple[str, ...], str | None]]:
    return [(one.keys, one.pending) for one in heard]


def test_there_are_enough_talks_and_each_is_about_something() -> None:
    assert len(TALKS) >= 25
    assert all(len(talk.head) >= 2 and talk.exchanges for talk in TALKS)


@each
def test_a_talk_is_answered_to_the_word(transcript: Transcript, town_on_sqlite: Parts) -> None:
    heard = told(town_on_sqlite, transcript, "web")

    assert [one.lines for one in heard] == lines_of(transcript)


@pytest.mark.postgresql
@each
def test_a_talk_is_the_same_on_the_other_engine(
    transcript: Transcript, town_on_postgres: Parts
) -> None:
    heard = told(town_on_postgres, transcript, "web")

    assert [one.lines for one in heard] == lines_of(transcript)


@each
def test_a_talk_goes_the_same_way_on_every_channel_with_marks_and_without(
    transcript: Transcript, fresh_town: Callable[[], Parts]
) -> None:
    way = sentences(told(fresh_town(), transcript, "web"))

    for channel, marks in OTHERS:
        heard = told(fresh_town(), transcript, channel, marks=marks)
        assert sentences(heard) == way, (channel, marks)


@each
def test_a_talk_by_sms_fits_the_poorest_phone(
    transcript: Transcript, town_on_sqlite: Parts
) -> None:
    for answer in told(town_on_sqlite, transcript, "sms", marks=False):
        for page in answer.pages:
            size = sms_text.measure(page)
            assert page == sms_text.fold(page)
            assert (size.encoding, size.segments <= 3) == ("GSM-7", True), page
