"""Linking this chat to a file: by a printed code, or by a code sent to the phone on file.

Nothing here says whether somebody is on the list: the same words follow the same question.
"""

from enum import StrEnum

from core.care.kinds import CaseKind
from core.conversation.ask import Command, Go, ask, farewell, look, once, say
from core.conversation.caller import Caller
from core.conversation.commands import AgreeToNotices, OpenCase, SendCode, TryCode
from core.conversation.flow import MENU
from core.conversation.flows.queries import WardsHere
from core.conversation.parsers import code, one_of, phone
from core.conversation.understanding.intents import Intent
from core.people import Role


class Way(StrEnum):
    """How to prove who one is."""

    PAPER = "paper"
    PHONE = "phone"
    OFFICER = "officer"


async def link(me: Caller) -> Command | None:
    """Link by the way the person chooses."""
    del me
    match await ask("link.how", one_of(Way)):
        case Way.PAPER:
            await say("link.never_pin")
            return await _try_codes("link.code", "link.code_again")
        case Way.PHONE:
            number = await ask("link.phone", phone)
            await once("link.send", SendCode(number))
            await say("link.sent")
            return await _try_codes("link.sms_code", "link.sms_code_again")
        case Way.OFFICER:
            return OpenCase(CaseKind.OFFICER, Intent.LINK_IDENTITY)


async def link_by_code(me: Caller) -> Command | None:
    """A code that came with the first message (a scanned QR); the subject is the code."""
    outcome = await once("link.scan", TryCode(me.subject))
    return await _came_to(outcome)


async def _try_codes(first: str, second: str) -> Command | None:
    """Two tries, then the reason: who mistyped once is not sent away."""
    outcome = await once(f"{first}.try", TryCode(await ask(first, code)))
    if outcome == "wrong":
        outcome = await once(f"{second}.try", TryCode(await ask(second, code)))
    return await _came_to(outcome)


async def _came_to(outcome: str) -> Command | None:
    if outcome != "linked":
        return await farewell(f"link.{outcome}")
    wards = await look(WardsHere())
    names = ", ".join(ward.name for ward in wards)
    await say("link.linked" if names else "link.linked_nobody", names=names)
    own = any(ward.standing.role is not Role.RELATIVE for ward in wards)
    return Go("notices" if own else MENU)


class Notices(StrEnum):
    """What a linked person wants to be told by itself."""

    WITH_AMOUNT = "with_amount"
    WITHOUT_AMOUNT = "without_amount"
    NONE = "none"


async def notices(me: Caller) -> Command | None:
    """Whether payments are announced here, and with their amounts: silence is not consent."""
    del me
    wanted = await ask("notices.wanted", one_of(Notices))
    if wanted is Notices.NONE:
        await say("notices.none")
        return Go(MENU)
    return AgreeToNotices(amounts=wanted is Notices.WITH_AMOUNT)
