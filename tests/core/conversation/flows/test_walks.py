"""Every path of every flow, in every world that matters: it ends, and it can be said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.conversation.ask import Command, Go
from core.conversation.caller import Caller
from core.conversation.commands import (
    AgreeToNotices,
    AskForHome,
    OpenCase,
    SayWord,
    SendCode,
    StopHome,
    TryCode,
)
from core.conversation.flow import Flow
from core.conversation.flows.book import BOOK
from core.conversation.flows.home import WHY_NOT
from core.conversation.flows.queries import HomeNow
from core.conversation.menu import Menu
from core.conversation.offers import OWN, WISH
from core.conversation.sentences import Words
from core.conversation.speech import Voice, labelled, spoken
from core.conversation.understanding.intents import REPLIES, SOCIAL, Intent
from core.conversation.walk import Path, walk
from core.ledger.deliveries import DeliveryState
from core.ledger.receipt import Word
from core.ledger.states import Money
from core.people import Role
from notifications.capabilities import CAPABILITIES
from notifications.render import render
from tests.core.conversation.flows.people import (
    TODAY,
    Books,
    a_caller,
    a_payment,
    a_stranger,
    a_ward,
    an_arrival,
)
from tests.sources import ROOT

NAMES = (ROOT / "core" / "conversation" / "question_names.txt").read_text().splitlines()
TWO = (a_ward(), a_ward(code="HT000012", name="Trần Văn Hải", beneficiary_id=12))
CALLERS = {
    "a stranger": a_stranger(),
    "oneself": a_caller(a_ward()),
    "a number on file": a_caller(a_ward(), level=1),
    "a guardian of two": a_caller(*TWO),
    "a relative": a_caller(a_ward(Role.RELATIVE), level=1),
    "a carer": a_caller(a_ward(Role.CARER)),
    "two who claim one child": a_caller(a_ward(Role.GUARDIAN, is_frozen=True)),
}
WORLDS = {
    "paid": Books(an_arrival(a_payment()), wards=TWO[:1]),
    "failed": Books(an_arrival(a_payment(Money.FAILED, reason="TK_SAI"))),
    "cash waits": Books(an_arrival(a_payment(Money.READY_CASH, method="cash"))),
    "not listed": Books(agreed=False),
}
# How somebody may stand with payment at home; of interest to one flow only.
AT_HOME = [
    *(HomeNow(9, state, None, TODAY, "morning", "can_collect", (101,)) for state in DeliveryState),
    *(HomeNow(refusal=code) for code in WHY_NOT),
]
# Wishes that the engine itself fulfils.
ENGINES = {Intent.LANGUAGE_SWITCH, Intent.STOP_NOTIFICATIONS, Intent.CANCEL}
# What a flow of the engine is about, so that it has something to offer.
SUBJECTS = {WISH: "check_payment,schedule", "engine.correct": "arrival.month=1=arrival.month"}
SUBJECTS |= {"unasked_word": Word.FULL.value}
FLOWS = sorted(BOOK.flows.values(), key=lambda flow: flow.name)


def outcomes(command: Command) -> tuple[str, ...]:
    match command:
        case TryCode():
            return ("linked", "wrong", "expired", "used", "too_many")
        case SendCode():
            return ("sent",)
        case _:
            raise AssertionError(command)


def subjects(flow: Flow) -> list[str]:
    own = SUBJECTS.get(flow.name, Intent.CHECK_PAYMENT.value if OWN in flow.name else "")
    return [intent.value for intent in flow.intents] or [own]


def paths(flow: Flow, me: Caller, books: Books) -> Iterator[Path]:
    for subject in subjects(flow):
        yield from walk(flow.body, replace(me, subject=subject), books, outcomes)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
@pytest.mark.parametrize("who", CALLERS)
def test_every_path_ends_and_every_sentence_can_be_said(flow: Flow, who: str) -> None:
    me = CALLERS[who]
    for books in WORLDS.values():
        for path in paths(flow, me, books):
            say_everything(path, me)
            assert path.said or path.command, flow.name
            if isinstance(path.command, Go):
                assert path.command.flow in BOOK.flows


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("now", AT_HOME, ids=lambda now: str(now.state or now.refusal))
def test_every_state_of_a_delivery_at_home_can_be_told(now: HomeNow, who: str) -> None:
    for path in paths(BOOK.flow("home_delivery"), CALLERS[who], Books(home=now)):
        say_everything(path, CALLERS[who])
        assert path.said or path.command
        if isinstance(path.command, StopHome):
            early = {"REQUESTED", "ASSESSED", "ACCEPTED", "SCHEDULED"}
            assert now.state in early
        if who in {"a stranger", "a relative", "a carer", "a number on file"}:
            assert path.command is None or isinstance(path.command, Go)


def say_everything(path: Path, me: Caller) -> None:
    """In both languages and on every channel; rendering refuses money without facts."""
    menus = [stop.waiting.question for stop in path.stops]
    for capabilities in CAPABILITIES.values():
        for language in ("vi", "en"):
            for asked in menus:
                render([], asked.menu, capabilities, question=asked.said, language=language)
            render(path.end.said, None, capabilities, language=language, form=me.form)
            for stop in path.stops:
                render(stop.waiting.said, None, capabilities, language=language, form=me.form)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_question_says_why_and_is_recorded(flow: Flow) -> None:
    voice = Voice()
    for me in CALLERS.values():
        for path in paths(flow, me, WORLDS["paid"]):
            for stop in path.stops:
                question = stop.waiting.question
                assert question.name in NAMES
                if not question.name.startswith(OWN):
                    assert spoken(replace(question.said, key=f"{question.said.key}.why"), voice)
                    assert spoken(replace(question.said, key=f"{question.said.key}.name"), voice)
                assert all(lines(question.menu, voice))


def lines(menu: Menu | None, voice: Voice) -> list[str]:
    return [] if menu is None else [labelled(choice.label, voice) for choice in menu.choices]


def test_every_flow_has_a_name_to_come_back_to() -> None:
    for flow in FLOWS:
        if not flow.name.startswith(OWN):
            assert spoken(Words(flow.title), Voice())


def test_every_wish_is_heard_somewhere() -> None:
    by_the_engine = SOCIAL | REPLIES | ENGINES
    assert set(BOOK.by_intent) | by_the_engine == set(Intent)
    assert len(Intent) == 30


def test_nobody_is_left_with_a_command_that_nobody_carries_out() -> None:
    known = (Go, OpenCase, SayWord, AgreeToNotices, AskForHome)
    for flow in FLOWS:
        if flow.name.startswith(OWN):
            continue
        for me in CALLERS.values():
            for path in paths(flow, me, WORLDS["paid"]):
                assert path.command is None or isinstance(path.command, known)


def test_who_claims_a_ward_that_another_claims_hears_no_amount_and_gets_an_officer() -> None:
    me = replace(CALLERS["two who claim one child"], subject=Intent.CHECK_PAYMENT.value)
    for name in ("check_arrival", "unasked_word"):
        subject = Word.FULL.value if name == "unasked_word" else me.subject
        for path in walk(
            BOOK.flow(name).body, replace(me, subject=subject), WORLDS["paid"], outcomes
        ):
            assert not any(
                said.key.startswith(("arrival.paid", "arrival.parts")) for said in path.said
            )
            assert not isinstance(path.command, SayWord)
