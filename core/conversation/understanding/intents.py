"""What a person can want: the thirty intents, and how much a mistake about each would cost.

Source: the borders between the intents are in training/sentences, where each has its examples.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Intent(StrEnum):
    """What one message wants (ý định)."""

    CHECK_PAYMENT = "check_payment"
    PAYMENT_NOT_RECEIVED = "payment_not_received"
    CHOOSE_METHOD = "choose_method"
    CHANGE_ACCOUNT = "change_account"
    OPEN_ACCOUNT_HELP = "open_account_help"
    MISSING_DOCUMENTS = "missing_documents"
    HOME_DELIVERY = "home_delivery"
    DELIVERY_STATUS = "delivery_status"
    AMOUNT_QUESTION = "amount_question"
    WHY_CHANGED_OR_STOPPED = "why_changed_or_stopped"
    SCHEDULE = "schedule"
    WHO_CAN_COLLECT = "who_can_collect"
    LINK_IDENTITY = "link_identity"
    PHONE_CHANGE = "phone_change"
    FEES_QUESTION = "fees_question"
    CARD_PIN_HELP = "card_pin_help"
    FRAUD_REPORT = "fraud_report"
    TALK_TO_HUMAN = "talk_to_human"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    GREETING = "greeting"
    GOODBYE = "goodbye"
    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    BACK = "back"
    HELP = "help"
    LANGUAGE_SWITCH = "language_switch"
    STOP_NOTIFICATIONS = "stop_notifications"
    OUT_OF_SCOPE = "out_of_scope"


class Risk(StrEnum):
    """What a wrong guess could cost (mức rủi ro)."""

    LOW = "L"  # an open answer
    MEDIUM = "M"  # facts of one linked person
    HIGH = "H"  # money or identity


_HIGH: Final = frozenset(
    {
        Intent.PAYMENT_NOT_RECEIVED,
        Intent.CHOOSE_METHOD,
        Intent.CHANGE_ACCOUNT,
        Intent.HOME_DELIVERY,
        Intent.WHY_CHANGED_OR_STOPPED,
        Intent.WHO_CAN_COLLECT,
        Intent.LINK_IDENTITY,
        Intent.PHONE_CHANGE,
        Intent.FRAUD_REPORT,
        Intent.CANCEL,
        Intent.STOP_NOTIFICATIONS,
    }
)
_MEDIUM: Final = frozenset(
    {
        Intent.CHECK_PAYMENT,
        Intent.MISSING_DOCUMENTS,
        Intent.DELIVERY_STATUS,
        Intent.AMOUNT_QUESTION,
        Intent.COMPLAINT,
    }
)

RISK: Final[Mapping[Intent, Risk]] = MappingProxyType(
    {
        intent: Risk.HIGH if intent in _HIGH else Risk.MEDIUM if intent in _MEDIUM else Risk.LOW
        for intent in Intent
    }
)

SOCIAL: Final = frozenset({Intent.GREETING, Intent.THANKS, Intent.GOODBYE})
"""Politeness: beside a question it is not the question."""

REPLIES: Final = frozenset({Intent.YES, Intent.NO, Intent.BACK})
"""Words that mean something only beside a question that was asked."""

MONEY: Final = frozenset(
    {
        Intent.CHECK_PAYMENT,
        Intent.PAYMENT_NOT_RECEIVED,
        Intent.CHOOSE_METHOD,
        Intent.CHANGE_ACCOUNT,
        Intent.HOME_DELIVERY,
        Intent.DELIVERY_STATUS,
        Intent.AMOUNT_QUESTION,
        Intent.WHY_CHANGED_OR_STOPPED,
        Intent.WHO_CAN_COLLECT,
    }
)
"""Intents that lead to a sentence or a request about somebody's money."""

GRAVITY: Final[tuple[Intent, ...]] = (
    Intent.FRAUD_REPORT,
    Intent.STOP_NOTIFICATIONS,
    Intent.CHANGE_ACCOUNT,
    Intent.PHONE_CHANGE,
    Intent.LINK_IDENTITY,
    Intent.PAYMENT_NOT_RECEIVED,
    Intent.CANCEL,
    Intent.WHO_CAN_COLLECT,
    Intent.CHOOSE_METHOD,
    Intent.HOME_DELIVERY,
    Intent.WHY_CHANGED_OR_STOPPED,
    Intent.TALK_TO_HUMAN,
    Intent.COMPLAINT,
    Intent.CHECK_PAYMENT,
    Intent.DELIVERY_STATUS,
    Intent.AMOUNT_QUESTION,
    Intent.MISSING_DOCUMENTS,
    Intent.CARD_PIN_HELP,
    Intent.OPEN_ACCOUNT_HELP,
    Intent.FEES_QUESTION,
    Intent.SCHEDULE,
)
"""Of two wishes in one message the earlier here is answered first."""
