"""A notice that did not reach its chat is followed by one SMS; one that may have is not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.people import Basis, Purpose, Role
from core.store import contacts
from core.store import outbox as rows
from core.store.engine import Tx
from core.store.tables.messages import batch
from core.terms import Release
from notifications.gateways.base import Kind, Outcome, Refused, Unknown
from notifications.notices import Voice
from notifications.outbox import SMS, TELEGRAM
from notifications.second_step import SecondStep
from tests.notifications import district
from tests.notifications.families import Family, a_family, happened, outbox, tell
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier, always_taken, saying

NUMBER = "0912345678"
CHAT = "777001"
BLOCKED = Refused("403", Kind.STOPPED)
GONE = Refused("400", Kind.ADDRESS)
AFTER = timedelta(minutes=60)


@dataclass
class Lines:
    """Both channels, and how one follows the other."""

    post: Post
    chat: Carrier
    phone: Carrier

    @property
    def second(self) -> SecondStep:
        return SecondStep(Voice(self.post.programme), AFTER)

    async def work(self) -> None:
        """What a worker does in one round, twice: what a step wrote leaves in the same minute."""
        for _ in range(2):
            await self.post.drain(self.chat, self.phone, second=self.second)

    async def later(self, passed: timedelta) -> None:
        self.post.clock.move_to(self.post.clock.now() + passed)
        await self.work()


@pytest.fixture
def lines(post: Post) -> Lines:
    return Lines(
        post,
        Carrier(name="telegram", channel=TELEGRAM),
        Carrier(name="carrier", channel=SMS),
    )


def with_chat_and_phone(tx: Tx, code: str = "HT000001", number: str = NUMBER) -> Family:
    family = a_family(tx, code)
    district.a_phone(tx, family.person_id, number, level=2)
    district.a_phone(tx, family.person_id, CHAT + code, level=2, channel=TELEGRAM)
    district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
    return family


def told(post: Post) -> Family:
    family = post.do(with_chat_and_phone)
    [first] = tell(post, [happened(family.payment_id)])
    assert first.channel == TELEGRAM
    return family


def said(post: Post) -> list[tuple[str, str]]:
    return [(row.channel, row.state) for row in outbox(post)]


@pytest.mark.parametrize("outcome", [BLOCKED, GONE])
async def test_a_chat_that_refuses_is_followed_once(lines: Lines, outcome: Outcome) -> None:
    told(lines.post)
    lines.chat.script = saying(outcome)

    await lines.work()
    await lines.later(timedelta(hours=2))

    first, second = outbox(lines.post)
    assert (first.state, second.state) == ("failed", "sent")
    assert second.dedup_key == first.dedup_key.removesuffix("1") + "2"
    assert second.segments == 1
    assert second.menu_token == "receipt:full"
    assert lines.phone.calls[0].text == (
        "CHITRA: VietinBank bao da chuyen 540.000d tien tro cap thang 4/2021 cua Nguyen Thi Lan"
        " ngay 15/04. Tra loi: 1 du 2 thieu 3 chua nhan"
    )
    assert len(lines.phone.calls) == 1


async def test_a_chat_that_took_it_is_not_followed(lines: Lines) -> None:
    told(lines.post)

    await lines.work()
    await lines.later(timedelta(hours=2))

    assert said(lines.post) == [(TELEGRAM, "sent")]
    assert lines.phone.calls == []


async def test_what_may_have_left_is_not_followed(lines: Lines) -> None:
    told(lines.post)
    lines.chat.script = saying(Unknown("timeout"))

    await lines.work()
    await lines.later(timedelta(hours=2))

    assert said(lines.post) == [(TELEGRAM, "unknown")]
    assert lines.phone.calls == []


async def test_one_that_waits_too_long_is_given_up_and_followed(lines: Lines) -> None:
    told(lines.post)
    # 10:00 in Hà Nội: the chat's gateway rests, the phones' does not.
    lines.post.clock.move_to(lines.post.clock.now() + AFTER - timedelta(seconds=1))
    await lines.post.drain(lines.phone, second=lines.second)
    assert said(lines.post) == [(TELEGRAM, "queued")]

    lines.post.clock.move_to(lines.post.clock.now() + timedelta(seconds=1))
    await lines.post.drain(lines.phone, second=lines.second)
    assert said(lines.post) == [(TELEGRAM, "failed"), (SMS, "sent")]
    assert outbox(lines.post)[0].reason == "next_channel"

    await lines.later(timedelta(minutes=5))
    assert lines.chat.calls == []
    assert len(lines.phone.calls) == 1


async def test_the_night_does_not_count(lines: Lines) -> None:
    """Written at 05:00, due at 07:00: at 07:05 the chat has had five minutes, not two hours."""
    lines.post.clock.move_to(datetime(2021, 4, 14, 22, tzinfo=UTC))
    told(lines.post)

    await lines.post.drain(lines.phone, second=lines.second)
    lines.post.clock.move_to(datetime(2021, 4, 15, 0, 5, tzinfo=UTC))
    await lines.post.drain(lines.phone, second=lines.second)
    assert said(lines.post) == [(TELEGRAM, "queued")]

    lines.post.clock.move_to(datetime(2021, 4, 15, 1, 0, tzinfo=UTC))
    await lines.post.drain(lines.phone, second=lines.second)
    assert said(lines.post) == [(TELEGRAM, "failed"), (SMS, "sent")]


async def test_nothing_follows_at_night_or_on_the_day_after(lines: Lines) -> None:
    told(lines.post)
    lines.chat.script = saying(GONE)
    # 20:59 in Hà Nội the chat refuses; the sweep comes at 21:00.
    lines.post.clock.move_to(datetime(2021, 4, 15, 13, 59, 59, tzinfo=UTC))
    await lines.post.drain(lines.chat)
    await lines.later(timedelta(seconds=1))
    await lines.later(timedelta(hours=11))

    assert said(lines.post) == [(TELEGRAM, "failed")]


async def test_without_a_number_the_chat_goes_on_waiting(lines: Lines) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        district.a_phone(tx, family.person_id, CHAT, level=2, channel=TELEGRAM)
        district.agrees(tx, family.beneficiary_id, family.person_id, Purpose.AMOUNT)
        return family

    tell(lines.post, [happened(lines.post.do(work).payment_id)])
    lines.post.clock.move_to(lines.post.clock.now() + 2 * AFTER)
    await lines.post.drain(lines.phone, second=lines.second)
    assert said(lines.post) == [(TELEGRAM, "queued")]

    await lines.work()
    assert said(lines.post) == [(TELEGRAM, "sent")]


async def test_a_number_that_said_stop_is_left_alone(lines: Lines) -> None:
    told(lines.post)
    lines.chat.script = saying(GONE)

    def stop(tx: Tx) -> None:
        found = contacts.contact_at(tx, SMS, NUMBER)
        assert found is not None
        contacts.stop(tx, found.id, lines.post.clock.now())

    lines.post.do(stop)
    await lines.work()

    assert said(lines.post) == [(TELEGRAM, "failed")]


async def test_consent_that_was_taken_back_ends_it(lines: Lines) -> None:
    told(lines.post)
    lines.chat.script = saying(GONE)
    await lines.post.drain(lines.chat)
    lines.post.do(lambda tx: district.takes_back_all(tx, lines.post.clock.now()))

    await lines.work()

    assert said(lines.post) == [(TELEGRAM, "failed")]


@pytest.mark.parametrize("change", ["returned", "died"])
async def test_what_is_not_true_any_more_is_not_said_again(lines: Lines, change: str) -> None:
    family = told(lines.post)
    lines.chat.script = saying(GONE)
    await lines.post.drain(lines.chat)

    def work(tx: Tx) -> None:
        if change == "died":
            district.dies(tx, family.person_id, date(2021, 4, 1))
        else:
            district.set_money(tx, family.payment_id, "RETURNED")

    lines.post.do(work)
    await lines.work()

    assert said(lines.post) == [(TELEGRAM, "failed")]


async def test_a_paused_batch_is_not_followed_until_it_flows_again(lines: Lines) -> None:
    family = lines.post.do(with_chat_and_phone)
    tell(lines.post, [happened(family.payment_id, file=7)], release=Release.AUTOMATIC)
    lines.chat.script = saying(GONE)
    await lines.post.drain(lines.chat)

    def stands(state: str) -> None:
        lines.post.do(lambda tx: tx.connection.execute(sa.update(batch).values(state=state)))

    stands("paused")
    await lines.work()
    assert said(lines.post) == [(TELEGRAM, "failed")]

    stands("released")
    await lines.work()
    assert said(lines.post) == [(TELEGRAM, "failed"), (SMS, "sent")]
    assert outbox(lines.post)[1].batch_id == outbox(lines.post)[0].batch_id


async def test_a_shared_phone_gets_one_text_without_amounts(lines: Lines) -> None:
    def work(tx: Tx) -> list[Family]:
        return [with_chat_and_phone(tx, f"HT00000{n}") for n in (1, 2)]

    families = lines.post.do(work)
    tell(lines.post, [happened(one.payment_id) for one in families])
    lines.chat.script = saying(GONE)

    await lines.work()
    await lines.work()

    [call] = lines.phone.calls
    assert "540.000" not in call.text
    assert "Lan" not in call.text
    [merged] = [row for row in outbox(lines.post) if row.channel == SMS]
    linked = lines.post.store.read(lambda tx: rows.payments_of_messages(tx, [merged.id]))
    assert sorted(linked[merged.id]) == sorted(one.payment_id for one in families)


async def test_a_number_that_was_told_already_is_not_told_again(lines: Lines) -> None:
    """Mother and daughter at one telephone: the daughter was told, the mother's chat fails."""

    def work(tx: Tx) -> Family:
        family = with_chat_and_phone(tx)
        daughter = district.a_person(tx, "Trần Thị Hoa")
        district.stands(
            tx, family.beneficiary_id, daughter, Role.AUTHORISED, basis=Basis.AUTHORISATION
        )
        district.a_phone(tx, daughter, NUMBER, level=2)
        district.agrees(tx, family.beneficiary_id, daughter, Purpose.NOTICE)
        return family

    family = lines.post.do(work)
    tell(lines.post, [happened(family.payment_id)])
    lines.chat.script = saying(GONE)

    await lines.work()

    assert len(lines.phone.calls) == 1


async def test_a_relative_hears_no_amount_and_who_gave_the_number(lines: Lines) -> None:
    def work(tx: Tx) -> Family:
        family = a_family(tx)
        son = district.a_person(tx, "Trần Văn Hùng")
        district.stands(tx, family.beneficiary_id, son, Role.RELATIVE)
        district.a_phone(tx, son, NUMBER, level=1)
        district.a_phone(tx, son, CHAT, level=2, channel=TELEGRAM)
        district.agrees(tx, family.beneficiary_id, son, Purpose.RELATIVE, by=family.person_id)
        return family

    tell(lines.post, [happened(lines.post.do(work).payment_id)])
    lines.chat.script = saying(GONE)

    await lines.work()

    [call] = lines.phone.calls
    assert "540.000" not in call.text
    assert "Lan N." in call.text
    assert call.text.index("Nguyen Thi Lan") < call.text.index("Lan N.")


async def test_two_workers_follow_it_once(lines: Lines) -> None:
    told(lines.post)
    lines.chat.script = saying(GONE)
    await lines.post.drain(lines.chat)

    await lines.work()
    lines.chat.script = always_taken
    lines.post.do(lambda tx: tx.connection.execute(sa.text("UPDATE message SET stepped_at = NULL")))
    await lines.work()

    assert said(lines.post) == [(TELEGRAM, "failed"), (SMS, "sent")]
