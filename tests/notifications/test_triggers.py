"""From a ledger event to the outbox, on both engines: who is told, what, once, and who is not."""

import inspect
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from core.ledger.events import EventType, Recorded
from core.people import Purpose, Role
from core.store import contacts, recipients
from core.store import outbox as rows
from core.store.engine import Tx
from core.store.imports import FileKey, begin_file
from core.store.tables.messages import batch
from core.terms import Release
from notifications import conditions, triggers
from notifications.outbox import SMS, TELEGRAM, WEB
from tests.notifications import district
from tests.notifications.district import DAY, NOW
from tests.notifications.families import (
    Family,
    a_family,
    a_told_family,
    happened,
    outbox,
    tell,
)
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier

NUMBER = "0912345678"
OTHER = "0987654321"


def test_every_event_type_says_who_is_told_or_that_nobody_is() -> None:
    assert set(triggers.TABLE) == set(EventType)


def test_the_beneficiary_who_agreed_to_amounts_on_a_verified_number_reads_the_amount(
    post: Post,
) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id)])

    assert said.text == (
        "CHITRA: VietinBank bao da chuyen 540.000d tien tro cap thang 4/2021 cua Nguyen Thi Lan"
        " ngay 15/04. Tra loi: 1 du 2 thieu 3 chua nhan"
    )
    assert said.segments == 1
    assert said.state == "queued"
    assert said.menu_token == "receipt:full"


@pytest.mark.parametrize(
    ("level", "purpose"), [(1, Purpose.AMOUNT), (2, Purpose.NOTICE), (1, Purpose.NOTICE)]
)
def test_without_that_consent_or_on_an_unverified_number_there_is_no_amount(
    post: Post, level: int, purpose: Purpose
) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER, level=level)
        district.agrees(tx, family.beneficiary_id, family.person_id, purpose)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id)])

    assert said.text == (
        "CHITRA: VietinBank bao da chuyen tien tro cap thang 4/2021 cua Nguyen Thi Lan"
        " ngay 15/04. Tra loi: 1 da nhan 3 chua nhan"
    )


def test_who_agreed_to_nothing_is_told_nothing(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        return family

    assert tell(post, [happened(post.do(work).payment_id)]) == []


def test_a_relative_is_told_only_after_consent_and_reads_who_gave_the_number_once(
    post: Post,
) -> None:
    def work(tx: Tx) -> tuple[Family, int]:
        family = a_family(tx)
        daughter = district.a_person(tx, "Trần Thị Mai")
        district.stands(tx, family.beneficiary_id, daughter, Role.RELATIVE)
        district.a_phone(tx, daughter, OTHER)
        return family, daughter

    family, daughter = post.do(work)
    assert tell(post, [happened(family.payment_id)]) == []

    post.do(
        lambda tx: district.agrees(
            tx, family.beneficiary_id, daughter, Purpose.RELATIVE, by=family.person_id
        )
    )
    next_month = post.do(
        lambda tx: district.a_payment(
            tx, family.beneficiary_id, "2105-HT000001-M-1", cycle="2021-05"
        )
    )
    [first] = tell(post, [happened(family.payment_id)])
    second = tell(post, [happened(next_month)])[-1]

    assert first.text == (
        "CHITRA: Nguyen Thi Lan cho so nay de bao tin. VietinBank bao da chuyen tien tro cap"
        " thang 4/2021 cua Lan N. Ngung tin: soan TC"
    )
    assert "cho so nay" not in second.text
    assert "540" not in first.text + second.text
    assert first.menu_token is None


def test_a_shared_phone_gets_one_text_for_all_without_name_amount_or_question(
    post: Post,
) -> None:
    def work(tx: Tx) -> list[int]:
        mother = district.a_person(tx, "Lê Thị Hoa")
        district.a_phone(tx, mother, NUMBER, level=2)
        payments = []
        for number in range(1, 6):
            family = a_family(tx, f"HT00000{number}", f"Trần Văn Con {number}")
            district.stands(tx, family.beneficiary_id, mother, Role.GUARDIAN)
            district.agrees(tx, family.beneficiary_id, mother, Purpose.AMOUNT)
            payments.append(family.payment_id)
        return payments

    payments = post.do(work)
    tell(post, [happened(p) for p in payments[:2]])
    said = tell(post, [happened(p) for p in payments[2:]])

    [one] = said
    assert one.text == (
        "CHITRA: VietinBank da bao ket qua chi tra thang 4/2021 cua nhung nguoi dung chung so"
        " nay. Soan TIEN de xem tung nguoi. Ngung tin: soan TC"
    )
    links = post.store.read(lambda tx: rows.payments_of_messages(tx, [one.id]))
    assert sorted(links[one.id]) == sorted(payments)


def a_shared_phone(tx: Tx) -> list[int]:
    """Payments of two people who share one phone: one paid out, one waiting at the pay point."""
    payments = []
    for number, money in enumerate(("SETTLED", "READY_CASH", "SETTLED"), start=1):
        family = a_family(tx, f"HT00000{number}", f"Trần Văn Con {number}", money=money)
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.NOTICE)
        payments.append(family.payment_id)
    return payments


def test_one_import_is_one_text_to_a_shared_phone_whatever_it_reports(post: Post) -> None:
    paid, waiting, later = post.do(a_shared_phone)
    both = [
        happened(paid, file="file:12"),
        happened(waiting, EventType.READY_CASH, file="file:12"),
    ]

    [one] = tell(post, both, release=Release.AUTOMATIC)

    assert one.purpose == "results"
    links = post.store.read(lambda tx: rows.payments_of_messages(tx, [one.id]))
    assert sorted(links[one.id]) == [paid, waiting]
    assert tell(post, both, release=Release.AUTOMATIC) == [one]
    post.do(lambda tx: district.set_money(tx, paid, "RETURNED"))
    assert untrue_of(post, one.id) == {}
    post.do(lambda tx: district.set_money(tx, paid, "ACCEPTED"))
    post.do(lambda tx: district.set_money(tx, waiting, "ACCEPTED"))
    assert untrue_of(post, one.id) == {one.id: conditions.NOT_TRUE}

    said = tell(post, [happened(later, file="file:13")], release=Release.AUTOMATIC)
    assert len(said) == 2


def untrue_of(post: Post, message_id: int) -> dict[int, str]:
    def work(tx: Tx) -> dict[int, str]:
        return conditions.untrue(tx, rows.messages(tx, [message_id]), DAY)

    return post.store.read(work)


def test_a_linked_chat_is_told_instead_of_the_phone_with_accents_and_buttons(
    post: Post,
) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.a_phone(tx, family.person_id, "77", level=2, channel=TELEGRAM)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id)])

    assert said.channel == TELEGRAM
    assert said.text.startswith("VietinBank báo đã chuyển 540.000đ")
    assert said.buttons == (("Đã nhận đủ", "1"), ("Nhận thiếu", "2"), ("Chưa nhận", "3"))


def test_a_failed_payment_says_that_it_is_delayed_and_who_deals_with_it(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx, money="FAILED", reason="TEN_LECH")
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id, EventType.FAILED)])

    assert said.text == (
        "CHITRA: VietinBank bao chua chuyen duoc tien tro cap thang 4/2021 cua Nguyen Thi Lan."
        " Can bo xa lo viec nay. Tien van duoc giu."
    )


def test_a_reason_that_only_a_person_may_say_sets_off_no_text(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx, money="FAILED", reason="NGUOI_NHAN_MAT")
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    assert tell(post, [happened(post.do(work).payment_id, EventType.FAILED)]) == []


def test_a_sender_that_nobody_can_answer_gives_the_hotline(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id)], answered=False)

    assert said.text.endswith("ngay 15/04. Hoi: 0234 000 0123")
    assert said.menu_token is None


def test_a_dead_persons_payment_sets_off_no_text(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, NUMBER)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.NOTICE)
        district.dies(tx, family.person_id, DAY)
        return family

    assert tell(post, [happened(post.do(work).payment_id)]) == []


def test_an_ended_standing_and_a_stopped_number_are_told_nothing(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        guardian = district.a_person(tx, "Lê Thị Hoa")
        yesterday = DAY - timedelta(days=1)
        district.stands(tx, family.beneficiary_id, guardian, Role.GUARDIAN, valid_to=yesterday)
        district.a_phone(tx, guardian, OTHER)
        district.agrees(tx, family.beneficiary_id, guardian, Purpose.NOTICE)
        contact = district.a_phone(tx, family.person_id, NUMBER)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.NOTICE)
        contacts.stop(tx, contact, NOW)
        return family

    assert tell(post, [happened(post.do(work).payment_id)]) == []


def test_the_same_event_told_twice_is_one_message(post: Post) -> None:
    family = post.do(a_told_family)
    once = happened(family.payment_id)

    tell(post, [once])

    assert len(tell(post, [once, happened(family.payment_id)])) == 1


def test_an_event_that_was_written_before_sets_nothing_off(post: Post) -> None:
    family = post.do(a_told_family)
    again = happened(family.payment_id)

    assert tell(post, [Recorded(again.id, again.event, is_new=False)]) == []


def test_settled_and_returned_in_one_go_tells_only_what_is_so(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_told_family(tx)
        district.set_money(tx, family.payment_id, "RETURNED")
        return family

    family = post.do(work)
    [said] = tell(
        post,
        [happened(family.payment_id), happened(family.payment_id, EventType.RETURNED)],
    )

    assert said.purpose == "delayed"


async def test_an_imports_notices_are_held_until_released(post: Post) -> None:
    families = [post.do(partial(a_told_family, number=n)) for n in (1, 2, 3)]
    said = tell(post, [happened(f.payment_id, file=7) for f in families])
    carrier = Carrier()

    await post.drain(carrier)

    assert {one.state for one in said} == {"held"}
    assert len({one.batch_id for one in said}) == 1
    assert carrier.calls == []


async def test_with_automatic_release_an_imports_notices_leave_at_once(post: Post) -> None:
    family = post.do(a_told_family)
    tell(post, [happened(family.payment_id, file=7)], release=Release.AUTOMATIC)
    carrier = Carrier()

    await post.drain(carrier)

    assert len(carrier.calls) == 1


def test_the_batch_of_an_import_belongs_to_the_officer_who_took_the_file_in(
    post: Post,
) -> None:
    family = post.do(a_told_family)
    key = FileKey(district.TENANT, "results", district.CYCLE, "vietinbank", "0" * 64)
    file_id = post.do(lambda tx: begin_file(tx, key, name="ds.xlsx", rows=1, staff="ANH", now=NOW))

    tell(post, [happened(family.payment_id, file=f"file:{file_id}", by="provider:vietinbank")])

    query = sa.select(batch.c.cause, batch.c.created_by)
    found = post.store.read(lambda tx: tuple(tx.connection.execute(query).one()))
    assert found == (f"file:{file_id}", "ANH")


def test_a_person_who_has_only_the_chat_page_is_told_there(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, "visitor-1", level=2, channel=WEB)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.NOTICE)
        return family

    react = triggers.reactor(post.programme, post.clock, channels={WEB, SMS})
    payment_id = post.do(work).payment_id
    post.do(lambda tx: react(tx, [happened(payment_id)]))

    [said] = outbox(post)
    assert (said.channel, said.state) == (WEB, "sent")


def test_later_rows_of_a_stopped_import_are_born_stopped(post: Post) -> None:
    first, second = (post.do(partial(a_told_family, number=n)) for n in (1, 2))
    tell(post, [happened(first.payment_id, file=7)])
    post.do(lambda tx: tx.connection.execute(sa.update(batch).values(state="stopped")))

    said = tell(post, [happened(second.payment_id, file=7)])

    assert said[-1].state == "stopped"


def test_a_relative_who_stops_does_not_stop_the_beneficiary(post: Post) -> None:
    def work(tx: Tx) -> Family:
        family = a_told_family(tx)
        daughter = district.a_person(tx, "Trần Thị Mai")
        district.stands(tx, family.beneficiary_id, daughter, Role.RELATIVE)
        contact = district.a_phone(tx, daughter, OTHER)
        district.agrees(tx, family.beneficiary_id, daughter, Purpose.RELATIVE, by=family.person_id)
        contacts.stop(tx, contact, NOW)
        return family

    [said] = tell(post, [happened(post.do(work).payment_id)])

    assert said.address == "0900000001"


def test_the_register_of_recipients_never_reads_the_category() -> None:
    assert "entitlement" not in inspect.getsource(recipients)
