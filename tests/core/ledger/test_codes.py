"""Transaction codes and natural keys."""

import pytest

from core.calendar import BadCycle, Cycle
from core.ledger.codes import Kind, numbered, payment_code, source


def test_a_transaction_code_is_a_pure_function_of_what_is_paid() -> None:
    assert payment_code("2021-04", "HT000123", Kind.MONTHLY, 1) == "2104-HT000123-M-1"
    assert payment_code(Cycle(2021, 12), "PL000045", "A", 2) == "2112-PL000045-A-2"
    with pytest.raises(BadCycle):
        payment_code("2021-13", "HT000123", Kind.MONTHLY, 1)


def test_two_equal_rows_stay_two() -> None:
    assert numbered(["a", "b", "a", "a"]) == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]
    assert source("results", "a", 2) == "results:a:2"
