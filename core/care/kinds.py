"""Kinds of case (việc cần cán bộ): how fast each must be taken up.

What does not live here: the life of a case (`life.py`), working hours (`core/working_hours.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class CaseKind(StrEnum):
    """Why a person is needed."""

    FRAUD = "fraud"
    DISPUTE = "dispute"
    OFFICER = "officer"
    QUESTION = "question"
    COMPLAINT = "complaint"
    DEATH = "death"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Pace:
    """How urgent a kind is (L, M, H), and the working time in which it is answered."""

    risk: str
    hours: int = 0
    days: int = 0


# Source: decision 0091; a province sets its own figures by changing this table with a release.
PACE: Final[Mapping[CaseKind, Pace]] = MappingProxyType(
    {
        CaseKind.FRAUD: Pace("H", hours=2),
        CaseKind.DISPUTE: Pace("H", days=1),
        CaseKind.UNANSWERED: Pace("M", hours=4),
        CaseKind.OFFICER: Pace("M", days=1),
        CaseKind.DEATH: Pace("M", days=1),
        CaseKind.QUESTION: Pace("L", days=2),
        CaseKind.COMPLAINT: Pace("M", days=2),
    }
)
