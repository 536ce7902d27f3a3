"""References of cases: six digits with a check digit, short enough to be read aloud."""

import secrets
from typing import Final

_LOWEST: Final = 10_000
_DIGITS: Final = 6


def new_reference() -> str:
    """A reference that nobody can guess from another one: `482716`."""
    number = _LOWEST + secrets.randbelow(9 * _LOWEST)
    return f"{number}{check_digit(str(number))}"


def spoken(reference: str) -> str:
    """The reference as it is read aloud: `482 716`."""
    return f"{reference[:3]} {reference[3:]}"


def reference_in(text: str) -> str | None:
    """The reference in what somebody typed; None when a digit must have been misheard."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    if len(digits) != _DIGITS or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits


def check_digit(digits: str) -> str:
    """Luhn's check digit: it finds every wrong digit and nearly every swapped pair."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004  digits
    return str(-total % 10)
