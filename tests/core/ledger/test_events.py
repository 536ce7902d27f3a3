"""What an event may carry."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledger.digests import event_hash
from core.ledger.events import EventType, NewEvent, NotForABody, body_of, body_text
from core.store.events import EventRow
from tests import builders

PLAIN = EventRow(
    7, "t", "2021-04", 3, 4, "approved", 10, 20, "staff:T1", "s", "{}", "",
    ((1, "E300", 5, "2021-04", "post", "19960", 3), (2, "L200", -5, "2021-04", "post", None, 3)),
)  # fmt: skip


def an_event(**body: object) -> NewEvent:
    return NewEvent(EventType.FAILED, "s", "staff:T1", builders.NOW, body=body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        *("Nguyễn Thị Lan", "Nguyen Thi Lan", "0905123456", "84905123456", "046123456789"),
        *("101234567890", "a b", "", "x" * 49, "a@b.vn", "19/04/2021", 1.5, True, [1], {"a": 1}),
        *("tel:0905123", "+84905123456", "046-123456", b"x", "12 345"),
    ],
)
def test_a_body_refuses_what_could_be_a_persons(value: object) -> None:
    with pytest.raises(NotForABody):
        body_text(an_event(thing=value))


@pytest.mark.parametrize("key", ["Name", "họ", "a b", "", "x" * 33, "1a"])
def test_a_body_refuses_strange_keys(key: str) -> None:
    with pytest.raises(NotForABody):
        body_text(an_event(**{key: 1}))


@pytest.mark.parametrize(
    "value",
    [
        *(0, -5, 540_000, "TK_SAI", "BD-19960-1", "2021-04", "2021-04-15", "f" * 64, "self"),
        *("2104-HT000123-M-1", "2104-046/2019.12-M-2", "file:12", "viettel"),
    ],
)
def test_a_body_carries_ids_codes_days_and_whole_numbers(value: int | str) -> None:
    assert body_of(body_text(an_event(thing=value))) == {"thing": value}


def test_nothing_said_is_the_same_as_no_key() -> None:
    assert body_text(an_event(b=None, a=1)) == '{"a":1}'


@given(st.text(min_size=1).filter(lambda text: not text.isascii() or " " in text))
def test_no_vietnamese_sentence_fits_a_body(text: str) -> None:
    with pytest.raises(NotForABody):
        body_text(an_event(thing=text))


@pytest.mark.parametrize("name", [f.name for f in fields(EventRow) if f.name != "hash"])
def test_the_fingerprint_covers_every_column(name: str) -> None:
    value = getattr(PLAIN, name)
    other = value + 1 if isinstance(value, int) else "x" if isinstance(value, str) else ("x",)

    changed: dict[str, Any] = {name: other}

    assert event_hash(replace(PLAIN, **changed)) != event_hash(PLAIN)


@pytest.mark.parametrize("place", range(7))
def test_the_fingerprint_covers_every_column_of_a_posting(place: int) -> None:
    first, second = PLAIN.postings
    changed = tuple("x" if at == place else value for at, value in enumerate(second))

    assert event_hash(replace(PLAIN, postings=(first, changed))) != event_hash(PLAIN)  # type: ignore[arg-type]
