"""Refusals in words: what is wrong, and how to mend it.

States are said by their names in the reader's language (docs/glossary.md), money with dots. What
does not live here: the sentences (`locales/<lang>/refusals.po`), and what citizens are told.
"""

from collections.abc import Mapping
from typing import Final

from core import wording
from core.money import dotted
from core.refusals import Code, Refusal

_STATES: Final[Mapping[Code, str]] = {
    Code.CYCLE_WRONG_STATE: "cycle",
    Code.BATCH_WRONG_STATE: "batch",
    Code.PAYMENT_ILLEGAL_MOVE: "money",
    Code.RECOVERY_NOT_PAID: "money",
    Code.OPENING_WRONG_STATE: "opening",
    Code.METHOD_WRONG_STATE: "method",
    Code.DELIVERY_WRONG_STATE: "delivery",
    Code.DELIVERY_ASKED_ALREADY: "delivery",
}
_MONEY: Final[Mapping[Code, tuple[str, ...]]] = {
    Code.AMOUNT_PARTS_DISAGREE: ("parts", "total"),
    Code.RESULT_WRONG_AMOUNT: ("ordered",),
    Code.PROVIDER_NOT_FUNDED: ("funded", "approved"),
    Code.CYCLE_IN_TRANSIT: ("amount",),
    Code.CYCLE_SUSPENSE: ("amount",),
    Code.RECOVERY_TOO_MUCH: ("left",),
    Code.BALANCE_DIFFERS: ("stated", "ours"),
}


def in_words(refusal: Refusal, lang: str) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    details = dict(refusal.details)
    kind = _STATES.get(refusal.code)
    if kind is not None:
        details["state"] = state_word(kind, str(details["state"]), lang)
    for name in _MONEY.get(refusal.code, ()):
        # Details that were kept with a line come back as texts.
        details[name] = dotted(int(details[name]))
    return (
        wording.text(f"refusal.{refusal.code}", lang, "refusals", **details),
        wording.text(f"mend.{refusal.code}", lang, "refusals", **details),
    )


def state_word(kind: str, state: str, lang: str) -> str:
    """The name of a state of a cycle, a batch, money, receipt, an opening; otherwise its own."""
    key = f"state.{kind}.{state.lower()}"
    return wording.text(key, lang, "refusals") if wording.has(key, lang, "refusals") else state
