"""Outbox, Twilio and its callbacks together: whatever gets lost, one text and the truth."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from core.store.commit_points import CommitPoint
from notifications import dispatch
from notifications.gateways.twilio import TwilioGateway, is_signed, receipt_of
from notifications.receipts import take_in
from tests.notifications.post import Post
from tests.stand_ins.twilio import ACCOUNT, TOKEN, Callback, Fault, Twilio


@dataclass
class Story:
    post: Post
    far: Twilio
    gateway: TwilioGateway

    async def send(self) -> None:
        await self.post.drain(self.gateway)

    def arrives(self, callback: Callback) -> bool:
        """The callback as our hook takes it in: refused when it is not genuine."""
        if not is_signed(TOKEN, callback.url, callback.form, callback.signature):
            return False
        ours = dict(parse_qsl(urlsplit(callback.url).query))["message"]
        report = receipt_of(int(ours), dict(callback.form))
        store, now = self.post.store, self.post.clock.now()
        store.transact(lambda tx: take_in(tx, [report], now), CommitPoint.RECEIPT)
        return True


@pytest.fixture
async def story(post: Post) -> AsyncIterator[Story]:
    far = Twilio()
    with far.served() as server:
        gateway = TwilioGateway(
            ACCOUNT,
            TOKEN,
            "CHITRA",
            "https://chitra.example.vn",
            base_url=server.url,
            timeout=httpx.Timeout(0.4),
        )
        yield Story(post, far, gateway)
        await gateway.close()


@pytest.mark.parametrize(
    "fault", [Fault.TAKE_AND_CUT, Fault.TAKE_AND_503, Fault.TAKE_AND_STALL, Fault.TAKE_AND_BABBLE]
)
async def test_a_text_whose_answer_was_lost_is_sent_once_and_settled_by_its_callback(
    story: Story, fault: Fault
) -> None:
    [one] = story.post.notices(1)
    story.far.faults.append(fault)

    await story.send()
    assert story.post.state(one) == "unknown"
    assert story.arrives(story.far.report(story.far.messages[0].sid, "delivered"))
    story.post.clock.move_to(story.post.clock.now() + timedelta(hours=1))
    await story.send()

    assert story.post.state(one) == "delivered"
    assert len(story.far.messages) == 1
    assert story.post.row(one).gateway_ref == story.far.messages[0].sid


async def test_a_text_that_never_reached_twilio_is_found_missing_and_sent_once(
    story: Story,
) -> None:
    [one] = story.post.notices(1)
    story.far.faults.append(Fault.CUT)
    await story.send()
    assert story.post.state(one) == "unknown"

    story.post.clock.move_to(story.post.clock.now() + timedelta(minutes=3))
    line = dispatch.line_of(story.post.store, story.gateway, story.post.clock, story.post.programme)
    await dispatch.look_up(line)
    await story.send()

    assert story.post.state(one) == "sent"
    assert len(story.far.messages) == 1


async def test_forged_doubled_and_late_callbacks_change_nothing(story: Story) -> None:
    [one] = story.post.notices(1)
    await story.send()
    sid = story.far.messages[0].sid
    late = story.far.report(sid, "sent")
    delivered = story.far.report(sid, "delivered")
    forged = Callback(delivered.url, story.far.report(sid, "failed").form, delivered.signature)

    assert not story.arrives(forged)
    assert story.arrives(delivered)
    assert story.arrives(delivered)
    assert story.arrives(late)

    assert story.post.state(one) == "delivered"


async def test_forty_texts_through_a_bad_line_arrive_once_each_or_are_on_the_list(
    story: Story,
) -> None:
    ids = story.post.notices(40)
    story.far.faults.extend(
        [Fault.TAKE_AND_CUT, Fault.TOO_MANY, Fault.REFUSE_503, Fault.CUT, Fault.MORE_SEGMENTS] * 3
    )
    line = dispatch.line_of(story.post.store, story.gateway, story.post.clock, story.post.programme)
    for _ in range(60):
        await story.send()
        await dispatch.look_up(line)
        story.post.clock.move_to(story.post.clock.now() + timedelta(minutes=3))

    assert set(story.post.states(ids)) == {"sent"}
    assert len({taken.to for taken in story.far.messages}) == len(story.far.messages) == 40
