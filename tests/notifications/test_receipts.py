"""What gateways report: any order, any number of times, before our own commit, or about nothing."""

import itertools
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.store import contacts
from core.store.commit_points import CommitPoint
from core.store.tables.messages import receipt
from notifications.gateways.base import Sent, Unknown
from notifications.leaving import LEASE, leave, take
from notifications.receipts import Receipt, Status, take_in
from notifications.settling import Result, settle
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier, saying


def a_report(message_id: int | None, status: Status, ref: str | None = None) -> Receipt:
    return Receipt("carrier", message_id, ref, status)


def taken_in(post: Post, *reports: Receipt) -> int:
    return post.store.transact(
        lambda tx: take_in(tx, reports, post.clock.now()), CommitPoint.RECEIPT
    )


def outcomes(post: Post) -> list[str]:
    query = sa.select(receipt.c.outcome).order_by(receipt.c.id)
    return post.store.read(lambda tx: list(tx.connection.execute(query).scalars()))


ORDERS = [
    order
    for length in (1, 2, 3, 4)
    for order in itertools.product((Status.SENT, Status.DELIVERED, Status.FAILED), repeat=length)
]


async def test_every_order_and_repetition_ends_in_the_same_truth(post: Post) -> None:
    """Delivered outweighs all; without it a failure stands; sent alone is sent."""
    ids = post.notices(len(ORDERS))
    await post.drain(Carrier())

    for message_id, order in zip(ids, ORDERS, strict=True):
        for status in order:
            taken_in(post, a_report(message_id, status))

    for message_id, order in zip(ids, ORDERS, strict=True):
        wanted = (
            "delivered"
            if Status.DELIVERED in order
            else "failed"
            if Status.FAILED in order
            else "sent"
        )
        assert post.state(message_id) == wanted, order


async def test_the_order_within_one_batch_does_not_matter_either(post: Post) -> None:
    ids = post.notices(len(ORDERS))
    await post.drain(Carrier())
    reports = [a_report(i, s) for i, order in zip(ids, ORDERS, strict=True) for s in order]
    random.Random(7).shuffle(reports)

    taken_in(post, *reports)

    for message_id, order in zip(ids, ORDERS, strict=True):
        wanted = (
            "delivered"
            if Status.DELIVERED in order
            else "failed"
            if Status.FAILED in order
            else "sent"
        )
        assert post.state(message_id) == wanted, order


def calling(post: Post, carrier: Carrier) -> list[Result]:
    """One message that is being called; the result that its worker holds."""
    now = post.clock.now()
    ids = post.do(lambda tx: take(tx, carrier, "worker", now, quiet=False))
    left = post.do(lambda tx: leave(tx, ids, "worker", now))
    return [Result(one, Sent(f"ref-{one.message.id}")) for one in left]


def test_a_report_before_our_own_commit_stands(post: Post) -> None:
    [one] = post.notices(1)
    carrier = Carrier()
    results = calling(post, carrier)

    taken_in(post, a_report(one, Status.DELIVERED, f"ref-{one}"))
    post.do(lambda tx: settle(tx, carrier, results, post.clock.now()))

    assert post.state(one) == "delivered"
    assert post.row(one).gateway_ref == f"ref-{one}"


def test_a_report_by_reference_that_comes_before_the_reference_is_known_waits(
    post: Post,
) -> None:
    [one] = post.notices(1)
    carrier = Carrier()
    results = calling(post, carrier)

    taken_in(post, a_report(None, Status.DELIVERED, f"ref-{one}"))
    assert outcomes(post) == ["unmatched"]
    post.do(lambda tx: settle(tx, carrier, results, post.clock.now()))

    assert post.state(one) == "delivered"
    assert outcomes(post) == ["applied"]


@pytest.mark.parametrize(
    ("status", "state"),
    [(Status.SENT, "sent"), (Status.DELIVERED, "delivered"), (Status.FAILED, "failed")],
)
async def test_a_doubt_is_settled_by_a_report(post: Post, status: Status, state: str) -> None:
    [one] = post.notices(1)
    await post.drain(Carrier(saying(Unknown("no_answer"))))

    taken_in(post, a_report(one, status, "SM1"))

    assert post.state(one) == state


async def test_a_repeat_that_waits_is_dropped_when_the_first_turns_out_delivered(
    post: Post,
) -> None:
    [one] = post.replies(1, post.phone())
    carrier = Carrier(saying(Unknown("no_answer")))
    await post.drain(carrier)
    taken_in(post, a_report(one, Status.DELIVERED))

    post.clock.move_to(post.clock.now() + timedelta(minutes=5))
    await post.drain(carrier)

    assert len(carrier.calls) == 1


async def test_a_report_after_expiry_still_counts(post: Post) -> None:
    [one] = post.notices(1, expires_at=post.clock.now() + timedelta(minutes=1))
    carrier = Carrier()
    calling(post, carrier)
    post.clock.move_to(post.clock.now() + LEASE + timedelta(hours=1))
    await post.drain(carrier)

    taken_in(post, a_report(one, Status.DELIVERED))

    assert post.state(one) == "delivered"


async def test_a_status_that_nobody_knows_is_kept_and_changes_nothing(post: Post) -> None:
    [one] = post.notices(1)
    await post.drain(Carrier())

    taken_in(post, a_report(one, Status.OTHER))

    assert post.state(one) == "sent"
    assert outcomes(post) == ["ignored"]


async def test_a_report_about_an_unknown_message_is_kept_unmatched(post: Post) -> None:
    assert taken_in(post, a_report(99_999, Status.DELIVERED, "SM9")) == 1
    assert taken_in(post, a_report(None, Status.DELIVERED, "SM8")) == 1

    assert outcomes(post) == ["unmatched", "unmatched"]


def test_a_report_about_a_message_that_never_left_changes_nothing(post: Post) -> None:
    [one] = post.notices(1)

    taken_in(post, a_report(one, Status.DELIVERED))

    assert post.state(one) == "queued"
    assert outcomes(post) == ["unmatched"]


async def test_a_gateway_cannot_report_about_anothers_message(post: Post) -> None:
    [one] = post.notices(1)
    await post.drain(Carrier())

    taken_in(post, Receipt("twilio", one, None, Status.FAILED))

    assert post.state(one) == "sent"


async def test_the_same_report_again_is_not_new(post: Post) -> None:
    [one] = post.notices(1)
    await post.drain(Carrier())

    assert taken_in(post, a_report(one, Status.SENT)) == 1
    assert taken_in(post, a_report(one, Status.SENT), a_report(one, Status.SENT)) == 0


async def test_a_report_that_the_person_told_the_carrier_to_stop_stops_the_contact(
    post: Post,
) -> None:
    [one] = post.notices(1)
    await post.drain(Carrier())

    taken_in(post, Receipt("carrier", one, None, Status.FAILED, "21610", stops=True))

    contact = post.row(one).contact_id
    found = post.store.read(lambda tx: contacts.contact_by_id(tx, contact))
    assert found is not None
    assert found.stopped_at is not None
    assert post.row(one).reason == "21610"


@given(st.permutations([Status.SENT, Status.DELIVERED, Status.FAILED, Status.OTHER]))
def test_a_reports_key_depends_on_nothing_but_the_report(order: Sequence[Status]) -> None:
    keys = {a_report(1, status).key for status in order}

    assert len(keys) == 4
    assert {Receipt("carrier", 1, None, status).key for status in order} == keys
