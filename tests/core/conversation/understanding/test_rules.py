"""Phrase rules and ideas: each row of their tables does what it says."""

import pytest

from core.conversation.understanding import rules, tables
from core.conversation.understanding.concepts import concepts
from core.conversation.understanding.features import read
from core.conversation.understanding.intents import Intent
from core.conversation.understanding.normalise import Text, normalise, phrase

SHAPES = {"_asked", "_short", "_long", "_yet", "_whether"}
CONCEPTS = {row["concept"] for row in tables.rows("concepts.tsv")}
PHRASES = [
    pytest.param(row["concept"], written.strip(), id=f"{row['concept']}:{written.strip()}")
    for row in tables.rows("concepts.tsv")
    for written in row["phrases"].split("|")
]
NUMBERED = [pytest.param(rule, id=f"{rule.intent}:{rule.example}") for rule in rules.rules()]


@pytest.mark.parametrize("rule", NUMBERED)
def test_each_rule_holds_for_its_example(rule: rules.Rule) -> None:
    assert rule.holds(frozenset(read(normalise(rule.example)).ideas))


@pytest.mark.parametrize("rule", NUMBERED)
def test_each_rule_speaks_of_ideas_that_exist(rule: rules.Rule) -> None:
    assert frozenset().union(*rule.needs, rule.without) <= CONCEPTS | SHAPES


def test_each_phrase_stands_for_one_thing_once() -> None:
    for row in tables.rows("concepts.tsv"):
        phrases = [one.strip() for one in row["phrases"].split("|")]
        assert all(phrases), row["concept"]
        assert len(phrases) == len(set(phrases)), row["concept"]


@pytest.mark.parametrize(("concept", "written"), PHRASES)
def test_each_phrase_carries_its_idea(concept: str, written: str) -> None:
    """Read as words, since the spelling tables may read the phrase alone as something else."""
    words = phrase(written.lstrip("=").replace("*", "xyz"))
    text = Text(written, words, words, has_marks=False, keyboard=None)
    assert concept in concepts(text, words)


def test_a_phrase_has_one_gap_at_most() -> None:
    assert all(
        written.count("*") <= 1
        for row in tables.rows("concepts.tsv")
        for written in row["phrases"].split("|")
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Tôi bị lừa mất tiền", Intent.FRAUD_REPORT), ("toi bi lua", Intent.FRAUD_REPORT),
        ("đừng nhắn tin nữa", Intent.STOP_NOTIFICATIONS),
        ("huy nhan tin", Intent.STOP_NOTIFICATIONS),
        ("cho toi gap can bo", Intent.TALK_TO_HUMAN), ("hủy yêu cầu giúp tôi", Intent.CANCEL),
    ],
)  # fmt: skip
def test_grave_wishes_are_raised_past_doubt(text: str, intent: Intent) -> None:
    assert rules.boosts(read(normalise(text)))[intent] >= rules.SETTLES


def test_dung_tin_with_marks_is_not_read_as_stopping() -> None:
    assert Intent.STOP_NOTIFICATIONS not in rules.boosts(
        read(normalise("dùng tin nhắn được không"))
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ok", Intent.YES), ("Dạ", Intent.YES), ("1", Intent.YES), ("👍", Intent.YES),
        ("dung roi day", Intent.YES), ("2", Intent.NO), ("ko", Intent.NO), ("hông ạ", Intent.NO),
        ("0", Intent.BACK), ("STOP", Intent.STOP_NOTIFICATIONS), ("TC", Intent.STOP_NOTIFICATIONS),
        ("HUY", Intent.CANCEL), ("thôi", Intent.CANCEL), ("?", Intent.HELP), ("🙏", Intent.THANKS),
        ("alo ad ơi", None), ("dung", rules.UNCLEAR), ("Dung ạ", rules.UNCLEAR), ("đừng", None),
        ("dừng", Intent.CANCEL), ("tiền về chưa", None), ("", None), ("🤷", None),
    ],
)  # fmt: skip
def test_a_message_that_is_one_reply_is_known(text: str, says: Intent | str | None) -> None:
    assert rules.whole_reply(normalise(text)) == says
