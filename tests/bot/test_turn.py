"""One message, one transaction, one answer: on both engines."""

import pytest

from bot.turn_again import replay_unanswered
from core.store.commit_points import CommitPoint
from core.store.conversations import free_conversation, hold_conversation
from core.store.engine import Store
from core.store.inbound import Standing, inbounds_of, silent
from notifications.sms_text import measure
from tests.bot.turns import PHONE, Process, never
from tests.core.conversation.demo import Ring, Seat, Ticket


@pytest.fixture
def process(store: Store) -> Process:
    return Process(store)


def test_a_flow_is_played_to_its_end_over_several_messages(process: Process) -> None:
    for text in ("thang nay tien ve chua", "2", "xe lan", "dung roi a", "1"):
        result = process.hears(text)

    assert process.executed == [Ring("xe lan"), Ticket("2021-04", Seat.AISLE, "xe lan")]
    assert result.standing is Standing.ANSWERED
    assert result.pending is None


def test_the_answer_is_in_the_outbox_under_the_key_of_the_message(process: Process) -> None:
    result = process.hears("tien thang 4 ve chua")

    (message,) = process.rows("message")
    assert message["dedup_key"] == f"reply:{result.inbound_id}:1"
    assert message["in_reply_to"] == result.inbound_id
    assert message["id"] == result.message_ids[0]
    assert message["menu_token"] is not None
    assert message["state"] == "queued"


def test_a_message_seen_twice_gets_nothing_new_and_the_same_outcome(process: Process) -> None:
    first = process.hears("tien thang 4 ve chua", key="same")
    before = process.counts()

    second = process.hears("tien thang 4 ve chua", key="same")

    assert process.counts() == before
    assert second.seen
    assert second.inbound_id == first.inbound_id
    assert second.message_ids == first.message_ids
    assert (second.flow, second.pending) == (first.flow, first.pending)
    assert [part.text for part in second.parts] == process.texts()


def test_an_id_of_one_channel_is_not_that_of_another(process: Process) -> None:
    process.hears("xin chào", key="1")

    assert not process.hears("xin chào", key="1", channel="web").seen


def test_twenty_at_once_are_answered_in_order(process: Process) -> None:
    texts = ["thang nay tien ve chua", "1"] + [f"câu thứ {n}" for n in range(18)]
    futures = [process.begin(text) for text in texts]

    results = [future.result(30) for future in futures]

    assert [r.inbound_id for r in results] == sorted(r.inbound_id for r in results)
    assert results[1].pending == "demo.note"
    assert results[2].pending == "demo.sure"
    assert all(result.message_ids for result in results)
    assert process.store.read(silent) == []


def test_contacts_do_not_wait_for_one_another(process: Process) -> None:
    futures = [process.begin("xin chào", address=f"09{n:08}") for n in range(40)]

    assert {future.result(30).pending for future in futures} == {"demo.menu"}


def test_a_faulting_turn_keeps_the_message_alone(process: Process) -> None:
    process.breaks = lambda text: "tien" in text

    result = process.hears("tien thang 4 ve chua")

    assert result.standing is Standing.UNANSWERED
    assert process.rows("message") == []
    assert process.rows("conversation") == []
    (row,) = process.rows("inbound")
    assert (row["state"], row["tries"]) == ("unanswered", 0)


def test_a_fault_is_logged_by_its_kind_and_place_and_nothing_else(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    process.breaks = lambda text: "tien" in text

    process.hears("tien thang 4 cua Thu ve chua")

    (record,) = [one for one in caplog.records if one.name == "chitra.turn"]
    assert record.__dict__["fault"] == "Broken"
    assert record.__dict__["place"].startswith("turns.py:")
    assert "Thu" not in str(record.__dict__)


def test_a_new_message_waits_behind_an_unanswered_one(process: Process) -> None:
    process.breaks = lambda text: "tien" in text
    process.hears("tien thang 4 ve chua")

    assert process.hears("1").standing is Standing.UNANSWERED
    assert process.texts() == []


def test_messages_that_waited_are_answered_in_order_once_the_fault_is_gone(
    process: Process,
) -> None:
    process.breaks = lambda text: "tien" in text
    process.hears("tien thang 4 ve chua")
    process.hears("1")
    process.breaks = never
    process.later(11)

    ids = replay_unanswered(process.parts)

    assert len(ids) == 2
    assert [row["state"] for row in process.rows("inbound")] == ["answered", "answered"]
    assert process.rows("conversation")[0]["pending"] == "demo.note"
    assert process.store.read(silent) == []


def test_what_faults_three_times_more_becomes_a_case_with_a_polite_reply(
    process: Process,
) -> None:
    process.breaks = lambda text: "tien" in text
    process.hears("tien thang 4 ve chua")
    for _ in range(3):
        process.later(121)
        replay_unanswered(process.parts)

    assert process.given_up == ["tien thang 4 ve chua"]
    (row,) = process.rows("inbound")
    assert (row["state"], row["case_id"], row["tries"]) == ("case", 41, 3)
    assert ["chuyen cho can bo" in text for text in process.texts()] == [True]
    assert process.hears("xin chào").pending == "demo.menu"


def test_playing_again_too_early_changes_nothing(process: Process) -> None:
    process.breaks = lambda text: "tien" in text
    process.hears("tien thang 4 ve chua")

    assert replay_unanswered(process.parts) == ()
    assert process.rows("inbound")[0]["tries"] == 0


def test_a_message_stays_unanswered_while_no_case_can_be_opened(process: Process) -> None:
    process.breaks = lambda text: "tien" in text
    process.refuses_cases = True
    process.hears("tien thang 4 ve chua")
    for _ in range(4):
        process.later(700)
        replay_unanswered(process.parts)
    assert process.rows("inbound")[0]["state"] == "unanswered"

    process.refuses_cases = False
    process.later(700)
    replay_unanswered(process.parts)

    assert process.rows("inbound")[0]["state"] == "case"


def hold(process: Process, case_id: int) -> None:
    contact_id = process.rows("contact")[0]["id"]
    now = process.play_clock.now()
    process.store.transact(
        lambda tx: hold_conversation(tx, contact_id, case_id, now), CommitPoint.CASE
    )


def test_while_an_officer_holds_the_talk_the_bot_says_so_once_and_is_silent(
    process: Process,
) -> None:
    process.hears("thang nay tien ve chua")
    hold(process, 5)

    first = process.hears("có ai không")
    second = process.hears("alo")

    assert first.standing is second.standing is Standing.WITH_OFFICER
    assert (len(first.message_ids), len(second.message_ids)) == (1, 0)
    assert process.heard_for_officer == [(5, "có ai không"), (5, "alo")]
    assert [row["case_id"] for row in process.rows("inbound")] == [None, 5, 5]


def test_a_secret_does_not_reach_the_case_either(process: Process) -> None:
    process.hears("xin chào")
    hold(process, 5)

    process.hears("ma pin cua toi la 4821")

    assert "4821" not in process.heard_for_officer[0][1]


def test_after_the_officer_the_talk_goes_on_at_the_same_question(process: Process) -> None:
    process.hears("thang nay tien ve chua")
    hold(process, 5)
    process.hears("alo")
    contact_id = process.rows("contact")[0]["id"]
    process.store.transact(
        lambda tx: free_conversation(tx, contact_id, process.play_clock.now()), CommitPoint.CASE
    )

    assert process.hears("1").pending == "demo.note"


def test_another_case_is_acknowledged_again(process: Process) -> None:
    process.hears("xin chào")
    hold(process, 5)
    process.hears("a")
    hold(process, 6)

    assert len(process.hears("b").message_ids) == 1


def test_stop_works_while_an_officer_holds_the_talk(process: Process) -> None:
    process.hears("xin chào")
    hold(process, 5)

    process.hears("STOP")

    assert process.rows("contact")[0]["stopped_at"] is not None
    assert "khong nhan tin bao" in process.texts()[-1] or "se khong" in process.texts()[-1]


def test_stop_and_again_are_kept_with_the_address(process: Process) -> None:
    process.hears("tc")
    assert process.rows("contact")[0]["stopped_at"] is not None

    process.hears("nhận tin")
    assert process.rows("contact")[0]["stopped_at"] is None


def test_language_and_accents_are_kept_with_the_address(process: Process) -> None:
    process.hears("english", channel="web")
    result = process.hears("khong dau", channel="web")

    row = process.rows("contact")[0]
    assert (row["language"], bool(row["accents"])) == ("en", False)
    assert result.parts[0].text == "From now on we write without accents."


def test_a_secret_typed_by_mistake_is_not_stored(process: Process) -> None:
    result = process.hears("ma pin cua toi la 4821")

    (row,) = process.store.read(lambda tx: inbounds_of(tx, result.contact_id))
    assert "4821" not in row.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u200b\u200b",
        "a" * 10_000,
        "tiền " * 2_000,
        "😀😀😀",
        "tie\u0302\u0300n the\u0301ng na\u0300y ve\u0302\u0300 chu\u031ba",
        "'; DROP TABLE message; --",
        "<script>alert(1)</script>",
        "{you} %s {0.__class__}",
        "\x00\x01",
        "1" * 300,
        "???",
        "\ud800",
    ],
)
def test_whatever_comes_in_gets_one_clear_reply(process: Process, text: str) -> None:
    result = process.hears(text)

    assert result.standing is Standing.ANSWERED
    assert len(result.message_ids) == 1
    (sent,) = process.texts()
    assert measure(sent).segments <= 3
    assert measure(sent).encoding == "GSM-7"


def test_a_picture_is_answered_politely(process: Process) -> None:
    result = process.hears("", is_text=False)

    assert [part.key for part in result.parts] == ["engine.only_text"]


def test_a_reply_to_an_older_menu_changes_nothing(process: Process) -> None:
    process.hears("thang nay tien ve chua", channel="web")
    old = process.rows("message")[-1]["menu_token"]
    process.hears("2", channel="web", menu_token=old)

    result = process.hears("1", channel="web", menu_token=old)

    assert result.pending == "demo.note"
    assert result.parts[0].key == "engine.old_menu.open"


def test_a_wish_of_an_ended_flow_is_done_in_the_same_transaction(process: Process) -> None:
    process.hears("gặp cán bộ")
    process.breaks = lambda text: text == "mất tiền rồi"

    assert process.hears("mất tiền rồi").standing is Standing.UNANSWERED
    process.breaks = never
    process.later(11)
    replay_unanswered(process.parts)

    assert process.executed[-1] == Ring("mất tiền rồi")
    assert process.rows("conversation")[0]["pending"] is None


def test_the_address_is_nowhere_in_the_clear(process: Process) -> None:
    process.hears("toi la Nguyen Van Thu")

    for table in ("contact", "inbound", "message", "conversation"):
        for row in process.rows(table):
            written = " ".join(str(value) for value in row.values())
            assert PHONE not in written
            assert "Nguyen Van Thu" not in written
