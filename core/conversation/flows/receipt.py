"""What the person says about a payment: all there, short, not there."""

from core.conversation.ask import SURE_FOR, Command, ask, farewell, look
from core.conversation.caller import Caller
from core.conversation.commands import SayWord
from core.conversation.flows.queries import PaymentCoded
from core.conversation.parsers import Option, one_of, yes_no
from core.conversation.sentences import Words
from core.ledger.facts import PaymentFacts
from core.ledger.receipt import Word
from core.people import Ward, may_hear_amount

WORDS = (
    Option("full", Word.FULL, words=("du", "du roi", "nhan du", "da nhan", "da nhan du", "co roi")),
    Option("short", Word.SHORT, words=("thieu", "nhan thieu", "con thieu")),
    Option(
        "not_received",
        Word.NOT_RECEIVED,
        words=("chua", "chua nhan", "chua nhan duoc", "khong nhan duoc", "chua co"),
    ),
)
_GOT_OR_NOT = tuple(option for option in WORDS if option.value is not Word.SHORT)


async def answer_notice(me: Caller) -> Command | None:
    """The answer to `1 đủ 2 thiếu 3 chưa nhận` of a notice; the subject is the payment's code."""
    payment = await look(PaymentCoded(me.subject))
    whom = next(
        (w for w in me.wards if payment is not None and w.beneficiary_id == payment.beneficiary_id),
        None,
    )
    if payment is None or whom is None:
        return await farewell("receipt.no_payment")
    return await word_about(payment, whom, short=True)


def may_be_short(me: Caller, whom: Ward) -> bool:
    """Whether `thiếu` can be asked for: only of somebody who was told the amount."""
    return may_hear_amount(whom.standing, level=me.level_for(whom), day=me.today) is None


async def word_about(payment: PaymentFacts, whom: Ward, *, short: bool) -> Command | None:
    """Ask for the word; a word that says money is missing is confirmed before it counts."""
    if short:
        word = await ask("receipt.word", one_of(WORDS), days=SURE_FOR)
    else:
        word = await ask("receipt.got", one_of(_GOT_OR_NOT), days=SURE_FOR)
    if word is not Word.FULL:
        sure = await ask(
            "receipt.sure",
            yes_no,
            shows=(payment.code, word),
            who=whom.name,
            what=Words(f"receipt.what.{word}"),
        )
        if not sure:
            return await farewell("receipt.no_change")
    return SayWord(payment.id, whom.beneficiary_id, word)
