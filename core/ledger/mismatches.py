"""Whether what somebody says of a payment is about the payment that was ordered."""

from core.ledger.facts import PaymentFacts
from core.refusals import Code, Refusal


def mismatch(payment: PaymentFacts, cycle: str, provider: str, amount: int) -> Refusal | None:
    """What does not fit; None where month, provider and amount (whole đồng) are the payment's own.

    Refuses: RESULT_WRONG_CYCLE, RESULT_WRONG_PROVIDER, RESULT_WRONG_AMOUNT.
    """
    if payment.cycle != cycle:
        return Refusal(Code.RESULT_WRONG_CYCLE, {"cycle": payment.cycle})
    if payment.provider != provider:
        return Refusal(Code.RESULT_WRONG_PROVIDER)
    if payment.amount != amount:
        return Refusal(Code.RESULT_WRONG_AMOUNT, {"ordered": payment.amount})
    return None
