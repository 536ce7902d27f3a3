"""References of cases: seven digits and a check digit, short enough to be read aloud."""

import secrets
from typing import Final

_LOWEST: Final = 1_000_000
_DIGITS: Final = 8


def new_reference() -> str:
    """A reference that nobody can guess from another one: `48271636`."""
    number = _LOWEST + secrets.randbelow(9 * _LOWEST)
    return f"{number}{check_digit(str(number))}"


def spoken(reference: str) -> str:
    """The reference as it is read aloud: `4827 1636`."""
    return f"{reference[:4]} {reference[4:]}"


def reference_in(text: str) -> str | None:
    """The reference that somebody typed, in groups or not; None when a digit is wrong."""
    digits = "".join(text.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def check_digit(digits: str) -> str:
    """Luhn's check digit: it finds every wrong digit and nearly every swapped pair."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004  digits
    return str(-total % 10)
