"""Rates and months: counted in segments, reserved in the claim, never overshot."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import HANOI
from core.store.budget import BudgetRow
from core.store.claims import Candidate
from notifications.budget import Terms, fitting, next_free
from notifications.gateways.base import Kind, Outcome, Outgoing, Refused, Sent
from notifications.leaving import take
from tests.notifications.district import NOW
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier, saying

NOTHING = BudgetRow(None, None, 0, 0)
SEGMENTS = st.lists(st.integers(0, 5), max_size=40)


def candidates(segments: list[int]) -> list[Candidate]:
    return [Candidate(n, n, count) for n, count in enumerate(segments)]


@given(SEGMENTS, st.integers(0, 60), st.integers(0, 60))
def test_what_fits_never_exceeds_the_month(segments: list[int], limit: int, used: int) -> None:
    terms = Terms(month_segments=limit)
    row = BudgetRow(limit, None, used, 0)

    taken = fitting(candidates(segments), terms=terms, used=row, free_at=None, now=NOW)

    assert sum(c.segments for c in taken) <= max(limit - used, 0)
    assert taken == candidates(segments)[: len(taken)]


@given(SEGMENTS, st.integers(1, 1000), st.integers(0, 20_000))
def test_what_fits_never_exceeds_the_money(segments: list[int], price: int, limit: int) -> None:
    terms = Terms(price=price, month_cost=limit)

    taken = fitting(candidates(segments), terms=terms, used=NOTHING, free_at=None, now=NOW)

    assert sum(c.segments for c in taken) * price <= limit


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 3)), min_size=1, max_size=60))
def test_a_steady_rate_is_kept_over_any_stretch(steps: list[tuple[int, int]]) -> None:
    """Ten a second: over any time, no more than ten for each second and one second's worth."""
    terms, free_at, now = Terms(per_second=10.0), None, NOW
    sent = 0
    for wait, segments in steps:
        now += timedelta(milliseconds=wait)
        taken = fitting(
            candidates([segments] * 20), terms=terms, used=NOTHING, free_at=free_at, now=now
        )
        free_at = next_free(taken, terms, free_at, now)
        sent += sum(c.segments for c in taken)

        assert sent <= 10 + (now - NOW).total_seconds() * 10 + 1e-6


def test_a_slow_rate_still_lets_a_text_through() -> None:
    terms = Terms(per_second=0.5)

    taken = fitting(candidates([1, 1]), terms=terms, used=NOTHING, free_at=None, now=NOW)

    assert len(taken) == 1
    assert next_free(taken, terms, None, NOW) == NOW + timedelta(seconds=2)


def test_thirty_two_workers_never_overshoot_a_month(post: Post) -> None:
    ids = post.notices(300)
    carrier = Carrier(terms=Terms(month_segments=137))
    start = threading.Barrier(32)

    def work(number: int) -> list[int]:
        start.wait()
        taken: list[int] = []
        while found := post.do(
            lambda tx: take(tx, carrier, f"w{number}", NOW, quiet=False, limit=7)
        ):
            taken += found
        return taken

    with ThreadPoolExecutor(32) as pool:
        taken = [message for found in pool.map(work, range(32)) for message in found]

    assert len(taken) == len(set(taken)) == 137
    assert post.used() == 137
    assert post.states(ids).count("claimed") == 137


async def test_what_was_refused_for_good_gives_its_reservation_back(post: Post) -> None:
    ids = post.notices(10)
    bad = set(ids[:4])

    def script(message: Outgoing) -> Outcome:
        return Refused("21211", Kind.ADDRESS) if message.id in bad else Sent("x")

    await post.drain(Carrier(script, terms=Terms(month_segments=10)))

    assert post.used() == 6


async def test_a_text_that_must_not_leave_any_more_gives_its_reservation_back(
    post: Post,
) -> None:
    post.notices(3, tells="state")

    await post.drain(Carrier())

    assert set(post.states()) == {"suppressed"}
    assert post.used() == 0


async def test_a_lost_claim_gives_its_reservation_back(post: Post) -> None:
    post.notices(5)
    carrier = Carrier(terms=Terms(month_segments=5))
    post.do(lambda tx: take(tx, carrier, "dead", post.clock.now(), quiet=False))
    assert post.used() == 5

    post.clock.move_to(post.clock.now() + timedelta(minutes=1))
    await post.drain(carrier)

    assert set(post.states()) == {"sent"}
    assert post.used() == 5


async def test_a_new_month_in_viet_nam_is_a_new_budget(post: Post) -> None:
    """31 May 17:00 UTC is 1 June in Hà Nội."""
    post.notices(4)
    carrier = Carrier(terms=Terms(month_segments=2))
    post.clock.move_to(datetime(2021, 5, 31, 20, 59, tzinfo=HANOI))
    await post.drain(carrier)
    assert (post.used(month="2021-05"), len(carrier.calls)) == (2, 2)

    post.clock.move_to(datetime(2021, 6, 1, 7, 0, tzinfo=HANOI))
    await post.drain(carrier)

    assert (post.used(month="2021-06"), len(carrier.calls)) == (2, 4)


async def test_what_is_given_back_goes_to_the_month_it_was_taken_from(post: Post) -> None:
    post.notices(2)
    carrier = Carrier()
    post.clock.move_to(datetime(2021, 5, 31, 20, 59, 50, tzinfo=HANOI))
    post.do(lambda tx: take(tx, carrier, "dead", post.clock.now(), quiet=False))

    post.clock.move_to(datetime(2021, 6, 1, 8, 0, tzinfo=HANOI))
    await post.drain(carrier)

    assert (post.used(month="2021-05"), post.used(month="2021-06")) == (0, 2)


async def test_a_deferred_text_does_not_pay_twice(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier(saying(Refused("429", Kind.BUSY, timedelta(seconds=1))))
    for _ in range(5):
        await post.drain(carrier)
        post.clock.move_to(post.clock.now() + timedelta(seconds=1))
    assert post.used() == 0

    carrier.script = saying(Sent("x"))
    await post.drain(carrier)
    assert (post.state(one), post.used()) == ("sent", 1)


async def test_one_chat_gets_one_message_a_second(post: Post) -> None:
    contact = post.phone()
    post.replies(3, contact)
    carrier = Carrier(terms=Terms(spacing=timedelta(seconds=1)))

    for expected in (1, 2, 3):
        await post.drain(carrier)
        assert len(carrier.calls) == expected
        post.clock.move_to(post.clock.now() + timedelta(seconds=1, milliseconds=1))


async def test_more_segments_than_we_counted_are_said_aloud(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.notices(1)

    await post.drain(Carrier(saying(Sent("x", segments=3))))

    assert "more segments" in caplog.text


async def test_dispatch_with_a_rate_is_not_faster_than_it(post: Post) -> None:
    post.notices(40)
    carrier = Carrier(terms=Terms(per_second=10.0))

    await post.drain(carrier)
    assert len(carrier.calls) == 10
    post.clock.move_to(post.clock.now() + timedelta(seconds=1))
    await asyncio.gather(post.drain(carrier), post.drain(carrier))
    assert len(carrier.calls) == 20
