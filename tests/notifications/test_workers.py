"""Workers that die, sleep, race and are stopped: nothing is lost and nothing is called twice."""

import asyncio
from datetime import timedelta

import pytest

from notifications import dispatch
from notifications.leaving import LEASE, leave, take
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier


def later(post: Post, **by: float) -> None:
    post.clock.move_to(post.clock.now() + timedelta(**by))


async def test_a_worker_that_dies_after_the_claim_loses_nothing(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier()
    post.do(lambda tx: take(tx, carrier, "dead", post.clock.now(), quiet=False))
    assert post.state(one) == "claimed"

    await post.drain(carrier)
    assert carrier.calls == []

    post.clock.move_to(post.clock.now() + LEASE)
    await post.drain(carrier)
    assert post.state(one) == "sent"


async def test_a_worker_that_dies_during_the_call_leaves_a_doubt(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier()
    now = post.clock.now()
    ids = post.do(lambda tx: take(tx, carrier, "dead", now, quiet=False))
    post.do(lambda tx: leave(tx, ids, "dead", now))

    post.clock.move_to(now + LEASE)
    for _ in range(10):
        await post.drain(carrier)
        later(post, hours=1)

    assert carrier.calls == []
    assert post.state(one) == "unknown"


async def test_a_worker_whose_claim_was_taken_over_does_not_call(post: Post) -> None:
    post.notices(1)
    carrier = Carrier()
    now = post.clock.now()
    ids = post.do(lambda tx: take(tx, carrier, "slow", now, quiet=False))
    post.clock.move_to(now + LEASE)
    await post.drain(carrier)

    assert post.do(lambda tx: leave(tx, ids, "slow", post.clock.now())) == []
    assert len(carrier.calls) == 1


async def test_two_workers_never_call_one_message_twice(post: Post) -> None:
    ids = post.notices(300)
    carriers = [Carrier(delay=0.001) for _ in range(4)]

    await asyncio.gather(*(post.drain(carrier) for carrier in carriers))

    assert sorted(call.id for carrier in carriers for call in carrier.calls) == ids


async def test_a_call_that_would_come_too_late_is_not_made(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped between its commit and its call must not call afterwards."""
    [one] = post.notices(1)
    carrier = Carrier()
    monkeypatch.setattr(dispatch, "STALE_AFTER", -1.0)
    line = dispatch.line_of(post.store, carrier, post.clock, post.programme)
    await dispatch.one_group(line)

    assert carrier.calls == []
    assert post.state(one) == "queued"
    assert post.row(one).attempts == 0


async def test_a_running_worker_sends_what_comes_and_settles_what_it_called_when_stopped(
    post: Post,
) -> None:
    carrier = Carrier(delay=0.05)
    stop, wake = asyncio.Event(), asyncio.Event()
    work = asyncio.create_task(
        dispatch.run(post.store, [carrier], post.clock, stop, programme=post.programme, wake=wake)
    )
    ids = await asyncio.to_thread(post.notices, 120)
    wake.set()
    await carrier.until_called(100)
    stop.set()
    await work

    states = post.states(ids)
    assert states.count("sent") == len(carrier.calls)
    assert set(states) <= {"sent", "queued", "claimed"}
