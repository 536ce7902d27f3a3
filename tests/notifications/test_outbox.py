"""Writing into the outbox, on both engines."""

import pytest

from core.store import outbox as rows
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from notifications.outbox import (
    SMS,
    WEB,
    NewMessage,
    enqueue,
    merge_key,
    payment_key,
    reply_key,
)
from tests.notifications.district import NOW
from tests.notifications.post import Post


def test_the_same_key_is_the_same_message(post: Post) -> None:
    contact = post.phone()
    first = NewMessage("pay:a:settled:1:1", "settled", SMS, contact, "CHITRA: mot")
    again = NewMessage("pay:a:settled:1:1", "settled", SMS, contact, "CHITRA: hai")
    other = NewMessage("pay:b:settled:1:1", "settled", SMS, contact, "CHITRA: ba")

    [one] = post.queue(first)
    assert post.queue(again, other, again) == [one, post.queue(other)[0], one]

    assert post.row(one).text == "CHITRA: mot"
    assert len(post.states()) == 2


def test_a_transaction_that_fails_leaves_no_message(post: Post) -> None:
    contact = post.phone()

    def work(tx: Tx) -> None:
        enqueue(tx, [NewMessage("reply:1:0", "reply", SMS, contact, "CHITRA: x")], NOW)
        raise ValueError

    with pytest.raises(ValueError):
        post.store.transact(work, CommitPoint.TURN)

    assert post.states() == []


def test_text_and_buttons_come_back_as_they_were_and_are_sealed(post: Post) -> None:
    text, buttons = "Dạ 540.000 đ 🙂 <b>", (("Đủ rồi", "1"), ("Chưa", "3"))
    contact = post.phone(channel=WEB)

    [one] = post.queue(NewMessage("reply:1:0", "reply", WEB, contact, text, buttons=buttons))

    assert (post.row(one).text, post.row(one).buttons) == (text, buttons)


def test_a_message_for_the_page_is_visible_once_it_is_written(post: Post) -> None:
    contact = post.phone(channel=WEB)
    ids = post.queue(
        *(NewMessage(reply_key(1, n), "reply", WEB, contact, f"dong {n}") for n in range(3))
    )

    found = post.store.read(lambda tx: rows.messages_of(tx, contact, after=ids[0]))

    assert [m.text for m in found] == ["dong 1", "dong 2"]
    assert post.states(ids) == ["sent"] * 3


def test_a_message_names_the_ledger_events_behind_it(post: Post) -> None:
    contact = post.phone()
    [reply, notice] = post.queue(
        NewMessage("reply:1:0", "reply", SMS, contact, "CHITRA: x", facts=(7, 9)),
        NewMessage("pay:a:settled:1:1", "settled", SMS, contact, "CHITRA: x", payments=((1, 8),)),
    )

    found = post.store.read(lambda tx: rows.facts_of(tx, [reply, notice]))

    assert found == {reply: [7, 9], notice: [8]}


def test_segments_are_counted_as_sent_and_a_chat_has_none(post: Post) -> None:
    sms, chat = post.queue(
        NewMessage("reply:1:0", "reply", SMS, post.phone(), "đ" * 71),
        NewMessage("reply:1:1", "reply", WEB, post.phone(channel=WEB), "đ" * 71),
    )

    assert (post.row(sms).segments, post.row(chat).segments) == (2, 0)


def test_keys_say_what_they_are_of() -> None:
    assert reply_key(5, 0) == "reply:5:0"
    assert payment_key("2104-HT000123-M-1", "settled", 9) == "pay:2104-HT000123-M-1:settled:9:1"
    assert merge_key("2021-04", "settled", "ABC") == "merge:2021-04:settled:ABC:1"
