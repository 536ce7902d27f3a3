"""What the Treasury is asked for (bảng tổng hợp): heads and sums by provider, commune and method.

It is what was approved, so that it ties with what each provider must be sent; what a provider kept
for payments that are issued again is taken off. Money: whole đồng.
Source: the plan, IV.5; docs/decisions/0116.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core import wording
from core.calendar import Cycle
from core.exchange.layouts import Layout
from core.exchange.printed import workbook
from core.labels import provider_name
from core.offers import receiving_account
from core.places import with_code
from core.store.chain import last_block
from core.store.engine import Tx
from core.store.summaries import ApprovedPart, ApprovedPeople, approved_parts, approved_people
from core.terms import Method, Programme, Provider

_SUMMED: Final = ("heads", "amount", "arrears", "carried", "requested")
_SIGNERS: Final = ("office", "treasury")


@dataclass(frozen=True, slots=True)
class Summary:
    """The request of one month. `rows`: one for each provider and commune; `head`: of the chain."""

    cycle: Cycle
    rows: Sequence[Mapping[str, str | int]]
    people: ApprovedPeople
    head: str | None

    @property
    def requested(self) -> int:
        """What all providers must be sent. Money: whole đồng."""
        return sum(int(row["requested"]) for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The request for machines: each provider's sums."""
        sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMMED, 0))
        for row in self.rows:
            for name in _SUMMED:
                sums[str(row["provider_code"])][name] += int(row[name])
        return {
            "cycle": str(self.cycle),
            "head": self.head,
            "requested": self.requested,
            "people": self.people.all,
            "providers": [
                {"provider": name, "people": self.people.of[name], **one}
                for name, one in sums.items()
            ],
        }


def summary_of(tx: Tx, programme: Programme, cycle: Cycle) -> Summary:
    """What was approved in a month, by provider and commune, in their order."""
    parts = approved_parts(tx, programme.tenant, str(cycle))
    places: dict[tuple[str, str], list[ApprovedPart]] = defaultdict(list)
    for part in parts:
        places[part.provider, part.commune].append(part)
    people = approved_people(tx, programme.tenant, str(cycle))
    block = last_block(tx)
    return Summary(
        cycle,
        [
            _row(
                provider,
                _commune(programme, commune, cycle),
                _account(programme, Provider(provider), cycle),
                found,
            )
            | {"people": people.at[provider, commune]}
            for (provider, commune), found in sorted(places.items())
        ],
        people,
        block.hash if block is not None else None,
    )


def file_of(summary: Summary, layout: Layout, lang: str) -> bytes:
    """The request as a spreadsheet, with the head of the chain and places to sign."""
    head = f"{_said('head', lang)}: {summary.head or '-'}"
    signers = "          ".join(_said(name, lang) for name in _SIGNERS)
    people = _said("people", lang) + f": {summary.people.all}"
    return workbook(layout, summary.cycle, summary.rows, below=(people, head, "", signers))


def _row(
    provider: str, commune: str, account: str, parts: Iterable[ApprovedPart]
) -> dict[str, str | int]:
    row: dict[str, str | int] = {
        "provider_code": provider,
        "provider": provider_name(Provider(provider)),
        "commune": commune,
        "receiving_account": account,
    }
    sums: dict[str, int] = dict.fromkeys(_SUMMED, 0)
    for method in Method:
        sums |= {f"{method}_heads": 0, f"{method}_amount": 0}
    for part in parts:
        sums[f"{part.method}_heads"] += part.heads
        sums[f"{part.method}_amount"] += part.amount
        sums["heads"] += part.heads
        sums["amount"] += part.amount
        sums["arrears"] += part.arrears
        sums["carried"] += part.carried
    return row | sums | {"requested": sums["amount"] - sums["carried"]}


def _account(programme: Programme, provider: Provider, cycle: Cycle) -> str:
    """A provider's account as it is written; a number that was invented says so of itself."""
    found = receiving_account(programme, provider, cycle.first_day)
    if found is None:
        return ""
    written = f"{found.account} - {found.bank}"
    return f"{written} ({_said('sample', 'vi')})" if found.sample else written


def _commune(programme: Programme, code: str, cycle: Cycle) -> str:
    found = with_code(programme, code, cycle.first_day)
    return found.full_name if found is not None else code


def _said(name: str, lang: str) -> str:
    return wording.text(f"minutes.{name}", lang, "cli")
