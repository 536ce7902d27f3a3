"""A refusal in words: states by their names, money with dots."""

import pytest

from core.ledger.facts import CycleState
from core.ledger.states import Money
from core.refusal_words import in_words, state_word
from core.refusals import Code, Refusal
from core.wording import LANGUAGES
from notifications.batches import BatchState


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (Refusal(Code.CYCLE_WRONG_STATE, {"state": "FROZEN"}), "đang ở bước “đã chốt”"),
        (Refusal(Code.BATCH_WRONG_STATE, {"state": "stopped"}), "“đã dừng hẳn”"),
        (
            Refusal(Code.PAYMENT_ILLEGAL_MOVE, {"state": "SETTLED", "event": "settled"}),
            "“đã chi”",
        ),
        (Refusal(Code.RESULT_WRONG_AMOUNT, {"ordered": 405000}), "(405.000 đồng)"),
        # As it is kept with its line.
        (Refusal(Code.RESULT_WRONG_AMOUNT, {"ordered": "405000"}), "(405.000 đồng)"),
        (Refusal(Code.AMOUNT_PARTS_DISAGREE, {"parts": 270000, "total": 280000}), "280.000"),
        (
            Refusal(
                Code.PROVIDER_NOT_FUNDED, {"provider": "post", "funded": 0, "approved": 35100000}
            ),
            "(0/35.100.000 đồng)",
        ),
        (Refusal(Code.BALANCE_DIFFERS, {"provider": "post", "cycle": "2021-04",
                                        "stated": 1000, "ours": -2000}), "-2.000 đồng"),
        (Refusal(Code.CYCLE_SUSPENSE, {"provider": "post", "cycle": "2021-04",
                                       "amount": 1000, "lines": "12, 14"}), "1.000 đồng"),
        (Refusal(Code.CYCLE_IN_TRANSIT, {"provider": "post", "cycle": "2021-04",
                                         "amount": 1000}), "1.000 đồng"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_refused_is_said_in_words(refusal: Refusal, told: str) -> None:
    what, _ = in_words(refusal, "vi")

    assert told in what


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", [*CycleState, *BatchState, *Money], ids=repr)
def test_every_state_has_a_name(state: CycleState | BatchState | Money, lang: str) -> None:
    kind = {CycleState: "cycle", BatchState: "batch", Money: "money"}[type(state)]

    assert state_word(kind, state, lang) != state
