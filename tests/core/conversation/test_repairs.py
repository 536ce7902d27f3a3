"""All ten repairs work at every question of a flow and on every channel: a generated matrix.

The flow is the demo's, which asks a month, a choice, free words and a confirmation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from core.conversation.keywords import Keyword
from core.conversation.play import Record
from core.conversation.repairs import REPAIRS, AllowNotices, Prefer, StopNotices
from core.conversation.scene import Answer
from core.conversation.state import Frame, State
from core.vietnamese import unaccented
from notifications.capabilities import CAPABILITIES
from notifications.render import render
from notifications.sms_text import measure
from tests.core.conversation.demo import Ring, Talk, Ticket, a_caller, labels, words

QUESTIONS = {
    "demo.month": [],
    "demo.seat": ["tháng 4"],
    "demo.note": ["tháng 4", "2"],
    "demo.sure": ["tháng 4", "2", "xe lăn"],
}
ORDER = list(QUESTIONS)
CHANNELS = sorted(CAPABILITIES)


@dataclass(frozen=True)
class At:
    """A talk that stands at one question."""

    talk: Talk
    pending: str
    before: dict[str, str]


def at(pending: str, channel: str = "web") -> At:
    talk = Talk(me=a_caller(channel=channel))
    talk.hear("menu", "mua vé", *QUESTIONS[pending])
    assert talk.state.pending == pending
    return At(talk, pending, talk.answers)


def back(here: At) -> None:
    first = ORDER.index(here.pending) == 0
    assert here.talk.state.pending == ORDER[max(ORDER.index(here.pending) - 1, 0)]
    assert len(here.talk.answers) == max(len(here.before) - 1, 0)
    assert said(here) == ("engine.back.first" if first else "engine.back.done")


def cancel(here: At) -> None:
    assert here.talk.state.running is None
    assert here.talk.executed == []
    assert said(here) == "engine.cancel.done"


def correct(here: At) -> None:
    assert here.talk.answers == {**here.before, "demo.month": "2021-05"}
    assert here.talk.state.pending == here.pending


def repeat(here: At) -> None:
    assert unmoved(here)
    assert not here.talk.last or here.talk.last.question is not None


def help_(here: At) -> None:
    assert unmoved(here)
    assert "engine.help.words" in keys(here)


def why(here: At) -> None:
    assert unmoved(here)
    assert said(here) == "engine.why.general"


def switch_and_resume(here: At) -> None:
    assert unmoved(here)
    assert {"engine.switched", "engine.resumed"} <= set(keys(here))
    assert "mở cửa 8 giờ" in words(answer(here))


def start_over(here: At) -> None:
    assert here.talk.state.pending == "demo.month"
    assert here.talk.answers == {}


def person(here: At) -> None:
    assert here.talk.state.pending == "demo.matter"
    here.talk.hear("mất thẻ")
    assert Ring("mất thẻ") in here.talk.executed
    assert unmoved(here)


def stop(here: At) -> None:
    assert here.talk.executed == [StopNotices()]
    assert here.talk.state.running is None


Check = Callable[[At], None]
TEN: dict[str, tuple[list[str], Check]] = {
    "back": (["quay lại", "lại", "bấm nhầm", "0", "back"], back),
    "cancel": (["hủy", "huỷ", "thôi", "bỏ qua"], cancel),
    "correct": (["sửa tháng 5", "không, tháng 5", "nhầm, tháng 5"], correct),
    "repeat": (["nhắc lại", "hỏi gì", "dạ nói lại đi em"], repeat),
    "help": (["giúp", "?", "hướng dẫn", "help"], help_),
    "why": (["sao hỏi", "hỏi làm gì", "để làm gì", "why"], why),
    "switch": (["khi nào phát tiền", "lịch chi trả tháng này ở đâu"], switch_and_resume),
    "start over": (["làm lại từ đầu", "bắt đầu lại"], start_over),
    "person": (["cán bộ", "gặp cán bộ", "người"], person),
    "stop": (["stop", "TC", "từ chối"], stop),
}
# Any words answer an open question, and the first has no answer to correct.
NOT_THERE = {
    ("switch", "demo.note"),
    *(("correct", question) for question in ("demo.month",)),
}
MATRIX = [
    pytest.param(repair, text, question, channel, id=f"{channel}-{question}-{text}")
    for repair, (texts, _) in TEN.items()
    for text in texts
    for question in QUESTIONS
    for channel in CHANNELS
    if (repair, question) not in NOT_THERE
]


def said(here: At) -> str:
    return answer(here).said[0].key


def keys(here: At) -> list[str]:
    return [one.key for one in answer(here).said]


def answer(here: At) -> Answer:
    assert here.talk.last is not None
    return here.talk.last


def unmoved(here: At) -> bool:
    return here.talk.state.pending == here.pending and here.talk.answers == here.before


@pytest.mark.parametrize(("repair", "text", "question", "channel"), MATRIX)
@pytest.mark.parametrize("with_accents", [True, False], ids=["accents", "plain"])
def test_every_repair_works_at_every_question_on_every_channel(
    repair: str, text: str, question: str, channel: str, with_accents: bool
) -> None:
    here = at(question, channel)

    found = here.talk.hears(text if with_accents else unaccented(text))
    shown = render(found.said, found.menu, CAPABILITIES[channel], question=found.question)

    TEN[repair][1](here)
    assert shown.text.strip()
    assert channel != "sms" or measure(shown.text).segments <= 3


def test_the_matrix_holds_all_ten() -> None:
    assert len(TEN) == 10
    assert set(REPAIRS) == set(Keyword)


def test_correcting_without_saying_what_offers_the_answers_given() -> None:
    talk = at("demo.sure").talk

    offered = talk.hears("sửa")

    assert labels(offered.menu) == ["demo.month", "demo.seat", "demo.note"]
    talk.hears("2")
    assert talk.state.pending == "demo.seat"
    assert set(talk.answers) == {"demo.month", "demo.note"}
    talk.hears("1")
    assert talk.state.pending == "demo.sure"


def test_correcting_the_only_answer_asks_it_again_at_once() -> None:
    talk = at("demo.seat").talk

    talk.hears("sửa")

    assert (talk.state.pending, talk.answers) == ("demo.month", {})


def test_a_denial_that_answers_the_question_itself_is_its_answer() -> None:
    talk = at("demo.sure").talk

    talk.hears("không")

    assert talk.executed == []
    assert talk.state.running is None


def test_a_corrected_answer_makes_what_was_confirmed_be_confirmed_anew() -> None:
    talk = at("demo.sure").talk
    talk.hear("sửa tháng 5", "đúng")

    assert talk.executed == [Ticket("2021-05", talk.executed[0].seat, "xe lăn")]  # type: ignore[attr-defined]  # it is the Ticket


def test_repeat_after_the_end_says_the_last_answer_afresh() -> None:
    talk = Talk()
    talk.hear("khi nào phát tiền")

    assert words(talk.hears("nhắc lại")) == ["mở cửa 8 giờ"]
    assert talk.executed == []


def test_repeat_says_again_what_came_of_a_wish_without_doing_it_again() -> None:
    talk = Talk()
    talk.hear("gặp cán bộ", "mất thẻ")

    assert words(talk.hears("nhắc lại")) == ["đã chuyển"]
    assert talk.executed == [Ring("mất thẻ")]


def test_repairs_where_nothing_is_asked_are_answered_too() -> None:
    for text in ("lại", "hủy", "sửa", "nhắc lại", "giúp", "sao hỏi", "làm lại từ đầu", "menu"):
        found = Talk().hears(text)
        assert found.said or found.question


def test_three_misunderstandings_offer_a_person() -> None:
    talk = at("demo.seat").talk

    talk.hear("asdf", "qwer")
    offered = talk.hears("zxcv")

    assert labels(offered.menu) == ["officer", "menu", "again"]
    talk.hears("thử trả lời lại")
    assert talk.state.pending == "demo.seat"
    assert talk.state.misses == 0


def test_asking_back_again_and_again_offers_a_person_too() -> None:
    talk = at("demo.seat").talk

    talk.hear("nhắc lại", "giúp", "không hiểu")

    assert talk.state.pending == "engine.person.choice"


def test_an_answer_between_two_misunderstandings_begins_the_count_anew() -> None:
    talk = at("demo.seat").talk

    talk.hear("asdf", "qwer", "1", "lại", "asdf", "qwer")

    assert talk.state.pending == "demo.seat"


def test_a_person_from_the_offer_comes_back_to_the_question() -> None:
    talk = at("demo.seat").talk
    talk.hear("asdf", "qwer", "zxcv", "1", "bị mất thẻ")

    assert talk.executed == [Ring("bị mất thẻ")]
    assert talk.state.pending == "demo.seat"


def test_flows_set_aside_come_back_one_by_one() -> None:
    talk = at("demo.seat").talk
    talk.hear("gặp cán bộ", "lịch phát tiền khi nào vậy")

    # free words answered the officer's question, and the talk went back
    assert talk.state.pending == "demo.seat"
    assert talk.state.parked == ()


def test_stopping_drops_everything_that_waits() -> None:
    talk = at("demo.seat").talk
    talk.hear("gặp cán bộ", "stop")

    assert talk.state.parked == ()
    assert talk.state.running is None


def test_notices_may_be_allowed_again() -> None:
    talk = Talk()
    talk.hear("stop", "nhận tin")

    assert talk.executed == [StopNotices(), AllowNotices()]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("english", Prefer("en", None)), ("tiếng việt", Prefer("vi", None)),
        ("không dấu", Prefer("vi", accents=False)), ("có dấu", Prefer("vi", accents=True)),
    ],
)  # fmt: skip
def test_the_language_can_be_changed_in_the_middle(text: str, wish: Prefer) -> None:
    here = at("demo.seat")

    found = here.talk.hears(text)

    assert here.talk.executed == [wish]
    assert (found.me.language, found.me.accents) == (wish.language, wish.accents)
    assert unmoved(here)


def test_a_flow_of_an_earlier_release_is_given_up_in_words() -> None:
    talk = Talk(state=State(running=Frame("gone", "", Record()), pending="gone.question"))

    found = talk.hears("1")

    assert found.said[0].key == "engine.restarted"


def test_two_wishes_are_answered_one_after_the_other() -> None:
    talk = Talk()

    first = talk.hears("Có người giả cán bộ lừa lấy tiền của tôi. Với lại tiền tháng 4 đã về chưa?")

    assert talk.state.pending == "demo.matter", words(first)
    if talk.state.also:
        talk.hears("bị lừa mất tiền")
        assert talk.state.pending == "engine.also.sure"
