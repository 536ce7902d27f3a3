"""What happens to cases and consents stands in the ledger, in the transaction that did it."""

from bot.compose import Parts
from bot.console.acts import close_case
from bot.console.doors import Officer
from core.ledger.events import body_of
from tests.bot.citizens import Citizen, rows


def kinds(town: Parts) -> list[str]:
    return [row["type"] for row in rows(town, "event") if row["payment_id"] is None]


def bodies(town: Parts, kind: str) -> list[dict[str, int | str]]:
    return [body_of(row["body"]) for row in rows(town, "event") if row["type"] == kind]


def test_a_case_is_opened_once_in_the_ledger_and_closed_by_whoever_closes_it(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("tiền tháng này về chưa", "3", "có")
    me.writes("chưa nhận được tiền", "3", "có")
    (case,) = rows(town, "care_case")
    (opened,) = bodies(town, "case_opened")
    assert (opened["case"], opened["kind"]) == (case["id"], "dispute")

    officer = Officer("CB01", "commune", "19960")
    close_case(town, officer, case["id"], "paid")
    assert bodies(town, "case_closed") == [{"case": case["id"], "outcome": "paid"}]
    close_case(town, officer, case["id"], "paid")
    assert len(bodies(town, "case_closed")) == 1


def test_a_strangers_case_is_an_event_of_nobody(town: Parts) -> None:
    Citizen(town).writes("cán bộ", "tôi muốn hỏi chế độ của ông tôi")
    (event,) = [row for row in rows(town, "event") if row["type"] == "case_opened"]
    assert event["beneficiary_id"] is None


def test_stop_and_begin_again_are_kept_with_whose_money_they_are_about(town: Parts) -> None:
    me = Citizen(town).is_("lan", 2)
    me.writes("stop", "nhận tin")
    (stopped,), (begun,) = bodies(town, "consent_withdrawn"), bodies(town, "consent_given")
    assert stopped == begun
    assert stopped["purpose"] == "notice"

    Citizen(town).writes("stop")
    assert kinds(town).count("consent_withdrawn") == 1
