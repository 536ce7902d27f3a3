"""What of a person's numbers and secrets may be seen, and by whom.

Masks are for people who may know that a number exists, not the number. Hiding is for free text:
what people type by mistake (a PIN, a card number) is replaced before it is stored, and everything
that names a person before it is logged.
Source: design rule on secrets in text; Decree 13/2023/ND-CP on personal data.

What does not live here: which words and digits are what (`core/shapes.py`), encryption at rest
(`core/store/sealing.py`), the short form of a name (`core/names.py`).
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping
from datetime import date
from typing import Any, Final

from core.shapes import Finding, Shape, findings

HIDDEN: Final = "••••"
_STARS: Final = "****"
_ENDING: Final = 4
_SHORT: Final = 8
_PHONE: Final = 10
# What design forbids to keep at all; the rest is encrypted where it is stored.
_NEVER_STORED: Final = frozenset({Shape.SECRET, Shape.CODE, Shape.CARD})
_NEVER_LOGGED: Final = frozenset(
    "account address authorization body citizen_id cookie holder otp password person_name phone "
    "pin raw secret text token".split()
)
# Formatted by a processor of its own, before this one.
_NOT_TEXT: Final = frozenset({"exc_info", "timestamp"})


def masked_account(number: str) -> str:
    """For screens: `•••• 4567`, and less of a short number."""
    return f"{HIDDEN} {_ending(number)}".rstrip()


def masked_account_sms(number: str) -> str:
    """In the alphabet of SMS: `****4567`."""
    return f"{_STARS}{_ending(number)}"


def masked_phone(number: str) -> str:
    """`09****678`, in the alphabet of SMS. A wallet is masked as the phone number it is."""
    return f"{number[:2]}{_STARS}{number[-3:]}" if len(number) >= _PHONE else _STARS


def masked_citizen_id(number: str) -> str:
    """The last three digits: `•••• 123`."""
    return f"{HIDDEN} {number[-3:]}" if len(number) >= _SHORT else HIDDEN


def scrub(text: str, *, keep: Collection[Shape] = ()) -> str:
    """`text` for a log: secrets, cards, accounts, phones and identity numbers hidden.

    A number that may be of a kept shape stays.
    """
    return _without(text, findings(text), keep)


def storable(text: str, *, asked: Collection[Shape] = ()) -> str:
    """`text` as it may be stored: PIN, password, one-time code and card number hidden.

    `asked`: the shapes that the answer to the pending question may have; those stay. A message
    that is nothing but four to six digits is taken for a code, unless it is a year or ends in
    thousands.
    """
    unwanted = (finding for finding in findings(text) if finding.shape in _NEVER_STORED)
    return _without(text, unwanted, asked)


def scrub_event(
    _logger: object, _method: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: what reaches a log names nobody and opens nothing.

    Stands after the formatting of exceptions, so that tracebacks pass through it too.
    """
    for key, value in event_dict.items():
        event_dict[key] = value if key in _NOT_TEXT else _logged(key, value)
    return event_dict


def _ending(number: str) -> str:
    """The last four; of a number shorter than eight at most half."""
    shown = min(_ENDING, len(number) // 2)
    return number[-shown:] if shown else ""


def _without(text: str, found: Iterable[Finding], keep: Collection[Shape]) -> str:
    hidden = [finding for finding in found if finding.possible.isdisjoint(keep)]
    written, here = [], 0
    for finding in sorted(hidden, key=lambda one: (one.start, -one.end)):
        if finding.start >= here:
            written += [text[here : finding.start], HIDDEN]
        here = max(here, finding.end)
    return "".join([*written, text[here:]])


def _logged(key: str, value: object) -> object:
    if key.casefold() in _NEVER_LOGGED and value is not None:
        return HIDDEN
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return scrub(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {scrub(str(name)): _logged(str(name), inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_logged(key, inner) for inner in value]
        case _:
            # The renderer would print it after this processor is done.
            return scrub(repr(value))
