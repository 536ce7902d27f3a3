"""A bare answer days later settles nothing: the question is said again, or the wish is followed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.conversation.ask import OPEN_FOR, SURE_FOR, Go
from core.conversation.heard import Heard
from core.conversation.state import from_json
from tests.core.conversation.demo import TODAY, Talk, Ticket, a_caller, words


def after(talk: Talk, days: int) -> Talk:
    talk.me = a_caller(today=TODAY + timedelta(days=days))
    return talk


def asked_to_confirm() -> Talk:
    talk = Talk()
    talk.hear("tiền về chưa", "tháng 4", "1", "xe lăn")
    assert talk.state.pending == "demo.sure"
    return talk


def test_a_confirmation_may_be_answered_the_next_day() -> None:
    talk = after(asked_to_confirm(), SURE_FOR)
    talk.hears("có")
    assert [type(one) for one in talk.executed] == [Ticket]


@pytest.mark.parametrize("text", ["1", "có", "đồng ý", "2", "không"])
def test_an_old_confirmation_is_asked_again_and_nothing_is_done(text: str) -> None:
    talk = after(asked_to_confirm(), SURE_FOR + 1)
    answer = talk.hears(text)
    assert talk.executed == []
    assert answer.said[0].key == "engine.expired"
    assert "what" in answer.said[0].values
    # What led to the question is said afresh, and the next answer counts.
    assert words(answer)[1:] == ["chuông ding", "chắc chưa?"]
    talk.hears("có")
    assert [type(one) for one in talk.executed] == [Ticket]


def test_other_questions_stand_open_for_a_week() -> None:
    talk = Talk()
    talk.hear("tiền về chưa", "tháng 4")
    assert after(talk, OPEN_FOR).hears("1").state.pending == "demo.note"

    talk = Talk()
    talk.hear("tiền về chưa", "tháng 4")
    answer = after(talk, OPEN_FOR + 1).hears("1")
    assert answer.state.pending == "demo.seat"
    assert answer.said[0].key == "engine.expired"


def test_an_old_menu_is_offered_again() -> None:
    talk = Talk()
    talk.hear("menu")
    answer = after(talk, OPEN_FOR + 1).hears("1")
    assert (answer.said[0].key, answer.state.pending) == ("engine.expired.menu", "demo.menu")


def test_a_wish_after_days_is_followed_and_the_old_question_is_let_go() -> None:
    talk = after(asked_to_confirm(), SURE_FOR + 1)
    answer = talk.hears("khi nào phát tiền")
    assert words(answer) == ["mở cửa 8 giờ"]
    assert answer.state.running is None
    assert answer.state.parked == ()


def test_an_answer_after_days_goes_to_the_notice_that_came_meanwhile() -> None:
    def awaited(heard: Heard, token: str | None) -> Go | None:
        return Go("demo_hours") if heard.line == "1" else None

    talk = after(asked_to_confirm(), SURE_FOR + 1)
    talk.awaited = awaited
    assert words(talk.hears("1")) == ["mở cửa 8 giờ"]
    assert talk.executed == []


def test_a_word_to_the_talk_itself_works_however_late() -> None:
    talk = after(asked_to_confirm(), 30)
    assert talk.hears("hủy").said[0].key == "engine.cancel.done"


def test_a_button_pressed_days_later_confirms_nothing() -> None:
    talk = asked_to_confirm()
    answer = after(talk, SURE_FOR + 1).hears("1", token=talk.state.token)
    assert answer.said[0].key == "engine.expired"
    assert talk.executed == []


def test_a_talk_saved_without_a_day_is_answered_as_before() -> None:
    talk = asked_to_confirm()
    talk.state = replace(talk.state, asked_on=None)
    assert from_json({}).asked_on is None
    after(talk, 30).hears("có")
    assert [type(one) for one in talk.executed] == [Ticket]
