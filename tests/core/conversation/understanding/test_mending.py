"""Slips of the finger, put right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding.mending import mended, squeezed
from training import noise
from training.sentences import sentences


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("khog", "khong"), ("khnog", "khong"), ("khonhg", "khong"), ("zhaong", "zhaong"),
     ("tiehn", "tien"), ("xalo", "zalo"), ("vietelpay", "vietelpay"), ("shop", "shop")],
)  # fmt: skip
def test_a_word_that_is_no_syllable_becomes_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize("word", ["hoa", "nhan", "nghia", "thuy", "loc", "bon", "t5", "482913"])
def test_syllables_names_and_numbers_are_left_alone(word: str) -> None:
    assert mended(word) == word


def test_doubled_letters_are_single() -> None:
    assert squeezed("chaoo") == "chao"
    assert squeezed("ddoong") == "dong"


@given(st.text(alphabet="abcdeghiklmnopqrstuvxy", max_size=14))
def test_mending_is_settled_at_once(word: str) -> None:
    assert mended(mended(word)) == mended(word)


def test_a_sentence_with_slips_is_spoilt_the_same_way_each_time() -> None:
    spoilt = [noise.typos(one.text, share=0.1) for one in sentences()[:50]]
    assert spoilt == [noise.typos(one.text, share=0.1) for one in sentences()[:50]]
    assert spoilt != [one.text for one in sentences()[:50]]
