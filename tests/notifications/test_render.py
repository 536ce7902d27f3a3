"""One answer, made into the message of each channel; nothing about money without its facts."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import wording
from core.calendar import Cycle
from core.conversation.caller import Form
from core.conversation.choices import chosen
from core.conversation.heard import heard
from core.conversation.menu import Choice, Menu
from core.conversation.offers import wish_label
from core.conversation.sentences import Money, Said, Value
from core.conversation.understanding.intents import Intent
from notifications.capabilities import CAPABILITIES, Capabilities
from notifications.render import MoneyWithoutFacts, Rendered, render
from notifications.sms_text import fold, measure

WEB, SMS = CAPABILITIES["web"], CAPABILITIES["sms"]
TELEGRAM, ZALO = CAPABILITIES["telegram"], CAPABILITIES["zalo"]
THREE = Menu((Choice("a", "Đã nhận đủ"), Choice("b", "Nhận thiếu"), Choice("c", "Chưa nhận")))
QUESTION = Said("engine.wish.which")


def a_sentence(value: Value, facts: tuple[int, ...] = (1,)) -> Said:
    """The demo's sentence that is nothing but its value."""
    return Said("engine.month", {"month": value}, facts)


def shown(value: Value, channel: Capabilities = WEB, language: str = "vi") -> str:
    return render([a_sentence(value)], None, channel, language=language).text


def asked(menu: Menu, channel: Capabilities) -> Rendered:
    return render([], menu, channel, question=QUESTION)


def test_money_is_written_in_full_with_dots_and_its_unit() -> None:
    assert shown(Money(540_000)) == "540.000 đ"
    assert shown(Money(540_000), SMS) == "540.000d"
    assert shown(Money(540_000), language="en") == "540.000 đ"


def test_months_and_days_are_written_as_people_read_them() -> None:
    assert shown(Cycle(2021, 4)) == "tháng 4/2021"
    assert shown(Cycle(2021, 4), language="en") == "April 2021"
    assert shown(date(2021, 5, 5)) == "05/05/2021"
    assert shown(datetime(2021, 5, 4, 20, 0, tzinfo=UTC)) == "05/05/2021"
    assert shown(wish_label(Intent.SCHEDULE)) == "hỏi lịch chi trả"


@pytest.mark.parametrize(
    ("form", "you"),
    [
        (Form.STRANGER, "cô bác"), (Form.YOUNGER, "anh/chị"),
        (Form.ELDER, "bác"), (Form.OLD, "ông/bà"),
    ],
)  # fmt: skip
def test_people_are_addressed_by_their_form(form: Form, you: str) -> None:
    assert you in render([Said("engine.ready")], None, WEB, form=form).text


@pytest.mark.parametrize("channel", [WEB, TELEGRAM, ZALO])
def test_a_menu_becomes_buttons_with_numbers_on_them(channel: Capabilities) -> None:
    found = asked(THREE, channel)

    assert found.buttons == (("1. Đã nhận đủ", "1"), ("2. Nhận thiếu", "2"), ("3. Chưa nhận", "3"))
    assert "Nhận thiếu" not in found.text


def test_a_menu_becomes_numbers_where_there_are_no_buttons() -> None:
    found = asked(THREE, SMS)

    assert found.buttons == ()
    assert found.text.endswith("\n1 Da nhan du\n2 Nhan thieu\n3 Chua nhan")


def test_more_lines_than_buttons_become_a_numbered_list() -> None:
    six = Menu(tuple(Choice(str(n), f"Dòng {n}") for n in range(6)))

    found = asked(six, ZALO)

    assert found.buttons == ()
    assert "6 Dòng 5" in found.text


def test_a_label_too_long_for_its_button_is_listed_in_full_and_cut_on_it() -> None:
    long = Menu((Choice("a", "Tài khoản " + "rất " * 30 + "dài"), Choice("b", "Bưu điện")))

    found = asked(long, TELEGRAM)

    assert len(found.buttons[0][0]) <= TELEGRAM.label_limit
    assert "dài" in found.text
    assert chosen(heard("tài khoản rất"), long) == "a"


def test_sms_is_folded_and_other_channels_are_not() -> None:
    said = [Said("engine.cancel.done")]

    assert render(said, None, SMS).text == fold(render(said, None, WEB).text)


def test_accents_are_a_persons_wish_where_they_fit() -> None:
    said = [Said("engine.back.first")]

    assert "HỦY" in render(said, None, SMS, accents=True).text
    assert "HUY" in render(said, None, WEB, accents=False).text


def test_accents_that_would_cost_more_than_three_segments_are_left_off() -> None:
    found = render([Said("engine.only_text")] * 3, None, SMS, accents=True)

    assert measure(found.text).encoding == "GSM-7"


def test_a_reply_of_any_length_leaves_in_messages_of_three_segments() -> None:
    found = render([Said("engine.only_text")] * 12, THREE, SMS, question=QUESTION)

    assert len(found.pages) > 1
    assert all(measure(page).segments <= 3 for page in found.pages)
    assert found.pages[-1].endswith("3 Chua nhan")


@given(st.lists(st.text(max_size=400), min_size=1, max_size=6), st.sampled_from([SMS, WEB, ZALO]))
def test_nothing_is_left_out_however_long(texts: list[str], channel: Capabilities) -> None:
    found = render([a_sentence(text) for text in texts], None, channel)
    whole = "".join("".join(part.text for part in found.parts).split())

    assert "".join("".join(found.pages).split()) == whole
    assert all(len(page) <= channel.max_text for page in found.pages)


def test_every_part_says_its_key_and_its_facts() -> None:
    found = render([a_sentence("x", (7, 8))], THREE, WEB, question=QUESTION)

    assert [(part.key, part.facts) for part in found.parts] == [
        ("engine.month", (7, 8)),
        ("engine.wish.which", ()),
    ]


def test_the_lines_of_a_menu_belong_to_its_question() -> None:
    found = render([a_sentence("x")], THREE, SMS, question=QUESTION)

    assert found.parts[-1].text.endswith("3 Chua nhan")
    assert found.parts[0].text == "x"


def test_one_courtesy_opens_a_message() -> None:
    said = [Said("engine.greeting"), Said("engine.ready")]

    found = render(said, None, WEB)

    assert found.text == "Dạ, kính chào cô bác ạ.\nCô bác cần hỏi gì cứ nhắn ạ."


def test_an_amount_without_a_ledger_row_is_refused() -> None:
    with pytest.raises(MoneyWithoutFacts):
        render([a_sentence(Money(1), ())], None, WEB)
    with pytest.raises(MoneyWithoutFacts):
        render([], None, WEB, question=a_sentence(Money(1), ()))


@pytest.mark.parametrize("key", ["arrival.settled", "amount.total", "receipt.thanks"])
def test_a_sentence_about_money_without_a_ledger_row_is_refused(key: str) -> None:
    with pytest.raises(MoneyWithoutFacts):
        render([Said(key)], None, WEB)


def test_markup_is_only_text() -> None:
    assert shown("<b>{you}</b> %s") == "<b>{you}</b> %s"


def test_every_channel_of_the_outbox_is_known() -> None:
    assert set(CAPABILITIES) == {"web", "telegram", "sms", "zalo"}
    assert all(name == one.channel for name, one in CAPABILITIES.items())


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("channel", CAPABILITIES.values(), ids=CAPABILITIES)
def test_why_a_question_is_asked_and_how_to_answer_it_cites_nothing(
    channel: Capabilities, language: str
) -> None:
    keys = [key for key in wording.catalogue(language, "bot") if key.endswith((".why", ".help"))]
    asked_about_money = [key for key in keys if key.startswith(("arrival.", "receipt."))]
    assert len(asked_about_money) >= 8
    for key in asked_about_money:
        assert render([Said(key)], None, channel, language=language).text
