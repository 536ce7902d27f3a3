"""What people say about their money."""

from datetime import date
from typing import TypeVar

import pytest

from core.ledger import hearing, reads
from core.ledger.events import EventType, Recorded
from core.ledger.facts import PaymentFacts
from core.ledger.hearing import Heard
from core.ledger.receipt import Dispute, Said, Word, dispute_in
from core.ledger.states import Money
from core.people import SCOPE_OF, Basis, Role, Standing
from core.refusals import Code, Refusal
from tests import builders
from tests.core.ledger.conftest import Office

T = TypeVar("T")
DAY = date(2021, 4, 15)


def stands(role: Role, person: int = 1, *, is_payee: bool = False) -> Standing:
    basis = Basis.OWN if role is Role.SELF else Basis.GUARDIAN_DECISION
    return Standing(1, 1, person, role, "", basis, SCOPE_OF[role], is_payee, DAY, None)


def facts(office: Office, at: int = -1) -> PaymentFacts:
    (found,) = office.read(lambda tx: reads.payments_with_ids(tx, [office.payments[at]]))
    return found


def says(
    office: Office, word: Word, who: Standing, source: str = "inbound:1", at: int = -1
) -> Heard | Refusal:
    payment = facts(office, at)
    return office.do(
        lambda tx: hearing.say(
            tx,
            office.ledger,
            payment,
            word,
            standing=who,
            level=2,
            day=DAY,
            source=source,
            at=builders.NOW,
        )
    )


def heard(found: Heard | Refusal) -> Heard:
    assert isinstance(found, Heard), found
    return found


@pytest.mark.parametrize(
    ("word", "state", "dispute"),
    [
        (Word.FULL, "CONFIRMED_FULL", None),
        (Word.SHORT, "SHORT", Dispute.AGAINST_PROVIDER),
        (Word.NOT_RECEIVED, "NOT_RECEIVED", Dispute.AGAINST_PROVIDER),
    ],
)
def test_a_word_is_kept_with_who_said_it_and_on_what_basis(
    office: Office, word: Word, state: str, dispute: Dispute | None
) -> None:
    found = heard(says(office, word, stands(Role.GUARDIAN, 7)))

    assert found.dispute is dispute
    assert found.event.event.body == {"person": 7, "basis": "guardian"}
    assert (facts(office).receipt, facts(office).money) == (state, Money.SETTLED)


def test_two_who_disagree_need_an_officer(office: Office) -> None:
    heard(says(office, Word.FULL, stands(Role.GUARDIAN, 7)))
    found = heard(says(office, Word.NOT_RECEIVED, stands(Role.SELF, 8), "inbound:2"))

    assert found.dispute is Dispute.BETWEEN_PEOPLE
    assert facts(office).receipt == "NOT_RECEIVED"


def test_somebody_may_change_their_own_word(office: Office) -> None:
    heard(says(office, Word.NOT_RECEIVED, stands(Role.SELF)))
    found = heard(says(office, Word.FULL, stands(Role.SELF), "inbound:2"))

    assert (found.dispute, facts(office).receipt) == (None, "CONFIRMED_FULL")


def test_the_same_message_counts_once(office: Office) -> None:
    first = heard(says(office, Word.FULL, stands(Role.SELF)))
    again = heard(says(office, Word.FULL, stands(Role.SELF)))

    assert (again.event.id, again.event.is_new) == (first.event.id, False)


def test_a_relative_is_heard_by_an_officer_and_moves_nothing(office: Office) -> None:
    found = heard(says(office, Word.NOT_RECEIVED, stands(Role.RELATIVE, 9)))

    assert found.dispute is Dispute.BY_RELATIVE
    assert found.event.event.type is EventType.RELATIVE_SAID_NOT_RECEIVED
    assert facts(office).receipt == "NOT_ASKED"
    assert says(office, Word.FULL, stands(Role.RELATIVE, 9)) == Refusal(Code.NO_STANDING)


def test_a_payee_speaks_for_the_money_they_collect(office: Office) -> None:
    found = heard(says(office, Word.SHORT, stands(Role.AUTHORISED, 9, is_payee=True)))

    assert found.event.event.body["basis"] == "payee"


def test_nothing_was_short_before_anybody_reported_it_paid(office: Office) -> None:
    found = says(office, Word.NOT_RECEIVED, stands(Role.SELF), at=0)

    assert isinstance(found, Refusal)
    assert found.code is Code.PAYMENT_ILLEGAL_MOVE
    assert heard(says(office, Word.FULL, stands(Role.SELF), at=0)).dispute is None


def test_a_standing_that_ended_is_heard_no_more(office: Office) -> None:
    ended = stands(Role.SELF)
    payment = facts(office)
    found = office.do(
        lambda tx: hearing.say(
            tx,
            office.ledger,
            payment,
            Word.FULL,
            standing=ended,
            level=2,
            day=date(2021, 4, 1),
            source="inbound:1",
            at=builders.NOW,
        )
    )

    assert found == Refusal(Code.STANDING_ENDED)


def test_only_the_latest_word_of_each_other_counts(office: Office) -> None:
    payment = facts(office)
    earlier = [Said(Word.SHORT, 2, "self"), Said(Word.FULL, 2, "self")]

    assert dispute_in(payment, Word.FULL, 1, earlier) is None
    assert dispute_in(payment, Word.SHORT, 1, earlier) is Dispute.BETWEEN_PEOPLE
    assert dispute_in(payment, Word.SHORT, 2, earlier) is Dispute.AGAINST_PROVIDER


def test_asking_and_silence_leave_the_money_alone(office: Office) -> None:
    number = office.payments[-1]
    for kind in (EventType.ASKED, EventType.SILENT):
        assert isinstance(office.record(kind, number), Recorded)
    assert (facts(office).money, facts(office).receipt) == ("SETTLED", "SILENT")
