"""Sending, on both engines: what leaves, how often, in which order, and what is left behind."""

import asyncio
from datetime import datetime, timedelta

import pytest

from core.calendar import HANOI
from core.store import contacts
from core.store import outbox as rows
from notifications import dispatch, settling
from notifications.gateways.base import Absent, Kind, Outcome, Outgoing, Refused, Sent, Unknown
from notifications.outbox import SMS, NewMessage
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier, saying


def lost(message: Outgoing) -> Outcome:
    return Unknown("no_answer")


def later(post: Post, **by: float) -> None:
    post.clock.move_to(post.clock.now() + timedelta(**by))


async def test_each_message_is_called_once_and_is_sent(post: Post) -> None:
    ids = post.notices(120)
    carrier = Carrier()

    await post.drain(carrier)

    assert sorted(call.id for call in carrier.calls) == ids
    assert set(post.states()) == {"sent"}
    assert post.row(ids[0]).gateway_ref == f"ref-{ids[0]}-1"


async def test_an_answer_that_is_lost_makes_a_doubt_and_no_second_text(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier(lost)

    for _ in range(30):
        await post.drain(carrier)
        later(post, minutes=10)

    assert len(carrier.calls) == 1
    assert post.state(one) == "unknown"


async def test_a_doubt_is_settled_by_a_look_up(post: Post) -> None:
    ids = post.notices(2)
    carrier = Carrier(lost, finds=True)
    await post.drain(carrier)
    carrier.knows = {ids[0]: Sent("found"), ids[1]: Absent()}
    later(post, minutes=3)

    line = dispatch.line_of(post.store, carrier, post.clock, post.programme)
    assert await dispatch.look_up(line) == 2

    assert post.states(ids) == ["sent", "queued"]
    assert post.row(ids[0]).gateway_ref == "found"
    carrier.script = saying(Sent("second"))
    await post.drain(carrier)
    assert post.states(ids) == ["sent", "sent"]


async def test_a_doubt_is_settled_by_a_person(post: Post) -> None:
    ids = post.notices(2)
    await post.drain(Carrier(lost))

    now = post.clock.now()
    assert post.do(lambda tx: settling.settle_by_person(tx, ids[0], left=True, now=now))
    assert post.do(lambda tx: settling.settle_by_person(tx, ids[1], left=False, now=now))
    assert not post.do(lambda tx: settling.settle_by_person(tx, ids[0], left=False, now=now))

    assert post.states(ids) == ["sent", "queued"]


async def test_a_reply_in_doubt_goes_out_once_more_after_a_minute_and_never_again(
    post: Post,
) -> None:
    [one] = post.replies(1, post.phone())
    carrier = Carrier(lost)

    await dispatch.send_now(post.store, [one], [carrier], post.clock)
    later(post, seconds=59)
    await post.drain(carrier)
    assert len(carrier.calls) == 1

    later(post, seconds=1)
    for _ in range(20):
        await post.drain(carrier)
        later(post, minutes=5)

    assert len(carrier.calls) == 2
    assert post.state(one) == "unknown"


async def test_replies_to_one_contact_leave_in_their_order(post: Post) -> None:
    ids = post.replies(4, post.phone())
    carrier = Carrier(delay=0.01)

    await asyncio.gather(
        *(dispatch.send_now(post.store, ids, [carrier], post.clock) for _ in range(3)),
    )
    await post.drain(carrier)

    assert [call.id for call in carrier.calls] == ids


async def test_a_reply_waits_while_an_earlier_one_is_being_called(post: Post) -> None:
    first, second = post.replies(2, post.phone())
    carrier = Carrier(lambda message: None if message.id == first else Sent("x"))
    calling = asyncio.create_task(dispatch.send_now(post.store, [first], [carrier], post.clock))
    await carrier.until_called(1)

    await dispatch.send_now(post.store, [second], [carrier], post.clock)
    assert post.states([first, second]) == ["calling", "queued"]

    carrier.hang.set()
    await calling
    await dispatch.send_now(post.store, [second], [carrier], post.clock)
    assert [call.id for call in carrier.calls] == [first, second]


async def test_a_machine_that_answers_our_answers_gets_at_most_three(post: Post) -> None:
    robot, person = post.phone(1), post.phone(2)
    ids = post.queue(
        *(NewMessage(f"reply:{n}:0", "reply", SMS, robot, "CHITRA: xin chao") for n in range(8)),
        *(NewMessage(f"reply:9{n}:0", "reply", SMS, person, f"CHITRA: {n}") for n in range(8)),
    )
    carrier = Carrier()

    await post.drain(carrier)

    assert post.states(ids[:8]) == ["sent"] * 3 + ["suppressed"] * 5
    assert post.states(ids[8:]) == ["sent"] * 8

    later(post, minutes=3)
    [again] = post.queue(NewMessage("reply:99:0", "reply", SMS, robot, "CHITRA: xin chao"))
    await post.drain(carrier)
    assert post.state(again) == "sent"


async def test_twenty_five_poison_messages_do_not_delay_the_next(post: Post) -> None:
    ids = post.notices(26)
    poison = set(ids[:25])
    carrier = Carrier(
        lambda m: Refused("30001", Kind.BUSY) if m.id in poison else Sent("x"),
    )

    await post.drain(carrier)

    assert post.state(ids[25]) == "sent"


async def test_a_refusal_for_good_stops_at_once(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier(saying(Refused("21211", Kind.ADDRESS)))

    for _ in range(5):
        await post.drain(carrier)
        later(post, hours=1)

    assert len(carrier.calls) == 1
    assert post.state(one) == "failed"
    assert post.row(one).reason == "21211"


async def test_a_person_who_told_the_carrier_to_stop_is_stopped_here_too(post: Post) -> None:
    [one] = post.notices(1)

    await post.drain(Carrier(saying(Refused("21610", Kind.STOPPED))))

    contact = post.row(one).contact_id
    found = post.store.read(lambda tx: contacts.contact_by_id(tx, contact))
    assert found is not None
    assert found.stopped_at is not None


async def test_a_fault_of_our_account_pauses_the_gateway_and_not_the_message(post: Post) -> None:
    ids = post.notices(3)
    carrier = Carrier(saying(Refused("30018", Kind.CONFIGURATION)))

    await post.drain(carrier)
    later(post, hours=1)
    await post.drain(carrier)

    assert post.breaker() == "paused"
    assert len(carrier.calls) == 3
    assert post.states(ids) == ["queued"] * 3
    assert [post.row(i).attempts for i in ids] == [0, 0, 0]

    carrier.script = saying(Sent("x"))
    post.do(lambda tx: settling.resume(tx, "carrier", post.clock.now()))
    await post.drain(carrier)
    assert post.states(ids) == ["sent"] * 3


async def test_too_much_at_once_waits_and_uses_up_no_attempt(post: Post) -> None:
    [one] = post.notices(1)
    wait = timedelta(seconds=7)
    carrier = Carrier(saying(Refused("429", Kind.BUSY, wait)))

    for _ in range(20):
        await post.drain(carrier)
        later(post, seconds=7)

    assert len(carrier.calls) == 20
    assert post.row(one).attempts == 0
    assert post.state(one) == "queued"


async def test_a_carrier_that_fails_is_left_alone_and_tried_with_one_message(post: Post) -> None:
    post.notices(60)
    carrier = Carrier(saying(Refused("ConnectError", Kind.FAULT)))

    await post.drain(carrier)
    assert len(carrier.calls) <= 50
    assert post.breaker() == "open"

    seen = len(carrier.calls)
    later(post, seconds=29)
    await post.drain(carrier)
    assert len(carrier.calls) == seen

    later(post, seconds=1)
    await post.drain(carrier)
    assert len(carrier.calls) == seen + 1

    carrier.script = saying(Sent("x"))
    later(post, seconds=30)
    await post.drain(carrier)
    later(post, seconds=31)
    await post.drain(carrier)
    assert post.breaker() == "closed"
    assert set(post.states()) == {"sent"}


async def test_a_gateway_that_raises_makes_a_doubt(post: Post) -> None:
    [one] = post.notices(1)

    def broken(message: Outgoing) -> Outcome:
        raise OSError

    await post.drain(Carrier(broken))

    assert post.state(one) == "unknown"


@pytest.mark.parametrize(
    ("clock_time", "leaves"),
    [("06:59:59", False), ("07:00:00", True), ("20:59:59", True), ("21:00:00", False)],
)
async def test_notices_leave_from_seven_until_before_nine_in_the_evening(
    post: Post, clock_time: str, leaves: bool
) -> None:
    hour, minute, second = map(int, clock_time.split(":"))
    post.clock.move_to(datetime(2021, 4, 15, hour, minute, second, tzinfo=HANOI))
    [one] = post.notices(1)
    carrier = Carrier()

    await post.drain(carrier)

    assert (post.state(one) == "sent") is leaves


async def test_a_reply_leaves_at_any_hour(post: Post) -> None:
    post.clock.move_to(datetime(2021, 4, 15, 23, 30, tzinfo=HANOI))
    [one] = post.replies(1, post.phone())

    await dispatch.send_now(post.store, [one], [Carrier()], post.clock)

    assert post.state(one) == "sent"


async def test_a_batch_begun_in_the_last_minute_rests_over_night(post: Post) -> None:
    post.clock.move_to(datetime(2021, 4, 15, 20, 59, 59, tzinfo=HANOI))
    post.notices(60)
    carrier = Carrier()
    first = await dispatch.one_group(
        dispatch.line_of(post.store, carrier, post.clock, post.programme)
    )
    assert first == 50

    later(post, seconds=1)
    await post.drain(carrier)
    assert len(carrier.calls) == 50

    post.clock.move_to(datetime(2021, 4, 16, 7, 0, tzinfo=HANOI))
    await post.drain(carrier)
    assert len(carrier.calls) == 60


async def test_a_gateway_that_comes_back_after_ten_days_sends_nothing_old(post: Post) -> None:
    [one] = post.notices(1, expires_at=post.clock.now() + timedelta(hours=12))
    later(post, days=10)
    carrier = Carrier()

    await post.drain(carrier)

    assert carrier.calls == []
    assert post.state(one) == "expired"


async def test_send_now_carries_only_what_it_was_given(post: Post) -> None:
    first, second = post.queue(
        NewMessage("reply:1:0", "reply", SMS, post.phone(1), "CHITRA: a"),
        NewMessage("reply:2:0", "reply", SMS, post.phone(2), "CHITRA: b"),
    )

    await dispatch.send_now(post.store, [second], [Carrier()], post.clock)

    assert post.states([first, second]) == ["queued", "sent"]


def test_a_doubtful_message_is_on_the_list_that_a_person_sees(post: Post) -> None:
    [one] = post.notices(1)
    asyncio.run(post.drain(Carrier(lost)))

    found = post.store.read(lambda tx: [m.id for m in rows.doubtful(tx)])

    assert found == [one]
