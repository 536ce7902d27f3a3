"""Whoever is paid in another way hears of it at every address, on both engines."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from core import wording
from core.clock import PlayClock
from core.labels import method_name
from core.ledger import enrolling
from core.ledger.enrolling import Desk, Wish
from core.ledger.enrolment import Confirmed
from core.ledger.events import EventType, NewEvent
from core.ledger.record import Ledger
from core.people import Purpose as Agreed
from core.people import Role
from core.refusals import Refusal
from core.store import contacts
from core.store.engine import Tx
from core.store.enrolments import EnrolmentRow
from core.store.outbox import MessageRow
from core.store.people import beneficiaries_by_code
from core.terms import Method
from notifications import changes, conditions, sms_text, triggers
from notifications.outbox import SMS, Purpose
from tests.builders import LOC_TRI, NOW, TENANT, a_method, beneficiaries
from tests.notifications import district
from tests.notifications.families import outbox
from tests.notifications.post import Post

CODE = "PL000001"
OLD, OLDER, NEW = "0912345678", "0987654321", "0977123456"
WALLET = Wish(Method.WALLET, NEW, f"Nguyễn Thị {CODE}")


class Counter:
    """Two officers of one commune, and a person with two telephones."""

    def __init__(self, post: Post) -> None:
        self.post = post
        reactor = triggers.reactor(post.programme, post.clock)
        self.ledger = Ledger(TENANT, (reactor,), post.clock)
        self.person, self.beneficiary = post.do(self._known)

    def _known(self, tx: Tx) -> tuple[int, int]:
        (beneficiary,) = beneficiaries(tx, [CODE], commune=LOC_TRI)
        person = beneficiaries_by_code(tx, [CODE])[CODE].person_id
        district.stands(tx, beneficiary, person, Role.SELF)
        for number in (OLDER, OLD):
            district.a_phone(tx, person, number)
        district.agrees(tx, beneficiary, person, Agreed.NOTICE)
        daughter = district.a_person(tx, "Trần Thị Mai")
        district.stands(tx, beneficiary, daughter, Role.RELATIVE)
        district.a_phone(tx, daughter, "0966666666")
        district.agrees(tx, beneficiary, daughter, Agreed.RELATIVE, by=person)
        return person, beneficiary

    def asks(self, wish: Wish) -> EnrolmentRow:
        """A wish that the second person has approved."""

        def work(tx: Tx) -> EnrolmentRow | Refusal:
            lan = Desk(tx, self.ledger, self.post.programme, "lan")
            drafted = enrolling.draft(lan, beneficiaries_by_code(tx, [CODE])[CODE], wish)
            assert isinstance(drafted, EnrolmentRow), drafted
            enrolling.confirm(lan, drafted.id, Confirmed.IN_PERSON)
            enrolling.check(lan, drafted.id)
            minh = Desk(tx, self.ledger, self.post.programme, "minh")
            return enrolling.approve(minh, drafted.id, is_office=False)

        done = self.post.do(work)
        assert isinstance(done, EnrolmentRow), done
        return done

    def freezes(self, cycle: str) -> int:
        ledger, programme = self.ledger, self.post.programme
        return self.post.do(
            lambda tx: enrolling.activate(tx, ledger, programme, cycle=cycle, by="huyen")
        )

    def changes(self) -> EnrolmentRow:
        """From cash to a wallet."""
        self.post.do(lambda tx: a_method(tx, self.beneficiary, Method.CASH))
        return self.asks(WALLET)

    def untrue(self) -> dict[str, str]:
        day = district.DAY + timedelta(days=1)
        said = outbox(self.post)
        why = self.post.store.read(lambda tx: conditions.untrue(tx, said, day))
        return {numbers(said)[one]: reason for one, reason in why.items()}


def numbers(said: Sequence[MessageRow]) -> dict[int, str]:
    return {one.id: one.address for one in said}


@pytest.fixture
def counter(post: Post) -> Counter:
    return Counter(post)


def test_old_and_new_numbers_hear_of_an_approved_change_and_relatives_do_not(
    counter: Counter,
) -> None:
    done = counter.changes()
    assert done.state == "COOLING_OFF"
    said = {one.address: one for one in outbox(counter.post)}

    assert set(said) == {OLD, OLDER, NEW}
    assert said[OLD].text == said[OLDER].text
    assert said[OLD].text == (
        "CHITRA: Da duyet doi cach nhan tro cap: vi ViettelPay, tu ky 5/2021."
        " Neu khong phai ong/ba yeu cau, xin goi ngay 0234 000 0123."
    )
    assert said[NEW].text == (
        "CHITRA: So nay duoc ghi la vi nhan tro cap tu ky 5/2021."
        " Neu khong phai vi cua ong/ba, xin goi ngay 0234 000 0123."
    )
    assert {one.state for one in said.values()} == {"queued"}
    assert {one.purpose for one in said.values()} == {Purpose.METHOD_CHANGED}
    assert all(NEW[-4:] not in one.text for one in said.values())


def test_they_hear_of_it_again_when_it_comes_into_force(counter: Counter, clock: PlayClock) -> None:
    counter.changes()
    clock.move_to(datetime(2021, 5, 21, 2, tzinfo=UTC))
    assert counter.freezes("2021-06") == 1
    said = [one for one in outbox(counter.post) if one.purpose == Purpose.METHOD_IN_FORCE]

    assert {one.address for one in said} == {OLD, OLDER, NEW}
    assert said[0].text.startswith("CHITRA: Tu ky 6/2021, tro cap duoc tra bang: vi ViettelPay.")


def test_who_agreed_to_no_text_gets_none(counter: Counter) -> None:
    counter.post.do(lambda tx: district.takes_back_all(tx, NOW))
    counter.changes()
    # The wallet's own number is told: it may be somebody else's.
    assert [one.address for one in outbox(counter.post)] == [NEW]


def test_what_is_not_so_any_more_does_not_leave(counter: Counter) -> None:
    wish = counter.changes()
    assert counter.untrue() == {}

    def ended(tx: Tx) -> None:
        desk = Desk(tx, counter.ledger, counter.post.programme, "minh")
        enrolling.withdraw(desk, wish.id, "đổi ý")

    counter.post.do(ended)
    assert set(counter.untrue().values()) == {conditions.NOT_TRUE}
    assert len(counter.untrue()) == 3


def test_a_stop_a_death_and_a_consent_taken_back_are_heeded(counter: Counter) -> None:
    counter.changes()

    def stopped(tx: Tx) -> None:
        contact = contacts.contact_at(tx, SMS, OLDER)
        assert contact is not None
        contacts.stop(tx, contact.id, NOW)

    counter.post.do(stopped)
    assert counter.untrue() == {OLDER: conditions.STOPPED}
    counter.post.do(lambda tx: district.takes_back_all(tx, NOW))
    assert counter.untrue() == {OLDER: conditions.STOPPED, OLD: conditions.NO_CONSENT}
    counter.post.do(lambda tx: district.dies(tx, counter.person, district.DAY))
    assert counter.untrue()[NEW] == conditions.DIED


@pytest.mark.parametrize(("file", "state"), [(None, "queued"), ("file:7", "held")])
def test_the_old_numbers_hear_that_there_is_another_one(
    counter: Counter, file: str | None, state: str
) -> None:
    def changed(tx: Tx) -> None:
        contact = district.a_phone(tx, counter.person, NEW)
        body = {"person": counter.person, "contact": contact, "file": file}
        told = NewEvent(
            type=EventType.PHONE_CHANGED,
            source="test:phone",
            actor="staff:lan",
            effective_at=NOW,
            cycle="2021-04",
            beneficiary_id=counter.beneficiary,
            body=body,
        )
        counter.ledger.record(tx, [told])

    counter.post.do(changed)
    said = outbox(counter.post)
    assert {(one.address, one.state) for one in said} == {(OLD, state), (OLDER, state)}
    assert said[0].text == (
        "CHITRA: So dien thoai nhan tin ve tro cap da doi sang so khac."
        " Neu khong phai ong/ba yeu cau, xin goi ngay 0234 000 0123."
    )
    assert counter.untrue() == {}


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("purpose", sorted(changes.PURPOSES))
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_text_fits_one_segment(method: Method, purpose: Purpose, lang: str) -> None:
    values = {"method": method_name(method, lang), "month": "12/2021", "hotline": "0234 000 0123"}
    text = f"CHITRA: {wording.text(f'sms.{purpose}', lang, 'sms', **values)}"
    assert sms_text.measure(sms_text.fold(text)).segments == 1
