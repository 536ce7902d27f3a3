"""All flows of the product, and the wish that begins each. Names are for ever."""

from typing import Final

from core.conversation.flow import DEATH, MENU, OFFICER, Book, Flow, book
from core.conversation.flows.arrival import check_arrival
from core.conversation.flows.home import home_delivery
from core.conversation.flows.link import link, link_by_code, notices
from core.conversation.flows.menu import menu
from core.conversation.flows.officer import complain, report_fraud, talk_to_officer, told_of_a_death
from core.conversation.flows.receipt import answer_notice, unasked_word
from core.conversation.flows.schedule import schedule
from core.conversation.flows.topics import BUILT, HONEST, honest
from core.conversation.offers import FLOWS as ENGINE_FLOWS
from core.conversation.understanding.intents import Intent

BOOK: Final[Book] = book(
    [
        *ENGINE_FLOWS,
        Flow(MENU, menu, (Intent.HELP,)),
        Flow(OFFICER, talk_to_officer, (Intent.TALK_TO_HUMAN,)),
        Flow("check_arrival", check_arrival, (Intent.CHECK_PAYMENT, Intent.PAYMENT_NOT_RECEIVED)),
        Flow("answer_notice", answer_notice),
        Flow("unasked_word", unasked_word, replaces=("check_arrival", "answer_notice")),
        Flow("link", link, (Intent.LINK_IDENTITY,)),
        Flow("link_by_code", link_by_code),
        Flow("notices", notices),
        Flow("schedule", schedule, (Intent.SCHEDULE,)),
        Flow("home_delivery", home_delivery, (Intent.HOME_DELIVERY, Intent.DELIVERY_STATUS)),
        Flow("report_fraud", report_fraud, (Intent.FRAUD_REPORT,)),
        Flow(DEATH, told_of_a_death),
        Flow("complain", complain, (Intent.COMPLAINT,)),
        *(Flow(f"topic_{intent}", honest(intent), (intent,)) for intent in HONEST),
        *(Flow(f"topic_{intent}", honest(intent)) for intent in BUILT),
    ]
)
