"""A flow is played from the top over named answers, and may only say, ask, look and once."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.ask import Ask, Command, Query, ask, farewell, say
from core.conversation.caller import Caller, Form, address_form
from core.conversation.digest import NoDigest, digest
from core.conversation.heard import heard
from core.conversation.parsers import month, one_of, yes_no
from core.conversation.play import (
    AfterFarewell,
    AskedTwice,
    Done,
    EndlessFlow,
    ForeignStep,
    NotNow,
    Record,
    Waiting,
    play,
)
from core.conversation.walk import NoSamples, Stop, TooManyPaths, walk
from core.refusals import Code, Refusal
from tests.core.conversation.demo import TODAY, FreeSeats, Seat, Ticket, a_caller, buy

Flow = Callable[[Caller], Coroutine[Any, Any, Command | None]]


def three_free(query: Query[Any]) -> Any:
    return 3


def two_free(query: Query[Any]) -> Any:
    return 2


def ding_or_dong(command: Command) -> tuple[str, ...]:
    return ("ding", "dong")


def ding(command: Command) -> str:
    return "ding"


def played(flow: Flow, answers: dict[str, str] | None = None, **changes: Any) -> Waiting | Done:
    record = Record(answers or {}, changes.pop("digests", {}), changes.pop("effects", {}))
    me = changes.pop("me", a_caller())
    return play(flow, me, record, changes.pop("read", three_free), ding, **changes)


ALL = {"demo.month": "2021-04", "demo.seat": "aisle", "demo.note": "xe lăn"}


def test_a_flow_waits_at_its_first_unanswered_question() -> None:
    result = played(buy, {"demo.month": "2021-04"})

    assert isinstance(result, Waiting)
    assert result.question.name == "demo.seat"


def test_an_answered_flow_ends_with_its_command() -> None:
    shown = played(buy, ALL)
    assert isinstance(shown, Waiting)

    end = played(buy, {**ALL, "demo.sure": "yes"}, digests=shown.record.digests)

    assert isinstance(end, Done)
    assert end.command == Ticket("2021-04", Seat.AISLE, "xe lăn")


def test_a_confirmation_is_asked_again_when_what_it_showed_has_changed() -> None:
    shown = played(buy, ALL)

    again = played(buy, {**ALL, "demo.sure": "yes"}, digests=shown.record.digests, read=two_free)

    assert isinstance(again, Waiting)
    assert again.changed
    assert again.question.name == "demo.sure"
    assert "demo.sure" not in again.record.answers


def test_a_yes_that_was_never_shown_anything_does_not_count() -> None:
    assert isinstance(played(buy, {**ALL, "demo.sure": "yes"}), Waiting)


def test_an_answer_whose_option_is_gone_is_asked_again() -> None:
    result = played(buy, {**ALL, "demo.seat": "roof"})

    assert isinstance(result, Waiting)
    assert (result.question.name, result.changed) == ("demo.seat", True)


def test_what_was_said_before_an_answered_question_is_not_said_again() -> None:
    async def flow(me: Caller) -> Command | None:
        await say("a.first")
        await ask("a.one", yes_no)
        await say("a.second")
        await ask("a.two", yes_no)
        return None

    result = played(flow, {"a.one": "no"})

    assert [said.key for said in result.said] == ["a.second"]


def test_something_done_once_is_done_again_only_when_it_has_changed() -> None:
    done: list[Command] = []

    def act(command: Command) -> str:
        done.append(command)
        return "ding"

    first = play(buy, a_caller(), Record(ALL), three_free, act)
    play(buy, a_caller(), first.record, three_free, act)
    assert len(done) == 1

    other = replace(first.record, answers={**ALL, "demo.note": "khác"})
    play(buy, a_caller(), other, three_free, act)
    assert len(done) == 2


def test_nothing_is_done_where_nothing_may_be_done() -> None:
    with pytest.raises(NotNow):
        play(buy, a_caller(), Record(ALL), three_free)


def test_a_question_finds_its_answer_in_passing() -> None:
    result = played(buy, passing=heard("tiền tháng 3 về chưa"))

    assert result.record.answers == {"demo.month": "2021-03"}


def test_a_confirmation_is_never_answered_in_passing() -> None:
    async def flow(me: Caller) -> Command | None:
        await ask("a.month", month(TODAY), shows="x")
        return None

    assert isinstance(played(flow, passing=heard("tháng 3")), Waiting)


def test_a_flow_that_awaits_the_network_is_a_fault() -> None:
    async def flow(me: Caller) -> Command | None:
        await asyncio.sleep(0)
        return None

    with pytest.raises(ForeignStep):
        played(flow)


def test_a_name_used_twice_is_a_fault() -> None:
    async def flow(me: Caller) -> Command | None:
        await ask("a.one", yes_no)
        await ask("a.one", yes_no)
        return None

    with pytest.raises(AskedTwice):
        played(flow, {"a.one": "yes"})


def test_a_flow_that_never_ends_is_a_fault() -> None:
    async def flow(me: Caller) -> Command | None:
        while True:
            await say("a.word")

    with pytest.raises(EndlessFlow):
        played(flow)


def test_a_flow_that_goes_on_after_its_farewell_is_a_fault() -> None:
    async def flow(me: Caller) -> Command | None:
        await farewell("a.bye")
        await say("a.word")
        return None

    with pytest.raises(AfterFarewell):
        played(flow)


def test_a_refusal_says_goodbye_in_its_own_words() -> None:
    async def flow(me: Caller) -> Command | None:
        return await farewell(Refusal(Code.NO_STANDING, {"who": "x"}))

    result = played(flow)

    assert isinstance(result, Done)
    assert [(s.key, dict(s.values)) for s in result.said] == [("refusal.no_standing", {"who": "x"})]


def test_a_question_above_the_callers_level_is_not_asked() -> None:
    async def flow(me: Caller) -> Command | None:
        await ask("a.secret", yes_no, level=2)
        return Ticket("2021-04", Seat.AISLE, "")

    low, high = played(flow, me=a_caller(level=1)), played(flow, me=a_caller(level=2))

    assert isinstance(low, Done)
    assert low.command is None
    assert low.said[0].key == "refusal.level.too_low"
    assert isinstance(high, Waiting)


def test_every_path_of_a_flow_is_walked() -> None:
    paths = list(walk(buy, a_caller(), three_free))

    assert len(paths) == 3 * 1 * 2
    assert {path.command for path in paths if path.answers["demo.sure"] == "yes"} == {
        Ticket("2021-04", seat, "xe lăn") for seat in Seat
    }
    assert all(path.command is None for path in paths if path.answers["demo.sure"] == "no")


def test_a_walk_tries_every_outcome_of_what_is_done_once() -> None:
    paths = list(walk(buy, a_caller(), three_free, ding_or_dong))

    assert len(paths) == 3 * 2 * 2
    assert {said.values["month"] for path in paths for said in path.said} >= {
        "chuông ding",
        "chuông dong",
    }


def test_a_question_without_samples_cannot_be_walked() -> None:
    async def flow(me: Caller) -> Command | None:
        await ask("a.free", replace(yes_no, options=(), samples=()))
        return None

    with pytest.raises(NoSamples):
        list(walk(flow, a_caller(), three_free))


def test_a_walk_without_end_is_given_up() -> None:
    async def flow(me: Caller) -> Command | None:
        for number in range(16):
            await ask(f"a.q{number}", yes_no)
        return None

    with pytest.raises(TooManyPaths):
        list(walk(flow, a_caller(), three_free))


def test_a_path_tells_its_stops() -> None:
    path = next(walk(buy, a_caller(), three_free))

    assert all(isinstance(stop, Stop) for stop in path.stops)
    assert [stop.waiting.question.name for stop in path.stops][:2] == ["demo.month", "demo.seat"]


@dataclass(frozen=True)
class Shown:
    amount: int
    seat: Seat
    when: object


@given(st.integers(), st.integers())
def test_a_digest_is_the_same_for_the_same_and_other_for_other_values(one: int, two: int) -> None:
    shown = [digest((Shown(value, Seat.AISLE, TODAY), ["a"])) for value in (one, two)]

    assert (shown[0] == shown[1]) == (one == two)


def test_a_digest_tells_kinds_and_places_apart() -> None:
    values: list[object] = [1, "1", True, None, (1,), [1, 1], {"1": 1}, {1}, Seat.AISLE, TODAY]

    assert len({digest(value) for value in values}) == len(values)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_what_has_no_fixed_form_cannot_be_confirmed() -> None:
    with pytest.raises(NoDigest):
        digest(object())


def test_people_are_addressed_by_age_and_never_by_name() -> None:
    ages = {None: Form.STRANGER, 1940: Form.OLD, 1946: Form.OLD, 1947: Form.ELDER}
    ages |= {1966: Form.ELDER, 1967: Form.YOUNGER, 2001: Form.YOUNGER}

    assert {year: address_form(year, TODAY) for year in ages} == ages


def test_an_ask_knows_its_menu_by_its_sentence() -> None:
    question: Ask[Seat] = ask("a.seat", one_of(Seat), key="b.seat")

    assert question.menu is not None
    assert question.menu.keys == ("window", "aisle", "floor")
    assert FreeSeats("2021-04") == FreeSeats("2021-04")
