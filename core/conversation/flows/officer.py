"""Talking to a person: at once for fraud, after one question otherwise."""

from core.care.kinds import CaseKind
from core.conversation.ask import Command, ask, farewell, say
from core.conversation.caller import Caller
from core.conversation.commands import OpenCase
from core.conversation.parsers import free_text, yes_no
from core.conversation.understanding.intents import Intent

_MATTERS = ("Tôi hỏi về tiền của mẹ tôi.",)


async def talk_to_officer(me: Caller) -> Command | None:
    """Open a case with what the person wants to say."""
    matter = await ask("officer.matter", free_text(samples=_MATTERS))
    return OpenCase(
        CaseKind.OFFICER, me.subject or Intent.TALK_TO_HUMAN, _only_ward(me), matter=matter
    )


async def report_fraud(me: Caller) -> Command | None:
    """Advice that is safe whatever happened, and an officer at once; nothing is asked first."""
    await say("fraud.keep_safe")
    return OpenCase(CaseKind.FRAUD, Intent.FRAUD_REPORT, _only_ward(me))


async def told_of_a_death(me: Caller) -> Command | None:
    """Somebody has died: no word about money, and an officer who says what the family is to do.

    The subject is what was written, for the officer to read.
    """
    await say("death.condolence")
    if not await ask("death.officer", yes_no):
        return await farewell("death.later")
    return OpenCase(CaseKind.DEATH, "death", _only_ward(me), matter=me.subject)


async def complain(me: Caller) -> Command | None:
    """A complaint, in the person's own words, to the office that answers for it."""
    matter = await ask("complaint.matter", free_text(samples=_MATTERS))
    return OpenCase(CaseKind.COMPLAINT, Intent.COMPLAINT, _only_ward(me), matter=matter)


def _only_ward(me: Caller) -> int | None:
    """Whom it is about, when there is no doubt."""
    only = me.only_ward
    return only.beneficiary_id if only else None
