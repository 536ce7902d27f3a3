"""Wishes whose own flow is not built yet: an honest answer, and an officer who can do it."""

from core.care.kinds import CaseKind
from core.conversation.ask import Body, Command, ask, say
from core.conversation.caller import Caller
from core.conversation.commands import OpenCase
from core.conversation.parsers import yes_no
from core.conversation.understanding.intents import Intent

HONEST: tuple[Intent, ...] = (
    Intent.CHOOSE_METHOD,
    Intent.CHANGE_ACCOUNT,
    Intent.OPEN_ACCOUNT_HELP,
    Intent.MISSING_DOCUMENTS,
    Intent.AMOUNT_QUESTION,
    Intent.WHY_CHANGED_OR_STOPPED,
    Intent.WHO_CAN_COLLECT,
    Intent.PHONE_CHANGE,
    Intent.FEES_QUESTION,
    Intent.CARD_PIN_HELP,
    Intent.OUT_OF_SCOPE,
)
# They have a flow of their own now; talks that were in the middle of these go on.
BUILT: tuple[Intent, ...] = (Intent.HOME_DELIVERY, Intent.DELIVERY_STATUS)


def honest(intent: Intent) -> Body:
    """The flow that says what is known, what this chat cannot do yet, and offers a person."""

    async def topic(me: Caller) -> Command | None:
        await say(f"topic.{intent}")
        if not await ask("topic.officer", yes_no):
            return None
        only = me.only_ward
        return OpenCase(CaseKind.QUESTION, intent, only.beneficiary_id if only else None)

    return topic
