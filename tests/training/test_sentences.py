"""The sentences written by hand are many, unlike one another, and marked truthfully."""

import json
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from core.conversation.understanding.intents import Intent

FOLDER: Final = Path(__file__).resolve().parents[2] / "training" / "sentences"
TAGS: Final = frozenset({
    "proper", "nodia", "telex", "vni", "typo", "hue", "teen",
    "guardian", "relative", "staff", "nearmiss", "short", "long", "nfd",
})  # fmt: skip
SPELLINGS: Final = frozenset({"proper", "nodia", "telex", "vni", "typo", "hue", "teen"})
LEAST: Final = 40
WIDE: Final = frozenset({"check_payment", "payment_not_received", "fraud_report", "out_of_scope"})
LEAST_WIDE: Final = 90
SHORTEST_COMPARED: Final = 4


class Line(NamedTuple):
    place: str
    intent: str
    text: str
    tags: tuple[str, ...]


def _lines() -> Iterator[Line]:
    for path in sorted((FOLDER / "own").glob("*.txt")):
        for number, raw in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if raw.strip() and not raw.startswith("#"):
                text, _, tags = raw.partition("\t")
                yield Line(f"{path.name}:{number}", path.stem, text, tuple(tags.split(",")))


LINES: Final = tuple(_lines())


def _bare(text: str) -> str:
    """Without marks, case and points; signs such as a thumb stay."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    kept = (letter for letter in apart if unicodedata.category(letter) != "Mn")
    return " ".join("".join(c if _counts(c) else " " for c in kept).split())


def _counts(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter) == "So"


def _has_marks(text: str) -> bool:
    return "đ" in text.lower() or any(
        unicodedata.category(letter) == "Mn" for letter in unicodedata.normalize("NFD", text)
    )


def _one_word_apart(one: list[str], other: list[str]) -> bool:
    """True when a word is changed, added or left out, and nothing else."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= 1
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _copies(sentences: list[str]) -> list[tuple[str, str]]:
    split = [(text, _bare(text).split()) for text in sentences]
    compared = [(text, words) for text, words in split if len(words) >= SHORTEST_COMPARED]
    return [
        (one, other)
        for (one, words), (other, others) in combinations(compared, 2)
        if _one_word_apart(words, others)
    ]


def _of(intent: str) -> list[str]:
    return [line.text for line in LINES if line.intent == intent]


def test_each_intent_has_one_file_and_no_file_has_another_name() -> None:
    names = {path.stem for path in (FOLDER / "own").glob("*.txt")}
    assert names == {str(intent) for intent in Intent}


@pytest.mark.parametrize("intent", [str(intent) for intent in Intent])
def test_an_intent_is_said_in_many_ways(intent: str) -> None:
    assert len(_of(intent)) >= (LEAST_WIDE if intent in WIDE else LEAST)


@pytest.mark.parametrize("intent", [str(intent) for intent in Intent])
def test_no_sentence_is_another_with_one_word_changed(intent: str) -> None:
    assert _copies(_of(intent)) == []


def test_a_sentence_with_one_word_changed_is_seen() -> None:
    assert _copies(["Tiền của tôi về chưa?", "tien cua me ve chua"]) != []
    assert _copies(["Tiền của tôi về chưa?", "tien cua toi ve hay chua"]) != []
    assert _copies(["Tiền của tôi về chưa?", "bao gio thi mo the cho me"]) == []


def test_no_sentence_stands_twice_even_under_two_intents() -> None:
    first: dict[str, str] = {}
    twice = [
        (line.place, first[_bare(line.text)])
        for line in LINES
        if first.setdefault(_bare(line.text), line.place) != line.place
    ]
    assert twice == []


def test_no_sentence_is_one_of_the_development_set() -> None:
    rows = (FOLDER / "dev.jsonl").read_text("utf-8").splitlines()
    known = {_bare(json.loads(row)["text"]) for row in rows if row.strip()}
    assert [line.place for line in LINES if _bare(line.text) in known] == []


def test_every_sentence_is_composed_unless_it_says_otherwise() -> None:
    wrong = [
        line.place
        for line in LINES
        if unicodedata.is_normalized("NFC", line.text) == ("nfd" in line.tags)
    ]
    assert wrong == []


def test_every_sentence_says_something_and_is_trimmed() -> None:
    assert [line.place for line in LINES if line.text != line.text.strip()] == []
    assert [line.place for line in LINES if not _bare(line.text)] == []


def test_tags_come_from_the_fixed_set_and_name_a_spelling() -> None:
    assert [line.place for line in LINES if not TAGS.issuperset(line.tags)] == []
    assert [line.place for line in LINES if SPELLINGS.isdisjoint(line.tags)] == []
    assert [line.place for line in LINES if len(set(line.tags)) != len(line.tags)] == []


def test_tags_about_marks_are_true() -> None:
    bare = {"nodia", "telex", "vni"}
    wrong = [line.place for line in LINES if bare & set(line.tags) and _has_marks(line.text)]
    assert wrong == []
    unmarked = [line.place for line in LINES if not _has_marks(line.text)]
    marked = {line.place for line in LINES if not bare & set(line.tags)}
    assert [place for place in unmarked if place in marked] == []


def test_most_people_write_without_marks_and_some_with_the_input_method_off() -> None:
    share = {tag: sum(tag in line.tags for line in LINES) / len(LINES) for tag in TAGS}
    assert 0.35 <= share["nodia"] <= 0.60
    assert 0.20 <= share["proper"] <= 0.45
    assert share["telex"] >= 0.05
    assert share["hue"] >= 0.08
    assert share["guardian"] + share["relative"] >= 0.12
