"""Whatever is written, and in whatever order, there is an answer and nothing is done unasked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation.dialogue import is_stop
from core.conversation.flow import Flow, FlowTwice, NoSuchFlow, book
from core.conversation.heard import heard
from core.conversation.keywords import Keyword, keyword
from core.conversation.scene import GoesInCircles
from core.conversation.understanding.intents import Intent
from core.vietnamese import unaccented
from notifications.capabilities import CAPABILITIES
from notifications.render import render
from notifications.sms_text import measure
from tests.core.conversation.demo import BOOK, Talk, Ticket, a_caller, buy, words

WRITTEN = [
    *("1", "2", "3", "0", "9", "tháng 4", "t5", "lối đi", "cửa sổ", "đúng", "dung", "không", "dạ"),
    *("hủy", "lại", "sửa", "sửa tháng 3", "không, tháng 5", "nhắc lại", "giúp", "sao hỏi", "menu"),
    *("cán bộ", "stop", "nhận tin", "làm lại từ đầu", "english", "tiếng việt", "không dấu"),
    *("tiền về chưa", "khi nào phát tiền", "xin chào", "cảm ơn", "alo", "mất thẻ", "bị lừa"),
    *("", "😀", "asdf", "<b>x</b>", "'; DROP TABLE x; --", "a" * 600, "xe lăn", "mua vé", "tc"),
]


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(WRITTEN) | st.text(max_size=40), max_size=25),
    st.sampled_from(sorted(CAPABILITIES)),
)
def test_there_is_always_an_answer_and_nothing_is_done_without_a_yes(
    written: list[str], channel: str
) -> None:
    talk = Talk(me=a_caller(channel=channel))
    for text in written:
        confirming = talk.state.pending == "demo.sure"
        done = len(talk.executed)
        found = talk.hears(text)
        shown = render(found.said, found.menu, CAPABILITIES[channel], question=found.question)
        assert shown.text.strip()
        assert all(channel != "sms" or measure(page).segments <= 3 for page in shown.pages)
        bought = [one for one in talk.executed[done:] if isinstance(one, Ticket)]
        assert not bought or confirming


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WRITTEN), max_size=20))
def test_marks_or_none_lead_to_the_same_place(written: list[str]) -> None:
    ambiguous = {"lại", "đúng", "dạ", "không", "thôi", "bỏ"}  # without marks these may differ
    marked, plain = Talk(), Talk()
    for text in written:
        if text in ambiguous:
            continue
        marked.hears(text)
        plain.hears(unaccented(text))
        assert marked.state.pending == plain.state.pending, text


@given(st.lists(st.sampled_from(["asdf", "qwer", "zxcv", "😀", "???", "không hiểu"]), min_size=12))
def test_nobody_is_asked_the_same_more_than_three_times_in_a_row(written: list[str]) -> None:
    talk = Talk()
    asked: list[str | None] = []
    for text in written:
        talk.hears(text)
        asked.append(talk.state.pending)
    runs = [asked[at : at + 4] for at in range(len(asked) - 3)]
    assert all(len(set(run)) > 1 for run in runs if None not in run)


def test_small_talk_in_the_middle_is_answered_and_the_question_stays() -> None:
    talk = Talk()
    talk.hear("menu", "mua vé", "tháng 4")

    found = talk.hears("cảm ơn")

    assert words(found) == ["engine.thanks", "ghế nào?"]
    assert talk.state.misses == 0


def test_a_greeting_gets_the_menu() -> None:
    assert words(Talk().hears("xin chào")) == ["engine.greeting", "làm gì?"]


def test_a_wish_fills_what_it_mentions() -> None:
    talk = Talk()
    talk.hears("tiền tháng 3 về chưa")

    assert talk.answers == {"demo.month": "2021-03"}
    assert talk.state.pending == "demo.seat"


def test_a_wish_with_a_month_in_it_is_not_an_answer_about_the_month() -> None:
    talk = Talk()
    talk.hear("menu", "mua vé")

    found = talk.hears("lịch chi trả tháng này ở đâu")

    assert "mở cửa 8 giờ" in words(found)
    assert talk.answers == {}


def test_a_long_story_is_asked_for_shorter_words() -> None:
    talk = Talk()
    talk.hear("menu", "mua vé", "tháng 4", "1")

    assert words(talk.hears("dài " * 400))[0] == "engine.too_long"


def test_a_flow_that_asks_for_more_than_the_menu_has_is_a_fault() -> None:
    with pytest.raises(NoSuchFlow):
        BOOK.flow("nowhere")


def test_flows_that_send_one_to_one_another_for_ever_are_a_fault() -> None:
    from core.conversation.ask import Command, Go
    from core.conversation.caller import Caller

    async def there(me: Caller) -> Command | None:
        return Go("menu")

    with pytest.raises(GoesInCircles):
        Talk(flows=book([Flow("menu", there)])).hears("menu")


def test_a_flow_or_a_wish_has_one_owner() -> None:
    with pytest.raises(FlowTwice):
        book([Flow("a", buy), Flow("a", buy)])
    with pytest.raises(FlowTwice):
        book([Flow("a", buy, (Intent.HELP,)), Flow("b", buy, (Intent.HELP,))])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", Keyword.STOP), ("tc", Keyword.STOP), ("Từ chối ạ", Keyword.STOP),
        ("huy", Keyword.CANCEL), ("Thôi.", Keyword.CANCEL), ("cho tôi gặp cán bộ", Keyword.PERSON),
        ("Quay lại!", Keyword.BACK), ("menu", Keyword.MENU), ("?", Keyword.HELP),
        ("nhan tin", Keyword.NOTICES), ("/start", Keyword.START_OVER), ("hoi chi rua", Keyword.WHY),
        ("dạ nói lại đi em", Keyword.REPEAT),
    ],
)  # fmt: skip
def test_a_keyword_is_a_whole_message(text: str, word: Keyword) -> None:
    assert keyword(heard(text)) is word


@pytest.mark.parametrize(
    "text",
    ["", "1", "tháng 4", "tôi muốn hủy thẻ", "cán bộ xã nói tiền về rồi", "dung", "lái", "bò"],
)
def test_other_messages_are_no_keywords(text: str) -> None:
    assert keyword(heard(text)) is None


def test_only_stop_is_stop() -> None:
    assert is_stop("stop")
    assert not is_stop("tiền về chưa")
