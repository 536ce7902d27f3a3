"""Codes open the right file, once, to whoever may see it; and guessing opens nothing."""

import re

import pytest

from bot.compose import Parts
from bot.link_codes import LinkCode, issue_link_code
from core.refusals import Code, Refusal
from tests.bot.citizens import Citizen, consents, later, rows, texts_to


def letter(town: Parts, code: str = "HT000001") -> LinkCode:
    found = issue_link_code(town, code, "an")
    assert isinstance(found, LinkCode)
    return found


def heard(me: Citizen, text: str) -> str:
    me.writes(text)
    return me.heard


def events(town: Parts, kind: str) -> int:
    return len([row for row in rows(town, "event") if row["type"] == kind])


# Linking by a letter.


def test_a_letter_opens_the_file_and_says_whose_it_is(town: Parts) -> None:
    me = Citizen(town)

    assert me.writes("liên kết", "1", letter(town).code) == ("link.linked", "notices.wanted")
    assert "Nguyễn Thị Lan" in me.heard
    assert events(town, "linked") == 1
    assert me.writes("1")[0] == "notices.agreed_amount"
    assert {purpose for _, purpose in consents(town)} == {"notice", "amount"}
    assert "540.000 đ" in heard(me, "tiền tháng này về chưa")


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
