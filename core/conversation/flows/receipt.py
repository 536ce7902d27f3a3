"""What the person says about a payment: all there, short, not there."""

from collections.abc import Sequence
from dataclasses import replace

from core.conversation.ask import SURE_FOR, Command, Go, ask, farewell, look, say
from core.conversation.caller import Caller
from core.conversation.commands import SayWord
from core.conversation.flows.arrival_words import month_of
from core.conversation.flows.queries import LastPaid, PaymentCoded
from core.conversation.heard import Heard
from core.conversation.parsers import Asked, Option, Parser, one_of, ward, yes_no
from core.conversation.sentences import Words
from core.ledger.facts import PaymentFacts
from core.ledger.receipt import Word
from core.ledger.states import Receipt
from core.people import Ward, may_answer_receipt, may_hear_amount

WORDS = (
    Option("full", Word.FULL, words=("du", "du roi", "nhan du", "da nhan", "da nhan du", "co roi")),
    Option("short", Word.SHORT, words=("thieu", "nhan thieu", "con thieu")),
    Option(
        "not_received",
        Word.NOT_RECEIVED,
        words=("chua", "chua nhan", "chua nhan duoc", "khong nhan duoc", "chua co"),
    ),
)
# `chưa` after a verb asks whether it happened (tiền về chưa); before one it says that it did not.
_ASKS_WHETHER = frozenset("ve co toi den vo vao nhay chuyen nhan duoc lanh linh phat tra".split())
# A receipt is asked for while people still remember: later words open a case all the same.
ASKED_WITHIN_DAYS = 45
_GOT_OR_NOT = tuple(option for option in WORDS if option.value is not Word.SHORT)


def a_word(options: Sequence[Option[Word]]) -> Parser[Word]:
    """One of these words; somebody who asks whether the money came has not said that it did not."""
    chosen = one_of(options)

    def settle(heard: Heard, asked: Asked) -> str | None:
        return None if asks_whether(heard) else chosen.settle(heard, asked)

    return replace(chosen, settle=settle)


def asks_whether(heard: Heard) -> bool:
    """Whether the message asks if something has come: `tiền tháng ni về chưa rứa`."""
    words = list(heard.text.words)
    while words and words[-1] in _AFTER | {"vay", "rua", "the", "ha", "hi", "ri"}:
        words.pop()
    return len(words) > 1 and words[-1] == "chua" and words[-2] in _ASKS_WHETHER


# What people write of their own accord once the money is there, or less of it; folded.
_FULL_OF_ONES_OWN = (
    "nhan du|nhan du roi|da nhan du|da nhan du roi|du roi|nhan roi|da nhan|da nhan roi|"
    "nhan tien roi|da nhan tien|da nhan tien roi|nhan du tien roi|da nhan du tien|"
    "nhan duoc roi|nhan duoc tien roi|da nhan duoc tien|da nhan duoc tien roi|"
    "tien ve roi|tien ve du roi|co tien roi|lanh roi|lanh du roi|linh roi|linh du roi"
)
_SHORT_OF_ONES_OWN = (
    "thieu roi|nhan thieu|nhan thieu roi|thieu tien|thieu tien roi|bi thieu|bi thieu tien|"
    "con thieu|nhan khong du|khong du|chua du|nhan chua du|lanh thieu|linh thieu"
)
_OF_ONES_OWN = dict.fromkeys(_FULL_OF_ONES_OWN.split("|"), Word.FULL)
_OF_ONES_OWN |= dict.fromkeys(_SHORT_OF_ONES_OWN.split("|"), Word.SHORT)
_BEFORE = frozenset("a u da thua toi tui em con chau me ba o mu".split())
_AFTER = frozenset("a nhe nha nghe em con chau oi hi".split())
_SAID_ALREADY = {Word.FULL: Receipt.CONFIRMED_FULL, Word.SHORT: Receipt.SHORT}


def said_of_ones_own(heard: Heard) -> Word | None:
    """The word that somebody gives though nothing asks for it: `nhận đủ rồi`, `thiếu rồi ạ`."""
    if "?" in heard.line:
        return None
    words = list(heard.text.words)
    while words and words[0] in _BEFORE and " ".join(words) not in _OF_ONES_OWN:
        words.pop(0)
    while words and words[-1] in _AFTER and " ".join(words) not in _OF_ONES_OWN:
        words.pop()
    return _OF_ONES_OWN.get(" ".join(words))


async def unasked_word(me: Caller) -> Command | None:
    """`Nhận đủ rồi`, though nothing was asked: of which payment? The subject is the word."""
    word = Word(me.subject)
    if not me.wards:
        await say("link.first")
        return Go("link")
    own = [one for one in me.wards if _may_answer(me, one)]
    if not own:
        return Go("check_arrival")
    whom = own[0] if len(own) == 1 else await _whom(me, own)
    payment = await look(LastPaid(whom.beneficiary_id))
    if payment is None or not _is_remembered(me, payment):
        return Go("check_arrival")
    if word is Word.SHORT and not may_be_short(me, whom):
        return Go("check_arrival")
    month, facts = month_of(payment), payment.event_ids
    if payment.receipt is _SAID_ALREADY[word]:
        said = f"receipt.already_{word}"
        return await farewell(said, facts, who=whom.name, month=month)
    sure = await ask(
        "receipt.meant",
        yes_no,
        shows=(payment.code, word),
        who=whom.name,
        month=month,
        what=Words(f"receipt.what.{word}"),
    )
    if not sure:
        return await farewell("receipt.no_change")
    return SayWord(payment.id, whom.beneficiary_id, word)


async def _whom(me: Caller, own: Sequence[Ward]) -> Ward:
    whom: Ward = await ask("receipt.whom", ward(own, spoken_of=me.about))
    return whom


def _may_answer(me: Caller, whom: Ward) -> bool:
    may = may_answer_receipt(whom.standing, level=me.level_for(whom), day=me.today)
    return may is None and not whom.is_frozen


def _is_remembered(me: Caller, payment: PaymentFacts) -> bool:
    paid = payment.effective_on
    return paid is not None and (me.today - paid).days <= ASKED_WITHIN_DAYS


async def answer_notice(me: Caller) -> Command | None:
    """The answer to `1 đủ 2 thiếu 3 chưa nhận` of a notice; the subject is the payment's code."""
    payment = await look(PaymentCoded(me.subject))
    whom = next(
        (w for w in me.wards if payment is not None and w.beneficiary_id == payment.beneficiary_id),
        None,
    )
    if payment is None or whom is None:
        return await farewell("receipt.no_payment")
    if whom.is_frozen:
        return Go("check_arrival")
    return await word_about(payment, whom, short=True)


def may_be_short(me: Caller, whom: Ward) -> bool:
    """Whether `thiếu` can be asked for: only of somebody who was told the amount."""
    return may_hear_amount(whom.standing, level=me.level_for(whom), day=me.today) is None


async def word_about(payment: PaymentFacts, whom: Ward, *, short: bool) -> Command | None:
    """Ask for the word; a word that says money is missing is confirmed before it counts."""
    if short:
        word = await ask("receipt.word", a_word(WORDS), days=SURE_FOR)
    else:
        word = await ask("receipt.got", a_word(_GOT_OR_NOT), days=SURE_FOR)
    if word is not Word.FULL:
        sure = await ask(
            "receipt.sure",
            yes_no,
            shows=(payment.code, word),
            who=whom.name,
            month=month_of(payment),
            what=Words(f"receipt.what.{word}"),
        )
        if not sure:
            return await farewell("receipt.no_change")
    return SayWord(payment.id, whom.beneficiary_id, word)
