"""What people say of their own accord, and how they decline: read for what it means."""

import pytest

from bot.compose import Parts
from core.conversation.ask import OPEN_FOR, SURE_FOR
from core.ledger.reads import payment_with_code
from core.ledger.states import Receipt
from notifications.notices import ASKS_FULL, ASKS_STATE
from tests.bot.citizens import Citizen, is_told, later, rows

LAN = "2104-HT000001-M-1"


def receipt(town: Parts) -> Receipt:
    payment = town.store.read(lambda tx: payment_with_code(tx, LAN))
    assert payment is not None
    return payment.receipt


@pytest.mark.parametrize(
    "text", ["nhận đủ rồi", "nhan du roi", "dạ con nhận đủ rồi ạ", "tiền về rồi", "da lanh roi a"]
)
def test_got_it_of_ones_own_accord_names_the_month_and_asks(town: Parts, text: str) -> None:
    me = Citizen(town).is_("lan", 2)

    assert me.writes(text) == ("receipt.meant",)
    assert "tháng 4/2021" in me.heard
    assert "Nguyễn Thị Lan" in me.heard
    assert receipt(town) is Receipt.NOT_ASKED
    assert me.writes("phải") == ("receipt.kept_full",)
    assert receipt(town) is Receipt.CONFIRMED_FULL


def test_got_it_said_again_is_thanked_for(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("nhận đủ rồi", "phải")
    events = len(rows(town, "event"))

    assert me.writes("nhận đủ rồi") == ("receipt.already_full",)
    assert len(rows(town, "event")) == events


@pytest.mark.parametrize("text", ["thiếu rồi", "nhan thieu", "không đủ"])
def test_short_of_ones_own_accord_is_confirmed_before_it_counts(town: Parts, text: str) -> None:
    me = Citizen(town).is_("lan", 2)

    assert me.writes(text) == ("receipt.meant",)
    assert me.writes("không") == ("receipt.no_change",)
    assert receipt(town) is Receipt.NOT_ASKED
    me.writes(text, "có")
    assert receipt(town) is Receipt.SHORT
    assert len(rows(town, "care_case")) == 1


def test_not_there_of_ones_own_accord_asks_for_the_word(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)

    assert me.writes("chưa nhận được") == ("arrival.paid", "receipt.word")


def test_a_word_of_ones_own_answers_the_notice_that_asks(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    is_told(town, me, LAN, ASKS_FULL)

    assert me.writes("nhận đủ rồi") == ("receipt.kept_full",)


def test_short_is_not_taken_for_an_answer_to_a_notice_without_an_amount(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    is_told(town, me, LAN, ASKS_STATE)

    assert me.writes("thiếu rồi") == ("receipt.meant",)


def test_who_may_not_say_it_hears_where_the_money_is(town: Parts) -> None:
    assert Citizen(town, "sms").is_("lua", 1).writes("nhận đủ rồi")[0].startswith("arrival.")
    assert Citizen(town).writes("nhận đủ rồi")[0] == "link.first"
    # Nothing was paid to this person lately.
    assert Citizen(town).is_("hai", 2).writes("nhận đủ rồi")[0].startswith("arrival.")
    assert receipt(town) is Receipt.NOT_ASKED


def test_a_change_of_mind_in_the_middle_leaves_no_old_question_behind(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("tiền tháng này về chưa", "3")

    assert me.writes("à nhận đủ rồi")[-1] == "receipt.meant"
    assert me.writes("phải") == ("receipt.kept_full",)
    assert rows(town, "care_case") == []


@pytest.mark.parametrize(
    "text",
    [
        *("thôi khỏi", "thoi khoi", "khoan, không phải", "khoan khong phai", "dạ thôi"),
        *("để khi khác", "dạ để khi khác ạ", "thôi khỏi ạ", "khỏi", "không cần đâu"),
    ],
)
def test_declining_in_the_middle_ends_it_and_nothing_is_kept(town: Parts, text: str) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("tiền tháng này về chưa", "3")

    assert me.writes(text)[0] in {"engine.cancel.done", "receipt.no_change"}
    assert receipt(town) is Receipt.NOT_ASKED
    assert me.result is not None
    assert me.result.pending is None


def test_a_bare_number_days_later_says_nothing_about_money(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("tiền tháng này về chưa")
    later(town, days=SURE_FOR + 1)

    assert me.writes("1")[:2] == ("engine.expired", "arrival.paid")
    assert receipt(town) is Receipt.NOT_ASKED
    assert me.writes("1") == ("receipt.kept_full",)


def test_a_bare_number_long_after_the_menu_opens_nothing(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("menu")
    later(town, days=OPEN_FOR + 1)

    assert me.writes("1") == ("engine.expired.menu", "menu.topic")
