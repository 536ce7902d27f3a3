"""What was true when it was written is asked again just before it leaves."""

from datetime import date
from typing import Any

import pytest

from core.store import contacts
from core.store import outbox as rows
from tests.notifications import district
from tests.notifications.district import NOW
from tests.notifications.families import a_told_family, happened, outbox, tell
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier


async def sent_after(post: Post, change: Any) -> rows.MessageRow:
    """The message of one told family after `change(tx, family)` and an attempt to send."""
    family = post.do(a_told_family)
    tell(post, [happened(family.payment_id)])
    post.do(lambda tx: change(tx, family))
    carrier = Carrier()
    await post.drain(carrier)
    [found] = outbox(post)
    assert len(carrier.calls) == (found.state == "sent")
    return found


async def test_what_is_still_true_leaves(post: Post) -> None:
    found = await sent_after(post, lambda *_: None)

    assert found.state == "sent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tx, f: district.set_money(tx, f.payment_id, "RETURNED"), "not_true_any_more"),
        (lambda tx, f: district.dies(tx, f.person_id, date(2021, 4, 14)), "died"),
        (
            lambda tx, f: contacts.stop(
                tx, contacts.contacts_of(tx, [f.person_id])[f.person_id][0][0], NOW
            ),
            "stopped",
        ),
        (lambda tx, _: district.takes_back_all(tx, NOW), "no_consent"),
        (
            lambda tx, f: contacts.unlink(
                tx, contacts.contacts_of(tx, [f.person_id])[f.person_id][0][0], f.person_id, NOW
            ),
            "no_consent",
        ),
    ],
    ids=["returned", "died", "stopped", "consent taken back", "number given up"],
)
async def test_what_is_no_longer_true_or_allowed_is_not_sent(
    post: Post, change: Any, reason: str
) -> None:
    found = await sent_after(post, change)

    assert (found.state, found.reason) == ("suppressed", reason)
