"""What an import has to say: previewed, released by a second person, paused, stopped at once."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from core.calendar import HANOI
from core.refusals import Code, Refusal
from core.store import batches as rows
from core.store import staff
from core.store.tables.messages import batch
from notifications import batches, dispatch
from notifications.batches import Acted, Preview
from notifications.gateways.base import Kind, Refused
from notifications.leaving import leave, take
from notifications.lifecycle import State
from tests.notifications.district import CYCLE, NOW, TENANT
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier


def a_batch(post: Post, count: int, *, by: str = "ANH", state: str = "held") -> list[int]:
    """Messages that an import of `by` gave birth to."""
    for one in ("ANH", "BINH"):
        officer = staff.StaffRow(one, "district", "*", None, staff.ACTIVE)
        post.do(partial(staff.insert_staff, row=officer, now=NOW))
    made = post.do(
        lambda tx: rows.batch_of_cause(
            tx, tenant=TENANT, cycle=CYCLE, cause="file:7", state=state, created_by=by, now=NOW
        )
    )
    born = State.HELD if state == "held" else State.QUEUED
    return post.notices(count, batch_id=made.id, state=born)


def released(post: Post, by: str) -> Acted | Refusal:
    now = post.clock.now()
    return post.do(
        lambda tx: batches.release(tx, post.programme, CYCLE, by=by, now=now, nobody_counts=False)
    )


def paused(post: Post) -> Acted | Refusal:
    return post.do(lambda tx: batches.pause(tx, TENANT, CYCLE, now=post.clock.now()))


def stopped(post: Post) -> Acted | Refusal:
    return post.do(lambda tx: batches.stop(tx, TENANT, CYCLE, now=post.clock.now()))


def test_the_preview_counts_messages_segments_and_money(post: Post) -> None:
    a_batch(post, 3)

    found = post.store.read(lambda tx: batches.preview(tx, TENANT, CYCLE, price=850))

    assert isinstance(found, Preview)
    assert (found.to_send, found.segments, found.cost) == (3, 3, 2550)
    assert found.messages == {("held", "sms", "held"): 3}


def test_a_list_of_nobody_known_waits_for_two_people(post: Post) -> None:
    ids = a_batch(post, 2, by="an-invented-one")

    assert released(post, "BINH") == Acted(0, 0, signed=1)
    assert released(post, "BINH") == Acted(0, 0, signed=1)
    assert post.states(ids) == ["held", "held"]

    assert released(post, "ANH") == Acted(1, 2)
    assert post.states(ids) == ["queued", "queued"]


def test_a_list_of_nobody_known_is_released_by_one_where_nobody_needs_to(post: Post) -> None:
    a_batch(post, 2, by="cli", state="released")
    paused(post)
    now = post.clock.now()

    assert post.do(
        lambda tx: batches.release(
            tx, post.programme, CYCLE, by="BINH", now=now, nobody_counts=True
        )
    ) == Acted(1, 2)


def test_whoever_imported_cannot_release(post: Post) -> None:
    ids = a_batch(post, 2, by="ANH")

    found = released(post, "ANH")

    assert isinstance(found, Refusal)
    assert found.code is Code.BATCH_SAME_PERSON
    assert post.states(ids) == ["held", "held"]


async def test_a_second_person_releases_and_the_texts_leave(post: Post) -> None:
    a_batch(post, 2, by="ANH")

    assert released(post, "BINH") == Acted(1, 2)
    await post.drain(Carrier())

    assert post.states() == ["sent", "sent"]


@pytest.mark.parametrize("act", [paused, stopped])
def test_a_cycle_without_batches_is_refused(post: Post, act: object) -> None:
    assert callable(act)
    found = act(post)

    assert isinstance(found, Refusal)
    assert found.code is Code.BATCH_UNKNOWN


def test_what_was_done_already_is_refused(post: Post) -> None:
    a_batch(post, 1)
    stopped(post)

    for found in (stopped(post), paused(post), released(post, "BINH")):
        assert isinstance(found, Refusal)
        assert found.code is Code.BATCH_WRONG_STATE


async def test_a_pause_holds_back_and_a_release_lets_go_on(post: Post) -> None:
    a_batch(post, 4, state="released")
    carrier = Carrier()

    assert paused(post) == Acted(1, 4)
    await post.drain(carrier)
    assert carrier.calls == []

    assert released(post, "BINH") == Acted(1, 4)
    await post.drain(carrier)
    assert len(carrier.calls) == 4


async def test_a_release_in_the_evening_leaves_in_the_morning_and_is_worth_that_day(
    post: Post,
) -> None:
    [one] = a_batch(post, 1)
    post.clock.move_to(datetime(2021, 4, 15, 22, 0, tzinfo=HANOI))
    released(post, "BINH")
    carrier = Carrier()
    await post.drain(carrier)
    assert carrier.calls == []

    assert post.row(one).due_at == datetime(2021, 4, 16, 7, 0, tzinfo=HANOI)
    assert post.row(one).expires_at == datetime(2021, 4, 16, 21, 0, tzinfo=HANOI)
    post.clock.move_to(datetime(2021, 4, 16, 7, 0, tzinfo=HANOI))
    await post.drain(carrier)
    assert len(carrier.calls) == 1


async def test_held_texts_that_nobody_released_expire(post: Post) -> None:
    a_batch(post, 1)
    later = post.clock.now() + timedelta(days=4)
    post.do(
        lambda tx: rows.move_batch(
            tx, 1, sources=["held"], target="held", expires_at=later - timedelta(hours=1)
        )
    )
    post.clock.move_to(later)

    await post.drain(Carrier())

    assert post.states() == ["expired"]


async def test_nothing_claimed_leaves_once_a_stop_has_committed(post: Post) -> None:
    a_batch(post, 10, state="released")
    carrier = Carrier()
    now = post.clock.now()
    claimed = post.do(lambda tx: take(tx, carrier, "worker", now, quiet=False))
    assert post.used() == 10

    assert stopped(post) == Acted(1, 10)

    assert post.do(lambda tx: leave(tx, claimed, "worker", now)) == []
    assert set(post.states()) == {"stopped"}
    assert post.used() == 0


async def test_a_refused_call_of_a_stopped_batch_does_not_come_back(post: Post) -> None:
    [one] = a_batch(post, 1, state="released")
    carrier = Carrier(lambda _: None)
    line = dispatch.line_of(post.store, carrier, post.clock, post.programme)
    calling = asyncio.create_task(dispatch.one_group(line))
    await carrier.until_called(1)
    await asyncio.to_thread(stopped, post)
    carrier.answer_with(Refused("ConnectError", Kind.FAULT))
    await calling

    post.clock.move_to(post.clock.now() + timedelta(minutes=5))
    await post.drain(carrier)

    assert len(carrier.calls) == 1
    assert post.state(one) == "stopped"


async def test_a_running_send_stops_within_a_second(post: Post) -> None:
    """One line in the middle of 2,000 messages: what leaves after the stop is none or at once."""
    a_batch(post, 2000, state="released")
    carrier = Carrier(delay=0.05)
    stop_work = asyncio.Event()
    work = asyncio.create_task(
        dispatch.run(post.store, [carrier], post.clock, stop_work, programme=post.programme)
    )
    await carrier.until_called(200)

    await asyncio.to_thread(stopped, post)
    committed = asyncio.get_running_loop().time()
    await asyncio.sleep(1.5)
    stop_work.set()
    await work

    assert len(carrier.calls) < 2000
    assert max(carrier.called_at) - committed < 1.0
    assert set(post.states()) == {"sent", "stopped"}
    assert post.used() == post.states().count("sent")


def test_a_batch_keeps_the_state_it_was_given(post: Post) -> None:
    a_batch(post, 1)
    stopped(post)
    again = post.do(
        lambda tx: rows.batch_of_cause(
            tx, tenant=TENANT, cycle=CYCLE, cause="file:7", state="held", created_by="X", now=NOW
        )
    )

    assert again.state == "stopped"
    query = sa.select(sa.func.count()).select_from(batch)
    assert post.store.read(lambda tx: tx.connection.execute(query).scalar_one()) == 1
