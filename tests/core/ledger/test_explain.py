"""The story of one payment."""

import json

from core.ledger import chain
from core.ledger.events import EventType
from core.ledger.explain import explain
from tests.core.ledger.conftest import Office


def test_a_story_has_every_event_with_its_states_postings_and_block(office: Office) -> None:
    chain.seal_now(office.store, office.heads, office.ledger.clock)
    office.record(EventType.RETURNED, office.payments[-1], reason="TK_DONG")
    story = office.read(lambda tx: explain(tx, "2104-HT000003-M-1"))

    assert story is not None
    assert [(step.type, step.money and step.money.value, step.block) for step in story.steps] == [
        ("listed", "LISTED", 1),
        ("routed", "LISTED", 1),
        ("approved", "APPROVED", 1),
        ("instructed", "INSTRUCTED", 1),
        ("settled", "SETTLED", 1),
        ("returned", "RETURNED", None),
    ]
    assert [len(step.postings) for step in story.steps] == [0, 0, 2, 2, 2, 2]
    assert tuple(step.id for step in story.steps) == story.payment.event_ids
    assert (story.payment.reason, story.parent, story.children) == ("TK_DONG", None, ())
    told = json.loads(json.dumps(story.as_json()))
    assert (told["state"], len(told["events"])) == ("RETURNED", 6)


def test_there_is_no_story_of_a_payment_that_is_not(office: Office) -> None:
    assert office.read(lambda tx: explain(tx, "2104-XX-M-1")) is None
