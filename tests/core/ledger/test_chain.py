"""Whatever is changed behind the ledger's back is found."""

import threading
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import Any

import pytest

from core.ledger import chain, heads, projection
from core.ledger.digests import event_hash
from core.ledger.events import EventType, NewEvent
from core.ledger.findings import Wrong
from core.ledger.heads import BadHeads
from core.ledger.journal import into_suspense
from core.store.chain import blocks_after, events_unsealed
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx, open_store
from core.store.events import events_after, last_event
from core.store.sealing import Keyring
from tests import builders
from tests.core.ledger.conftest import Office


def seal(office: Office) -> None:
    chain.seal_now(office.store, office.heads, office.ledger.clock)


def verify(office: Office) -> chain.Verdict:
    return office.read(lambda tx: chain.verify(tx, office.heads))


def found(office: Office) -> set[Wrong]:
    return {finding.wrong for finding in verify(office).findings}


def test_an_untouched_ledger_is_clean(office: Office) -> None:
    seal(office)
    verdict = verify(office)

    assert (verdict.findings, verdict.unsealed, verdict.blocks) == ((), 0, 1)
    assert verdict.events == office.read(last_event)
    assert verdict.head == heads.noted(office.heads)[1]
    assert verdict.as_json()["clean"] is True


def test_verify_seals_nothing_and_says_what_is_unsealed(office: Office) -> None:
    before = verify(office)
    assert (before.blocks, before.unsealed, before.head) == (0, before.events, None)
    seal(office)
    office.record(EventType.READY_CASH, office.payments[0])

    verdict = verify(office)

    assert (verdict.is_clean, verdict.blocks, verdict.unsealed) == (True, 1, 1)
    assert office.read(events_unsealed) == 1


def test_sealing_again_without_new_events_makes_no_block(office: Office) -> None:
    seal(office)
    seal(office)
    assert len(office.read(lambda tx: blocks_after(tx, 0))) == 1
    office.record(EventType.READY_CASH, office.payments[0])
    seal(office)

    first, second = office.read(lambda tx: blocks_after(tx, 0))
    assert second.previous_hash == first.hash
    assert (second.first_event, second.events) == (first.last_event + 1, 1)
    assert verify(office).is_clean


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("UPDATE event SET actor = 'staff:T2' WHERE id = 4", Wrong.EVENT_CHANGED),
        ("UPDATE event SET effective_at = effective_at + 1 WHERE id = 4", Wrong.EVENT_CHANGED),
        ("UPDATE event SET body = '{\"a\":1}' WHERE id = 4", Wrong.EVENT_CHANGED),
        ("UPDATE event SET type = 'nonsense' WHERE id = 4", Wrong.EVENT_CHANGED),
        ("UPDATE event SET body = 'not json' WHERE id = 1", Wrong.EVENT_CHANGED),
        ("UPDATE event SET body = '{}' WHERE type = 'cycle_funded'", Wrong.EVENT_CHANGED),
        ("UPDATE posting SET amount = amount + 1 WHERE account = 'E300'", Wrong.UNBALANCED),
        ("UPDATE posting SET amount = -amount WHERE event_id > 0", Wrong.EVENT_CHANGED),
        ("UPDATE posting SET commune = NULL WHERE line = 1", Wrong.EVENT_CHANGED),
        ("UPDATE posting SET tenant = 'other' WHERE line = 1", Wrong.EVENT_CHANGED),
        ("UPDATE posting SET line = 9 WHERE line = 2", Wrong.EVENT_CHANGED),
        ("UPDATE event SET hash = 'x' WHERE id = 4", Wrong.EVENT_CHANGED),
        ("DELETE FROM posting WHERE line = 2", Wrong.UNBALANCED),
        ("UPDATE chain_block SET hash = 'x' WHERE id = 1", Wrong.BLOCK_CHANGED),
        ("UPDATE chain_block SET previous_hash = 'x' WHERE id = 1", Wrong.BLOCK_MISSING),
        ("UPDATE chain_block SET events = 3 WHERE id = 1", Wrong.EVENT_MISSING),
        ("UPDATE chain_block SET first_event = 2 WHERE id = 1", Wrong.EVENT_MISSING),
        ("UPDATE payment_status SET money = 'SETTLED' WHERE payment_id = 1", Wrong.STATUS_DIFFERS),
        ("UPDATE payment_status SET version = 9 WHERE payment_id = 1", Wrong.STATUS_DIFFERS),
        ("DELETE FROM payment_status WHERE payment_id = 1", Wrong.STATUS_DIFFERS),
        ("UPDATE payment SET monthly = 1, amount = 1 WHERE id = 1", Wrong.PAYMENT_CHANGED),
        ("UPDATE payment SET beneficiary_id = 99 WHERE id = 1", Wrong.PAYMENT_CHANGED),
        ("DELETE FROM payment WHERE id = 1", Wrong.PAYMENT_STRAY),
        ("UPDATE cycle SET state = 'FUNDED'", Wrong.CYCLE_DIFFERS),
        ("UPDATE provider_cycle SET funded_amount = 1", Wrong.CYCLE_DIFFERS),
        ("DELETE FROM provider_cycle", Wrong.CYCLE_DIFFERS),
    ],
)
def test_a_changed_row_is_found(office: Office, statement: str, wrong: Wrong) -> None:
    seal(office)
    office.tamper(statement)

    assert wrong in found(office)


@pytest.mark.parametrize("number", ["4", "(SELECT max(id) FROM event)", "1"])
def test_an_event_that_is_gone_is_found(office: Office, number: str) -> None:
    seal(office)
    office.tamper(
        f"DELETE FROM posting WHERE event_id = {number}", f"DELETE FROM event WHERE id = {number}"
    )

    assert Wrong.EVENT_MISSING in found(office)


def test_an_event_forged_with_its_fingerprint_is_found_by_its_block(office: Office) -> None:
    seal(office)
    (row,) = office.read(lambda tx: events_after(tx, 3, 1))
    forged = event_hash(replace(row, actor="staff:T2"))
    office.tamper(f"UPDATE event SET actor = 'staff:T2', hash = '{forged}' WHERE id = {row.id}")

    assert found(office) == {Wrong.BLOCK_CHANGED}


def test_a_cut_tail_is_found_by_the_head_in_the_database(office: Office) -> None:
    seal(office)
    office.tamper("DELETE FROM chain_block", "DELETE FROM posting", "DELETE FROM event")
    office.heads.unlink()

    assert Wrong.TAIL_MISSING in found(office)


def test_a_cut_tail_is_found_by_the_file_of_heads_alone(office: Office) -> None:
    seal(office)
    office.record(EventType.READY_CASH, office.payments[0])
    seal(office)
    last = office.read(last_event)
    office.tamper(
        f"DELETE FROM posting WHERE event_id = {last}",
        f"DELETE FROM event WHERE id = {last}",
        "DELETE FROM chain_block WHERE id = 2",
        "DELETE FROM installation WHERE name = 'chain_head'",
    )
    office.do(projection.rebuild)

    assert found(office) == {Wrong.TAIL_MISSING}


def test_a_chain_forged_whole_is_found_by_the_file_of_heads(office: Office) -> None:
    seal(office)
    office.tamper("DELETE FROM chain_block")
    office.record(EventType.READY_CASH, office.payments[0])
    office.store.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)

    assert found(office) == {Wrong.TAIL_MISSING}


def test_heads_that_a_crash_kept_from_the_file_are_added_later(office: Office) -> None:
    office.store.transact(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)
    assert heads.noted(office.heads) == {}
    seal(office)
    seal(office)

    assert list(heads.noted(office.heads)) == [1]
    assert len(office.heads.read_text().splitlines()) == 1


def test_a_file_of_heads_that_cannot_be_read_is_a_fault(office: Office) -> None:
    office.heads.write_text("nonsense\n")

    with pytest.raises(BadHeads):
        verify(office)


def test_a_provider_cannot_hold_less_than_nothing(office: Office) -> None:
    office.tamper("UPDATE posting SET provider = 'viettel' WHERE account = 'A110' AND amount > 0")

    assert Wrong.PROVIDER_SHORT in found(office)


def test_money_that_a_provider_says_it_paid_to_nobody_we_know_breaks_nothing(
    office: Office,
) -> None:
    lines = into_suspense(builders.CYCLE, "post", 540_000)
    event = NewEvent(
        EventType.SUSPENSE_IN, "s:1", "provider:post", builders.NOW, builders.CYCLE, postings=lines
    )
    office.do(lambda tx: office.ledger.record(tx, [event]))

    assert verify(office).is_clean


def test_what_was_tampered_with_is_mended_by_rebuilding(office: Office) -> None:
    seal(office)
    office.tamper(
        "UPDATE payment_status SET money = 'REFUNDED', reason = 'TK_SAI'",
        "DELETE FROM payment_status WHERE payment_id = 1",
        "UPDATE cycle SET state = 'FROZEN'",
        "UPDATE provider_cycle SET approved_amount = 1",
        "INSERT INTO provider_cycle (tenant, cycle, provider) VALUES ('x', '2021-04', 'post')",
        "INSERT INTO payment_status (payment_id, tenant, cycle, beneficiary_id, money, receipt,"
        " changed_at, last_event_id, version) VALUES (77, 't', '2021-04', 1, 'LISTED',"
        " 'NOT_ASKED', 1, 1, 1)",
    )
    assert len(found(office)) > 1

    assert office.do(projection.rebuild) == 3
    assert verify(office).is_clean


def test_a_block_waits_for_events_with_lower_numbers(postgres_url: str, keyring: Keyring) -> None:
    store = open_store(postgres_url, keyring)
    ledger = builders.a_ledger()
    number = store.transact(lambda tx: builders.a_payment(tx, ledger), CommitPoint.IMPORT_CHUNK)
    numbered, may_commit = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        held = NewEvent(EventType.HELD, "slow", "t", builders.NOW, payment_id=number)
        ledger.record(tx, [held])
        numbered.set()
        may_commit.wait(10)

    writing = store.submit(slow, CommitPoint.TURN)
    assert numbered.wait(10)
    sealing = store.submit(lambda tx: chain.seal(tx, builders.NOW), CommitPoint.SEAL)
    assert not _is_done_soon(sealing)
    may_commit.set()
    writing.result(10)

    block = sealing.result(10)

    assert block is not None
    assert block.events == 2
    assert _clean(store)
    store.close()


def _is_done_soon(future: "Future[Any]") -> bool:
    return bool(wait([future], timeout=0.3).done)


def _clean(store: Store) -> bool:
    return store.read(chain.verify).is_clean
