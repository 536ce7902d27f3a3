"""The Treasury's advices: how much money a provider was sent for a cycle (giấy báo chuyển tiền)."""

from typing import Final

from core.exchange.intake import Kind
from core.exchange.vouchers import kind_of
from core.ledger.cycles import fund

KIND: Final[Kind] = kind_of("funding", "funding", fund)
