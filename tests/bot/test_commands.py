"""What flows wish is done once, in the books, for whom it may be done, and for nobody else."""

import re

import pytest

from bot.compose import Parts
from bot.link_codes import LinkCode, issue_link_code
from core.ledger.reads import payment_with_code
from core.ledger.states import Money, Receipt
from core.refusals import Code, Refusal
from core.store import cases
from core.store.commit_points import CommitPoint
from core.store.conversations import free_conversation, hold_conversation
from core.store.engine import Tx
from notifications.notices import ASKS_FULL, ASKS_STATE
from tests.bot.citizens import Citizen, consents, is_told, later, rows, texts_to

LAN, TOM = "2104-HT000001-M-1", "2104-PL000003-M-1"


def letter(town: Parts, code: str = "HT000001") -> LinkCode:
    found = issue_link_code(town, code, "an")
    assert isinstance(found, LinkCode)
    return found


def standing(town: Parts, code: str = LAN) -> tuple[Money, Receipt]:
    payment = town.store.read(lambda tx: payment_with_code(tx, code))
    assert payment is not None
    return payment.money, payment.receipt


def events(town: Parts, kind: str) -> int:
    return len([row for row in rows(town, "event") if row["type"] == kind])


def packets(town: Parts) -> list[dict[str, object]]:
    ids = [row["id"] for row in rows(town, "care_case")]
    return town.store.read(lambda tx: [cases.packet_of(tx, one) for one in ids])


# Linking by a letter.


def test_a_letter_opens_the_file_and_says_whose_it_is(town: Parts) -> None:
    me = Citizen(town)

    assert me.writes("liên kết", "1", letter(town).code) == ("link.linked", "notices.wanted")
    assert "Nguyễn Thị Lan" in me.heard
    assert events(town, "linked") == 1
    assert me.writes("1")[0] == "notices.agreed_amount"
    assert {purpose for _, purpose in consents(town)} == {"notice", "amount"}
    assert "540.000 đ" in heard(me, "tiền tháng này về chưa")


def heard(me: Citizen, text: str) -> str:
    me.writes(text)
    return me.heard


def test_silence_is_no_consent(town: Parts) -> None:
    me = Citizen(town)
    me.writes("liên kết", "1", letter(town).code, "3")

    assert consents(town) == set()


def test_the_code_alone_or_scanned_links_as_well(town: Parts) -> None:
    for text in ("{code}", "/start {code}"):
        code = letter(town).code
        assert "link.linked" in Citizen(town).writes(text.format(code=code)), text


def test_a_code_in_small_letters_and_in_groups_is_the_same_code(town: Parts) -> None:
    code = letter(town).code.lower()

    assert "link.linked" in Citizen(town).writes(f"{code[:4]}-{code[4:]}")


def test_a_letter_works_once(town: Parts) -> None:
    code = letter(town).code
    Citizen(town).writes(code)

    assert Citizen(town).writes(code) == ("link.used",)


def test_whoever_scans_the_same_letter_again_is_linked_still(town: Parts) -> None:
    me, code = Citizen(town), letter(town).code
    me.writes(code, "3")

    assert "link.linked" in me.writes(code)
    assert events(town, "linked") == 1


def test_a_letter_runs_out(town: Parts) -> None:
    code = letter(town).code
    later(town, days=31)

    assert Citizen(town).writes(code) == ("link.expired",)


def test_the_letter_of_a_child_speaks_to_the_guardian(town: Parts) -> None:
    me = Citizen(town)
    me.writes(letter(town, "PL000002").code)

    assert "Đặng Thị Na, Đặng Văn Tôm" in me.heard


def test_nobody_gets_a_letter_for_a_code_that_is_not_there(town: Parts) -> None:
    found = issue_link_code(town, "HT999999", "an")

    assert found == Refusal(Code.BENEFICIARY_UNKNOWN, {"code": "HT999999"})
    assert rows(town, "one_time_code") == []


def test_codes_are_kept_as_indexes_only(town: Parts) -> None:
    found = letter(town)

    assert found.code not in str(rows(town, "one_time_code"))
    assert found.link.endswith(found.code)
    assert len(found.qr.splitlines()) > 10


# Guessing.


def wrong(me: Citizen, number: int) -> tuple[str, ...]:
    return me.writes(f"/start WRONG{number:03}")


def test_guessing_stops_after_five_and_locks_out_nobody_else(town: Parts) -> None:
    guesser, owner, code = Citizen(town), Citizen(town), letter(town).code
    answers = [wrong(guesser, number) for number in range(6)]

    assert answers == [("link.wrong",)] * 5 + [("link.too_many",)]
    assert guesser.writes(code) == ("link.too_many",)
    assert "link.linked" in owner.writes(code)


def test_after_an_hour_one_may_try_again(town: Parts) -> None:
    me, code = Citizen(town), letter(town).code
    for number in range(6):
        wrong(me, number)
    later(town, minutes=61)

    assert "link.linked" in me.writes(code)


# Linking by the number on file.


def asks_for_a_code(me: Citizen, phone: str) -> tuple[str, ...]:
    return me.writes("liên kết", "2", phone)


@pytest.fixture
def phone(town: Parts) -> Citizen:
    return Citizen(town, "sms").is_("lan", 1)


def codes_at(town: Parts, phone: Citizen) -> list[str]:
    return [found for text in texts_to(town, phone.address) for found in re.findall(r"\d{6}", text)]


def test_a_code_goes_to_the_number_on_file_and_links_whoever_reads_it(
    town: Parts, phone: Citizen
) -> None:
    me = Citizen(town)
    assert asks_for_a_code(me, phone.address) == ("link.sent", "link.sms_code")

    (code,) = codes_at(town, phone)
    assert me.writes(code)[0] == "link.linked"


def test_nothing_tells_a_number_on_file_from_any_other(town: Parts, phone: Citizen) -> None:
    known, unknown = Citizen(town), Citizen(town)

    assert asks_for_a_code(known, phone.address) == asks_for_a_code(unknown, "0999888777")
    assert known.heard == unknown.heard
    assert known.writes("000000") == unknown.writes("000000")
    assert known.heard == unknown.heard


def test_a_code_is_worth_nothing_to_another_address(town: Parts, phone: Citizen) -> None:
    asker, thief = Citizen(town), Citizen(town)
    asks_for_a_code(asker, phone.address)
    asks_for_a_code(thief, "0999888777")

    assert thief.writes(codes_at(town, phone)[0]) == ("link.sms_code_again",)


def test_a_sent_code_runs_out_in_a_quarter_of_an_hour(town: Parts, phone: Citizen) -> None:
    me = Citizen(town)
    asks_for_a_code(me, phone.address)
    later(town, minutes=16)

    assert me.writes(codes_at(town, phone)[0]) == ("link.expired",)


def test_one_asker_cannot_flood_a_phone_nor_use_up_what_its_owner_gets(
    town: Parts, phone: Citizen
) -> None:
    pest, owner = Citizen(town), Citizen(town)
    for _ in range(6):
        asks_for_a_code(pest, phone.address)
        pest.writes("hủy")
    assert len(codes_at(town, phone)) == 3

    asks_for_a_code(owner, phone.address)
    assert len(codes_at(town, phone)) == 4


def test_many_askers_cannot_flood_a_phone_either(town: Parts, phone: Citizen) -> None:
    for _ in range(9):
        asks_for_a_code(Citizen(town), phone.address)

    assert len(codes_at(town, phone)) == 6


def test_a_code_to_a_shared_phone_speaks_for_all_whose_number_it_is(
    town: Parts, phone: Citizen
) -> None:
    phone.is_("hai", 1)
    me = Citizen(town)
    asks_for_a_code(me, phone.address)

    me.writes(codes_at(town, phone)[0])
    assert "Nguyễn Thị Lan" in me.heard
    assert "Trần Văn Hải" in me.heard


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


# Shared phones.


def test_on_a_shared_phone_each_is_known_as_well_as_they_are(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2).is_("gai", 1)

    assert me.writes("tiền về chưa") == ("arrival.whom",)
    assert "1.080.000" not in heard(me, "Hoàng Thị Gái")
    assert standing(town, TOM)[1] is Receipt.NOT_ASKED
