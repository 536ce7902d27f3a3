"""What is said of money: every stage, every cause, to everybody, with its facts and no more."""

import re
from dataclasses import replace
from typing import Any

import pytest

from core.calendar import Cycle
from core.conversation.flows.arrival_words import needs_a_person, sentences
from core.conversation.flows.queries import Arrival
from core.conversation.sentences import Money as Amount
from core.conversation.sentences import Said
from core.conversation.speech import Voice, spoken
from core.ledger.facts import CycleState
from core.ledger.states import Money, Receipt
from core.ledger.whereabouts import Stage, Whereabouts
from core.people import Role, Ward
from tests.builders import a_programme
from tests.core.conversation.flows.people import (
    PAID_IN_FULL,
    a_payment,
    a_ward,
    an_arrival,
)

APRIL = Cycle.parse("2021-04")
CAUSES = [entry.code for entry in a_programme().failures]
TOLD_BY_MACHINE = [entry.code for entry in a_programme().failures if entry.tell]
SELF, RELATIVE = a_ward(), a_ward(Role.RELATIVE)
AMOUNTS = re.compile(r"\d{1,3}\.\d{3}")
IMPORTING = replace(PAID_IN_FULL, state=CycleState.IMPORTING)

WAYS: dict[Stage, Arrival] = {
    Stage.NO_LIST_YET: an_arrival(None, None),
    Stage.NOT_LISTED_YET: an_arrival(None, IMPORTING),
    Stage.NOT_LISTED: an_arrival(None),
    Stage.LISTED: an_arrival(a_payment(Money.LISTED)),
    Stage.HELD: an_arrival(a_payment(Money.HELD)),
    Stage.CANCELLED: an_arrival(a_payment(Money.CANCELLED)),
    Stage.WAITING_FOR_FUNDS: an_arrival(a_payment(Money.APPROVED, provider="post")),
    Stage.WAITING_FOR_ORDER: an_arrival(a_payment(Money.APPROVED)),
    Stage.SENT_NOT_REPORTED: an_arrival(a_payment(Money.INSTRUCTED)),
    Stage.ACCEPTED: an_arrival(a_payment(Money.ACCEPTED)),
    Stage.CASH_WAITS: an_arrival(a_payment(Money.READY_CASH, method="cash", provider="post")),
    Stage.HOME_VISIT: an_arrival(a_payment(Money.HOME_PENDING, method="home", provider="post")),
    Stage.PAID: an_arrival(a_payment()),
    Stage.FAILED: an_arrival(a_payment(Money.FAILED, reason="TK_SAI")),
    Stage.RETURNED: an_arrival(a_payment(Money.RETURNED, reason="TK_DONG")),
    Stage.UNCLAIMED: an_arrival(a_payment(Money.UNCLAIMED, method="cash", provider="post")),
    Stage.REISSUED: an_arrival(a_payment(Money.REISSUED)),
    Stage.REFUNDED: an_arrival(a_payment(Money.REFUNDED)),
}


def said(arrival: Arrival, whom: Ward = SELF, *, hears: bool = True) -> tuple[Said, ...]:
    return sentences(arrival, whom, APRIL, hears_amount=hears)


def text(arrival: Arrival, whom: Ward = SELF, *, hears: bool = True, language: str = "vi") -> str:
    return " ".join(spoken(one, Voice(language)) for one in said(arrival, whom, hears=hears))


def failed(code: str, **changes: Any) -> Arrival:
    return an_arrival(a_payment(Money.FAILED, reason=code, **changes))


def test_every_stage_is_here() -> None:
    assert set(WAYS) == set(Stage)
    assert all(arrival.where.state is stage for stage, arrival in WAYS.items())


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_stage_names_the_month_and_the_person(stage: Stage, language: str) -> None:
    month = "tháng 4/2021" if language == "vi" else "April 2021"
    for hears in (True, False):
        words = text(WAYS[stage], hears=hears, language=language)
        assert month in words
        assert "Nguyễn Thị Lan" in words


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_with_a_payment_cites_its_events(stage: Stage) -> None:
    arrival = WAYS[stage]
    for one in (*said(arrival), *said(arrival, hears=False), *said(arrival, RELATIVE)):
        assert one.facts == ((101, 102) if arrival.payment else ())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("stage", [stage for stage in Stage if WAYS[stage].payment])
@pytest.mark.parametrize("whom", [SELF, RELATIVE], ids=["self", "relative"])
def test_money_that_is_paid_again_is_called_by_its_own_month(
    stage: Stage, whom: Ward, language: str
) -> None:
    payment = WAYS[stage].payment
    assert payment is not None
    again = replace(WAYS[stage], payment=replace(payment, cycle="2021-05", first_cycle="2021-04"))
    for hears in (True, False):
        words = " ".join(
            spoken(one, Voice(language))
            for one in sentences(again, whom, Cycle(2021, 5), hears_amount=hears)
        )
        if language == "vi":
            assert "tháng 4/2021 (chi lại cùng kỳ tháng 5/2021)" in words
        else:
            assert "April 2021 (paid again with May 2021)" in words


@pytest.mark.parametrize("stage", Stage)
def test_who_may_not_hear_amounts_hears_none(stage: Stage) -> None:
    for whom, hears in ((SELF, False), (RELATIVE, True), (RELATIVE, False)):
        assert not AMOUNTS.search(text(WAYS[stage], whom, hears=hears))
        assert "0001" not in text(WAYS[stage], whom, hears=hears)


@pytest.mark.parametrize("stage", [stage for stage in Stage if WAYS[stage].payment])
def test_who_may_hear_amounts_hears_the_whole_and_its_parts(stage: Stage) -> None:
    words = text(WAYS[stage])
    assert "1.080.000 đ" in words
    if stage not in {Stage.FAILED, Stage.RETURNED}:
        assert words.count("540.000 đ") == 2


@pytest.mark.parametrize("stage", Stage)
def test_a_relative_hears_given_name_month_and_whether_it_was_reported(stage: Stage) -> None:
    (one,) = said(WAYS[stage], RELATIVE)
    words = spoken(one, Voice())
    assert "Lan N" in words
    assert "Nguyễn" not in words
    assert ("báo đã chuyển" in words) is (stage is Stage.PAID)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PAID])
def test_only_what_was_reported_as_paid_is_called_paid(stage: Stage) -> None:
    words = text(WAYS[stage])
    for claim in ("báo đã chuyển", "báo đã chi", "báo đã trao"):
        assert claim not in words


@pytest.mark.parametrize(
    ("method", "provider", "claim"),
    [
        ("account", "vietinbank", "VietinBank báo đã chuyển"),
        ("wallet", "viettel", "Viettel báo đã chuyển"),
        ("cash", "post", "Bưu điện báo đã chi"),
        ("home", "post", "Bưu điện báo đã trao"),
    ],
)
def test_it_is_said_who_reported_it_how_and_on_which_day(
    method: str, provider: str, claim: str
) -> None:
    words = text(an_arrival(a_payment(method=method, provider=provider)))
    assert claim in words
    assert "ngày 05/04/2021" in words


@pytest.mark.parametrize("code", TOLD_BY_MACHINE)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_cause_is_told_with_the_way_to_mend_it(code: str, language: str) -> None:
    told, mend = said(failed(code))
    assert (told.key, mend.key) == ("arrival.failed", "arrival.mend")
    assert all(spoken(one, Voice(language)) for one in (told, mend))


def test_fourteen_causes_and_one_of_them_only_for_an_officer_to_say() -> None:
    assert len(CAUSES) == 14
    assert set(CAUSES) - set(TOLD_BY_MACHINE) == {"NGUOI_NHAN_MAT"}
    (one,) = said(failed("NGUOI_NHAN_MAT"))
    assert one.key == "arrival.with_office"
    assert not [value for value in one.values.values() if isinstance(value, Amount)]
    assert "mất" not in spoken(one, Voice())


@pytest.mark.parametrize("code", [*CAUSES, None])
def test_whoever_was_not_paid_is_offered_a_person(code: str | None) -> None:
    assert needs_a_person(an_arrival(a_payment(Money.FAILED, reason=code)))


@pytest.mark.parametrize(
    ("receipt", "key"),
    [
        (Receipt.CONFIRMED_FULL, "arrival.said_full"),
        (Receipt.SHORT, "arrival.said_short"),
        (Receipt.NOT_RECEIVED, "arrival.said_not_received"),
    ],
)
def test_what_was_said_about_it_stands_beside_what_was_reported(receipt: Receipt, key: str) -> None:
    assert said(an_arrival(a_payment(receipt=receipt)))[-1].key == key


@pytest.mark.parametrize("receipt", [Receipt.NOT_ASKED, Receipt.ASKED, Receipt.SILENT])
def test_silence_is_not_put_into_words(receipt: Receipt) -> None:
    keys = [one.key for one in said(an_arrival(a_payment(receipt=receipt)))]
    assert keys == ["arrival.paid", "arrival.parts"]


def test_cash_names_the_desk_the_last_day_and_the_papers() -> None:
    words = text(WAYS[Stage.CASH_WAITS])
    assert "Bưu cục Hương Thủy" in words
    assert "trễ nhất ngày 20/04/2021" in words
    assert "căn cước" in words


def test_cash_whose_days_are_over_needs_a_person_and_names_no_day() -> None:
    over = replace(WAYS[Stage.CASH_WAITS], desks=())
    assert needs_a_person(over)
    assert said(over)[-1].key == "arrival.collect_over"


def test_a_day_ahead_is_named_only_where_the_calendar_has_one() -> None:
    known = [one for one in Stage if WAYS[one].where.next_day is not None]
    for stage in set(Stage) - set(known):
        assert "ngày chi trả là" not in text(WAYS[stage])


def test_an_unknown_stage_of_a_payment_would_have_no_words() -> None:
    keys = {f"arrival.{stage}" for stage in Stage if WAYS[stage].payment}
    found = {said(WAYS[stage])[0].key for stage in Stage if WAYS[stage].payment}
    assert found == keys
    assert isinstance(WAYS[Stage.PAID].where, Whereabouts)
