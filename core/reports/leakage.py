"""Leakage (thất thoát): where many people say that the money did not come, or not all of it.

One denial is a case; a cluster at one paying agent in one commune is an alarm. Silence counts
neither way, and an alarm stops nobody's money: it tells an officer where to look.
Source: docs/decisions/0141.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.ledger.events import EventType
from core.store.reports import Heard
from core.terms import Programme

# Of a normal distribution: a rate is as low as this in one of forty cases.
_SURE: Final = 1.96

_DENIALS: Final = {EventType.SAID_SHORT: "short", EventType.SAID_NOT_RECEIVED: "not_received"}


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on it is an alarm: programme data.

    Of fewer than `least_answers` nothing is concluded. `tolerated` is the share of denials that
    mistakes and late texts explain; an alarm is surely above it.
    """

    least_answers: int
    tolerated: float


@dataclass(frozen=True, slots=True)
class Agent:
    """What people said of one paying agent in a commune. `agent`: a pay point, or the method."""

    provider: str
    agent: str
    commune: str
    answered: int
    short: int
    not_received: int
    limits: Limits

    @property
    def denied(self) -> int:
        """How many said that something is missing."""
        return self.short + self.not_received

    @property
    def rate(self) -> float | None:
        """The share of those who answered; None while too few did."""
        is_enough = self.answered >= self.limits.least_answers
        return self.denied / self.answered if is_enough else None

    @property
    def is_alarm(self) -> bool:
        """Whether an officer should look: chance alone would hardly give so many denials."""
        surely = surely_at_least(self.denied, self.answered)
        return self.rate is not None and surely > self.limits.tolerated


def limits_of(programme: Programme) -> Limits:
    """What the programme says about alarms."""
    settings = programme.settings
    return Limits(settings.leakage_least_answers, settings.leakage_tolerated_percent / 100)


def surely_at_least(part: int, whole: int) -> float:
    """The lower bound of a share, at 95 % confidence both sides (Wilson's interval)."""
    if whole == 0:
        return 0.0
    rate, square = part / whole, _SURE**2
    spread = _SURE * math.sqrt(rate * (1 - rate) / whole + square / (4 * whole**2))
    return max(0.0, (rate + square / (2 * whole) - spread) / (1 + square / whole))


def agents(heard: Iterable[Heard], limits: Limits) -> list[Agent]:
    """Every agent about whom somebody said something: alarms first, then the highest rates."""
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in heard:
        key = (one.provider, one.agent, one.commune)
        row = sums.setdefault(key, {"answered": 0, "short": 0, "not_received": 0})
        row["answered"] += one.heads
        name = _DENIALS.get(one.word)
        if name is not None:
            row[name] += one.heads
    return sorted(
        (
            Agent(*key, row["answered"], row["short"], row["not_received"], limits)
            for key, row in sums.items()
        ),
        key=_worst_first,
    )


def _worst_first(one: Agent) -> tuple[bool, float, int, tuple[str, str, str]]:
    place = (one.provider, one.agent, one.commune)
    return (not one.is_alarm, -(one.rate or 0.0), -one.denied, place)
