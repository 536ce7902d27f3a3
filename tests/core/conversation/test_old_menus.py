"""An answer to a menu of the past changes nothing, and nobody answers what is not asked."""

from core.conversation.ask import Go
from core.conversation.heard import Heard
from core.conversation.state import State
from tests.core.conversation.demo import Talk, words

TO_THE_SEAT = ("menu", "mua vé", "tháng 4")
TO_THE_END = (*TO_THE_SEAT, "2", "xe lăn")


def a_talk(*texts: str) -> Talk:
    talk = Talk()
    talk.hear(*texts)
    return talk


def test_an_answer_to_an_old_menu_changes_nothing() -> None:
    talk = a_talk(*TO_THE_SEAT)
    old = talk.state.token
    talk.hears("1", old)

    found = talk.hears("2", old)

    assert found.said[0].key == "engine.old_menu.open"
    assert talk.answers == {"demo.month": "2021-04", "demo.seat": "window"}
    assert talk.state.pending == "demo.note"


def test_an_old_button_after_the_end_changes_nothing() -> None:
    talk = a_talk(*TO_THE_SEAT)
    old = talk.state.token
    talk.hear("hủy")

    found = talk.hears("2", old)

    assert found.said[0].key == "engine.old_menu.closed"
    assert talk.executed == []


def test_the_same_question_asked_anew_has_another_token() -> None:
    talk = a_talk(*TO_THE_SEAT)
    first = talk.state.token
    talk.hear("hủy", "menu", "mua vé", "tháng 4")

    assert talk.state.pending == "demo.seat"
    assert talk.state.token != first


def test_a_question_repeated_keeps_its_token() -> None:
    talk = a_talk(*TO_THE_SEAT)
    first = talk.state.token
    talk.hears("nhắc lại")

    assert talk.state.token == first


def test_a_button_of_a_notice_begins_what_it_is_for() -> None:
    def awaited(heard: Heard, token: str | None) -> Go | None:
        return Go("demo_hours") if token == "notice" else None

    talk = a_talk(*TO_THE_SEAT)
    talk.awaited = awaited

    found = talk.hears("1", "notice")

    assert "mở cửa 8 giờ" in words(found)
    assert talk.state.pending == "demo.seat"


def test_a_message_may_answer_a_notice_when_nothing_is_asked() -> None:
    def awaited(heard: Heard, token: str | None) -> Go | None:
        return Go("demo_hours") if heard.line == "1" else None

    talk = Talk(awaited=awaited)

    assert words(talk.hears("1")) == ["mở cửa 8 giờ"]


def test_a_link_opened_in_the_middle_begins_what_it_is_for() -> None:
    def awaited(heard: Heard, token: str | None) -> Go | None:
        return Go("demo_hours") if heard.line == "/start ABCD1234" else None

    talk = a_talk(*TO_THE_SEAT)
    talk.awaited = awaited

    assert "mở cửa 8 giờ" in words(talk.hears("/start ABCD1234"))
    assert talk.state.pending == "demo.seat"
    assert words(talk.hears("/start other"))[-1] == "ghế nào?"


def test_what_changed_in_the_books_is_asked_again_before_anything_is_done() -> None:
    talk = a_talk(*TO_THE_END)
    talk.free = 2

    found = talk.hears("đúng")

    assert found.said[0].key == "engine.changed"
    assert talk.executed == []
    talk.hears("đúng")
    assert len(talk.executed) == 1


def test_an_answer_to_a_question_that_is_gone_answers_nothing_else() -> None:
    talk = a_talk(*TO_THE_SEAT)
    talk.free = 0

    found = talk.hears("1")

    assert words(found) == ["engine.changed", "hết chỗ"]
    assert talk.state.running is None


def test_a_number_means_the_line_that_was_shown() -> None:
    talk = a_talk(*TO_THE_SEAT)
    assert talk.state.running is not None
    talk.state = State(
        running=talk.state.running,
        pending="demo.seat",
        shown=("floor", "gone", "window"),
        token=talk.state.token,
    )

    assert talk.hears("2").question is not None
    assert talk.state.pending == "demo.seat"
    talk.state = State(running=talk.state.running, pending="demo.seat", shown=("floor", "window"))
    talk.hears("1")
    assert talk.answers["demo.seat"] == "floor"
