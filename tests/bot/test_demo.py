"""The demo as somebody finds it: people to act as, phones with messages, nothing sent outside."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.chat.demo_people import demo_people
from bot.chat.phones import Phone, phones_beside
from bot.compose import Parts, compose
from bot.demo import demo_database, make_demo
from bot.rehearsal import act_as
from core.settings import Settings, SmsGateway
from core.store import contacts
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.installation import fact
from core.store.locks import held_beside
from core.store.people import beneficiaries_by_code, names_of
from tests.bot.parts import Office


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("demo")
    office = Office(f"sqlite:///{folder / 'unused.db'}", folder / "var")
    database = demo_database(office.session.settings)
    (database.parent / "district").mkdir(parents=True)
    (database.parent / "district" / "of_before.xlsx").touch()
    database.write_text("what an earlier demo left")
    with held_beside(database, "serve"):
        make_demo(office.session, 8000)
        yield office
    office.close()


def acted(parts: Parts, what: str) -> list[Phone]:
    """The phones beside the talk of whoever acts as the person of this kind."""

    def work(tx: Tx) -> list[Phone]:
        people: dict[str, str] = json.loads(fact(tx, "demo_people") or "{}")
        code = next(code for code, kind in people.items() if kind == what)
        contact = contacts.ensure_contact(tx, "web", f"test-{what}", parts.clock.now())
        assert act_as(tx, parts, contact.id, code) is None
        return phones_beside(tx, contact.id, parts.clock)

    return parts.store.transact(work, CommitPoint.VISIT)


def test_what_an_earlier_demo_left_is_gone_and_the_lock_is_still_held(demo: Office) -> None:
    database = demo.session.settings.data_dir / "demo.db"

    assert not (database.parent / "district" / "of_before.xlsx").exists()
    with held_beside(database, "serve") as ours:
        assert not ours


def test_there_is_somebody_for_each_thing_worth_seeing(demo: Office) -> None:
    people = demo.session.parts.store.read(lambda tx: fact(tx, "demo_people"))
    kinds = {"paid", "failed", "ready_cash", "not_reported", "not_listed", "guardian"}
    assert set(json.loads(people or "{}").values()) == kinds


def test_the_button_of_a_child_bears_the_name_of_who_writes_for_it(demo: Office) -> None:
    parts = demo.session.parts
    acted(parts, "guardian")

    def work(tx: Tx) -> tuple[int, str]:
        contact = contacts.ensure_contact(tx, "web", "test-guardian", parts.clock.now())
        (speaker,) = [one.person_id for one in contacts.persons_at(tx, contact.id)]
        return contact.id, names_of(tx, [speaker])[speaker]

    contact_id, name = parts.store.transact(work, CommitPoint.VISIT)
    people = {one.what: one for one in demo_people(parts, contact_id)}
    assert people["guardian"].name == name
    assert people["guardian"].is_me
    child = parts.store.read(lambda tx: beneficiaries_by_code(tx, [people["guardian"].code]))
    own = child[people["guardian"].code].person_id
    assert parts.store.read(lambda tx: names_of(tx, [own]))[own] != name


def test_the_relative_of_who_was_paid_has_the_message_of_the_payment(demo: Office) -> None:
    phones = acted(demo.session.parts, "paid")
    told = [text.text for phone in phones if phone.role != "self" for text in phone.texts]
    assert any("da chuyen" in text or "da chi" in text for text in told), told


def test_messages_are_on_the_phones_at_the_moment_of_their_release(demo: Office) -> None:
    parts = demo.session.parts
    phones = [phone for what in ("paid", "failed") for phone in acted(parts, what)]
    moments = [text.at for phone in phones for text in phone.texts]
    assert moments
    assert all(at < parts.clock.now() for at in moments)


def test_no_sms_of_a_demo_leaves_the_machine_whatever_the_settings(demo: Office) -> None:
    asked: Settings = replace(demo.session.settings, sms_gateway=SmsGateway.TWILIO)
    parts = compose(asked)
    try:
        assert [one.name for one in parts.gateways if one.channel == "sms"] == ["sandbox"]
    finally:
        parts.close()
