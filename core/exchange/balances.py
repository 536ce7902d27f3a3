"""What a provider says that it holds (xác nhận số dư): held against the ledger before a close.

The balance is of everything the provider holds for the programme, whatever month it came from:
a bank knows no months. It may well be nothing.
"""

from typing import Final

from core.exchange.intake import Kind
from core.exchange.vouchers import kind_of
from core.ledger.closing import state_balance

KIND: Final[Kind] = kind_of("balances", "balance", state_balance, may_be_nothing=True)
