"""What flows wish is done once, in the books, for whom it may be done, and for nobody else."""

import json

import pytest

from bot.compose import Parts
from core.ledger.reads import payment_with_code
from core.ledger.states import Money, Receipt
from core.store import cases
from core.store.commit_points import CommitPoint
from core.store.conversations import free_conversation, hold_conversation
from core.store.engine import Tx
from notifications.notices import ASKS_FULL, ASKS_STATE
from tests.bot.citizens import Citizen, is_told, later, rows

LAN, TOM = "2104-HT000001-M-1", "2104-PL000003-M-1"


def standing(town: Parts, code: str = LAN) -> tuple[Money, Receipt]:
    payment = town.store.read(lambda tx: payment_with_code(tx, code))
    assert payment is not None
    return payment.money, payment.receipt


def events(town: Parts, kind: str) -> int:
    return len([row for row in rows(town, "event") if row["type"] == kind])


def disputes(town: Parts) -> list[str]:
    """Why each dispute was opened."""
    opened = [row for row in rows(town, "event") if row["type"] == "dispute_opened"]
    return [json.loads(str(row["body"]))["why"] for row in opened]


def packets(town: Parts) -> list[dict[str, object]]:
    ids = [row["id"] for row in rows(town, "care_case")]
    return town.store.read(lambda tx: [cases.packet_of(tx, one) for one in ids])


def heard(me: Citizen, text: str) -> str:
    me.writes(text)
    return me.heard


# What people say about a payment.


def test_a_word_moves_the_receipt_and_never_the_money(town: Parts) -> None:
    Citizen(town).is_("lan", 2).writes("tiền tháng này về chưa", "1")

    assert standing(town) == (Money.SETTLED, Receipt.CONFIRMED_FULL)
    assert rows(town, "care_case") == []


def test_a_word_against_the_provider_opens_one_case_with_both_sides(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("tiền tháng này về chưa", "3", "có")

    assert standing(town) == (Money.SETTLED, Receipt.NOT_RECEIVED)
    (case,) = rows(town, "care_case")
    assert (case["kind"], case["risk"], case["commune"]) == ("dispute", "H", "19960")
    assert disputes(town) == ["against_provider"]
    (packet,) = packets(town)
    (payment,) = [one for one in packet["payments"] if one["code"] == LAN]  # type: ignore[attr-defined]
    assert (payment["money"], payment["receipt"]) == ("SETTLED", "NOT_RECEIVED")
    assert payment["words"][0]["word"] == "said_not_received"
    assert "••••" in packet["methods"][0]["account"]  # type: ignore[index]
    assert "101234560001" not in str(packet)


def test_a_relatives_word_opens_a_case_and_moves_nothing(town: Parts) -> None:
    Citizen(town, "sms").is_("lua", 1).writes("mẹ tôi chưa nhận được tiền tháng này", "có")

    assert standing(town) == (Money.SETTLED, Receipt.NOT_ASKED)
    assert events(town, "relative_said_not_received") == 1
    assert disputes(town) == ["by_relative"]
    (case,) = rows(town, "care_case")
    assert case["kind"] == "dispute"


def test_who_said_not_there_and_then_there_is_heard_by_an_officer(town: Parts) -> None:
    lan, guardian = Citizen(town).is_("lan", 2), Citizen(town, "sms").is_("lan", 1)
    lan.writes("tiền tháng này về chưa", "3", "có")
    is_told(town, guardian, LAN, ASKS_FULL)

    assert guardian.writes("1")[0] in {"receipt.kept_full", "receipt.heard_full"}
    assert standing(town)[1] is Receipt.CONFIRMED_FULL
    assert len(rows(town, "care_case")) == 1


# Answers to a notice.


@pytest.mark.parametrize("text", ["1", "đủ", "du roi", "so 1", "một"])
def test_a_notice_is_answered_by_number_and_by_word(town: Parts, text: str) -> None:
    me = Citizen(town, "sms").is_("lan", 1)
    is_told(town, me, LAN, ASKS_FULL)

    assert me.writes(text) == ("receipt.kept_full",)
    assert standing(town)[1] is Receipt.CONFIRMED_FULL


def test_a_notice_is_answered_while_the_menu_waits(town: Parts) -> None:
    me = Citizen(town, "sms").is_("lan", 1)
    me.writes("menu")
    is_told(town, me, LAN, ASKS_FULL)

    assert me.writes("đủ rồi") == ("receipt.kept_full",)


def test_a_missing_payment_is_confirmed_before_it_counts(town: Parts) -> None:
    me = Citizen(town, "sms").is_("lan", 1)
    is_told(town, me, LAN, ASKS_FULL)

    assert me.writes("3") == ("receipt.sure",)
    assert standing(town)[1] is Receipt.NOT_ASKED
    assert me.writes("dung") != ("receipt.heard_not_received", "case.opened")
    assert me.writes("có")[0] == "receipt.heard_not_received"


def test_who_was_told_no_amount_cannot_say_that_it_is_short(town: Parts) -> None:
    me = Citizen(town, "sms").is_("lan", 1)
    is_told(town, me, LAN, ASKS_STATE)

    assert not me.writes("2")[0].startswith("receipt.")


def test_a_number_without_a_notice_is_no_word(town: Parts) -> None:
    me = Citizen(town, "sms").is_("lan", 1)

    assert not me.writes("1")[0].startswith("receipt.")
    assert standing(town)[1] is Receipt.NOT_ASKED


def test_an_old_notice_is_not_answered_any_more(town: Parts) -> None:
    me = Citizen(town, "sms").is_("lan", 1)
    is_told(town, me, LAN, ASKS_FULL)
    later(town, days=11)
    me.writes("1")

    assert standing(town)[1] is Receipt.NOT_ASKED


def test_a_notice_to_somebody_who_is_not_entitled_moves_nothing(town: Parts) -> None:
    stranger = Citizen(town, "sms")
    is_told(town, stranger, LAN, ASKS_FULL)

    assert stranger.writes("1") == ("receipt.no_payment",)
    assert standing(town)[1] is Receipt.NOT_ASKED


# Officers.


def test_a_case_holds_what_an_officer_needs_and_no_secret(town: Parts) -> None:
    me = Citizen(town).is_("hanh", 2)
    me.writes("gặp cán bộ", "Mã PIN của tôi là 482913, giúp tôi rút tiền cho cháu")

    (packet,) = packets(town)
    assert packet["level"] == 2
    assert [one["name"] for one in packet["wards"]] == ["Đặng Thị Na", "Đặng Văn Tôm"]  # type: ignore[attr-defined]
    assert packet["messages"]
    assert "482913" not in str(packet)
    (case,) = town.store.read(
        lambda tx: [cases.case_by_id(tx, row["id"]) for row in rows(town, "care_case")]
    )
    assert case is not None
    entries = town.store.read(lambda tx: cases.entries_of(tx, case))
    assert [one.kind for one in entries] == ["opened", "citizen"]
    assert "482913" not in str([one.text for one in entries])


def test_a_failed_payment_brings_its_cause_along(town: Parts) -> None:
    Citizen(town).is_("hai", 2).writes("tiền tháng này về chưa", "có")

    assert packets(town)[0]["cause"] == "TK_SAI"


def test_asking_twice_opens_one_case_and_a_closed_one_opens_anew(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    assert me.writes("gặp cán bộ", "hỏi giấy tờ") == ("case.opened",)
    assert me.writes("gặp cán bộ", "hỏi giấy tờ nữa") == ("case.already",)
    (row,) = rows(town, "care_case")
    town.store.transact(lambda tx: close(tx, row["id"]), CommitPoint.CASE)

    assert me.writes("gặp cán bộ", "việc khác") == ("case.opened",)
    assert len(rows(town, "care_case")) == 2


def close(tx: Tx, case_id: int) -> None:
    case = cases.case_by_id(tx, case_id)
    assert case is not None
    cases.close_cause(tx, case)


def test_while_an_officer_holds_the_talk_the_machine_is_silent(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("gặp cán bộ", "hỏi giấy tờ")
    (row,) = rows(town, "care_case")
    contact, now = row["contact_id"], town.clock.now()
    town.store.transact(lambda tx: hold_conversation(tx, contact, row["id"], now), CommitPoint.CASE)

    assert me.writes("tiền tháng này về chưa") == ("engine.held",)
    assert me.writes("alo") == ()
    case = town.store.read(lambda tx: cases.case_by_id(tx, row["id"]))
    assert case is not None
    entries = town.store.read(lambda tx: cases.entries_of(tx, case))
    assert [one.text for one in entries][-2:] == ["tiền tháng này về chưa", "alo"]

    town.store.transact(lambda tx: free_conversation(tx, contact, now), CommitPoint.CASE)
    assert me.writes("tiền tháng này về chưa")[0] == "arrival.paid"


def test_fraud_is_in_an_officers_hands_after_one_message(town: Parts) -> None:
    me = Citizen(town)
    keys = me.writes("Có người gọi điện xưng cán bộ xã bắt tôi đọc mã OTP")

    assert keys == ("fraud.keep_safe", "case.opened")
    assert rows(town, "care_case")[0]["risk"] == "H"


def test_no_hour_is_promised_and_a_closed_office_says_when_it_opens(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    assert me.writes("gặp cán bộ", "hỏi giấy tờ") == ("case.opened",)
    assert "chậm nhất" not in me.heard
    later(town, hours=9.5)  # from a morning to the evening
    assert me.writes("gặp cán bộ", "hỏi nữa") == ("case.already", "case.office_opens")
    assert "07:30 ngày 22/04/2021" in me.heard


@pytest.mark.parametrize("text", ["mẹ tui mất hôm qua", "chào em, bà Lan qua đời rồi"])
def test_word_of_a_death_is_condoled_and_handed_over(town: Parts, text: str) -> None:
    me = Citizen(town).is_("lan", 2)
    assert me.writes(text) == ("death.condolence", "death.officer")
    assert rows(town, "care_case") == []
    assert me.writes("có") == ("case.opened",)

    (case,) = rows(town, "care_case")
    found = town.store.read(lambda tx: cases.case_by_id(tx, case["id"]))
    assert found is not None
    entries = town.store.read(lambda tx: cases.entries_of(tx, found))
    assert (found.kind, found.risk, entries[-1].text) == ("death", "M", text)


def test_a_death_told_in_the_middle_ends_what_was_asked(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    assert me.writes("tiền tháng này về chưa")[-1] == "receipt.word"
    assert me.writes("bà Lan mất rồi") == ("death.condolence", "death.officer")
    assert me.writes("không") == ("death.later",)
    assert me.writes("1") != ("receipt.kept_full",)


def test_no_money_is_spoken_of_beside_a_death(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    keys = me.writes("bà Lan mất rồi thì tiền tháng này có được nhận không")

    assert keys == ("death.condolence", "death.officer")


def test_a_wish_beside_a_death_is_still_heard(town: Parts) -> None:
    keys = Citizen(town).is_("lan", 2).writes("Bà nội tôi mất rồi, xin thôi gửi tin cho số của bà.")

    assert keys[0] == "death.condolence"
    assert "engine.stop.done" in keys


def test_a_death_in_words_for_an_officer_reaches_the_officer(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("cho gặp cán bộ")

    assert me.writes("mẹ tôi mất rồi, muốn hỏi giấy tờ") == ("death.condolence", "case.opened")


def test_a_lost_card_is_not_condoled(town: Parts) -> None:
    assert "death.condolence" not in Citizen(town).is_("lan", 2).writes("mẹ tôi mất thẻ rồi")


# Shared phones.


def test_on_a_shared_phone_each_is_known_as_well_as_they_are(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2).is_("gai", 1)

    assert me.writes("tiền về chưa") == ("arrival.whom",)
    assert "1.080.000" not in heard(me, "Hoàng Thị Gái")
    assert standing(town, TOM)[1] is Receipt.NOT_ASKED
