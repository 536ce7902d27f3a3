"""The tables that both reports have: failures, complaints, paying agents, obstacles."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from core.care.kinds import CaseKind
from core.labels import failure_name, method_name, provider_name
from core.reports.figures import Figures, reasons_of
from core.reports.leakage import Agent
from core.reports.places import in_order, place_of
from core.reports.tables import Cell, Chart, Column, Kind, Level, Row, Table, by_area, headed, said
from core.store.reports import CaseCount, Part
from core.terms import Method, Programme, Provider

# What a report calls complaints: whoever only asks something has none.
COMPLAINTS: Final = (CaseKind.COMPLAINT, CaseKind.DISPUTE, CaseKind.FRAUD)


def failures_table(programme: Programme, parts: Sequence[Part], day: date, lang: str) -> Table:
    """Why money came back: communes down, codes of the catalogue across."""
    codes = list(reasons_of(parts))
    lines = []
    for place in in_order(programme, {one.commune for one in parts}, day):
        mine = reasons_of(one for one in parts if one.commune == place.code)
        if mine:
            lines.append((place.area, place.area_name, (place.name,), mine))

    def sums(rows: Iterable[Mapping[str, int]]) -> list[Cell]:
        found = list(rows)
        counted = [sum(row.get(code, 0) for row in found) for code in codes]
        return [sum(counted), *counted]

    rows = by_area(lines, sums, lang, blank=1)
    named = headed(lang, "commune", kind=Kind.TEXT) + headed(lang, "failed")
    titles = [Column(failure_name(code, lang), Kind.COUNT) for code in codes]
    chart = Chart(said("failures", lang), "column", (len(rows) - 1,), 2, 1 + len(codes))
    return Table(
        "failures",
        said("failures", lang),
        (*named, *titles),
        tuple(rows),
        charts=(chart,) if codes else (),
    )


def complaints_table(
    programme: Programme, cases: Sequence[CaseCount], day: date, lang: str
) -> Table:
    """Complaints by commune and kind: opened, and still open."""
    lines = []
    for place in in_order(programme, {one.commune or "" for one in cases}, day):
        mine = [one for one in cases if (one.commune or "") == place.code]
        name = place.name or said("no_place", lang)
        lines.append((place.area, place.area_name or said("no_place", lang), (name,), mine))

    def sums(rows: Iterable[Sequence[CaseCount]]) -> list[Cell]:
        found = [one for row in rows for one in row]
        return [
            count
            for kind in COMPLAINTS
            for mine in [[one for one in found if one.kind == kind]]
            for count in (sum(one.heads for one in mine), sum(one.still_open for one in mine))
        ]

    names = [f"{kind}{ending}" for kind in COMPLAINTS for ending in ("", "_open")]
    columns = headed(lang, "commune", kind=Kind.TEXT) + headed(lang, *names)
    rows = by_area(lines, sums, lang, blank=1)
    return Table("complaints", said("complaints", lang), tuple(columns), tuple(rows))


def agents_table(programme: Programme, found: Sequence[Agent], day: date, lang: str) -> Table:
    """What people said of each paying agent; a rate is given of enough answers only."""
    rows = [
        Row(
            (
                provider_name(Provider(one.provider), lang),
                agent_name(programme, one.agent, lang),
                place_of(programme, one.commune, day).name,
                *(one.answered, one.short, one.not_received, one.rate),
                said("alarm", lang) if one.is_alarm else "",
            )
        )
        for one in found
    ]
    columns = (
        *headed(lang, "provider", "agent", "commune", kind=Kind.TEXT),
        *headed(lang, "answered", "short", "not_received"),
        *headed(lang, "denied_share", kind=Kind.SHARE),
        *headed(lang, "alarm", kind=Kind.TEXT),
    )
    note = said("agents_note", lang, least=programme.settings.leakage_least_answers)
    return Table("agents", said("agents", lang), columns, tuple(rows), note=note)


def obstacles_table(
    programme: Programme,
    counted: Mapping[tuple[str, str | None], Figures],
    found: Sequence[Agent],
    suspense: Mapping[str, int],
    *,
    day: date,
    lang: str,
) -> Table:
    """What stands in the way and can be read from the ledger, and room for what cannot.

    `counted`: by (commune, provider); `suspense`: đồng that no payment explains, by provider.
    """
    rows: list[Row] = []
    for place in in_order(programme, {commune for commune, _ in counted}, day):
        for (commune, provider), one in counted.items():
            if commune == place.code:
                rows += _hindered(place.name, provider_words(provider, lang), one, lang)
    for agent in found:
        if agent.is_alarm:
            where = place_of(programme, agent.commune, day).name
            by = provider_name(Provider(agent.provider), lang)
            rows.append(Row((said("obstacle.leakage", lang), where, by, agent.denied, None)))
    for provider, amount in sorted(suspense.items()):
        by = provider_name(Provider(provider), lang)
        rows.append(Row((said("obstacle.suspense", lang), "", by, None, amount)))
    if not rows:
        rows.append(Row((said("no_obstacle", lang), "", "", None, None)))
    rows += [Row((said("obstacle.own", lang), "", "", None, None), Level.AREA)] * 2
    rows += [Row((said("obstacle.wish", lang), "", "", None, None), Level.AREA)] * 2
    columns = (
        *headed(lang, "obstacle", "commune", "provider", kind=Kind.TEXT),
        *headed(lang, "heads"),
        *headed(lang, "amount", kind=Kind.MONEY),
    )
    return Table("obstacles", said("obstacles", lang), columns, tuple(rows))


def _hindered(place: str, provider: str, one: Figures, lang: str) -> list[Row]:
    found = (
        ("unsent", one.unsent, one.unsent_amount),
        ("unreported", one.unreported, one.unreported_amount),
        ("uncollected", one.uncollected, one.uncollected_amount),
        ("came_back", one.came_back, one.came_back_amount),
    )
    return [
        Row((said(f"obstacle.{name}", lang), place, provider, heads, amount))
        for name, heads, amount in found
        if heads
    ]


def provider_words(provider: str | None, lang: str) -> str:
    """A provider's name; who has none yet is said to have none."""
    return (
        said("no_provider", lang) if provider is None else provider_name(Provider(provider), lang)
    )


def method_words(method: str | None, lang: str) -> str:
    """A method's name; who has none yet is said to have none."""
    return said("no_method", lang) if method is None else method_name(Method(method), lang)


def agent_name(programme: Programme, agent: str, lang: str) -> str:
    """A pay point by its name; where the provider pays without one, the method."""
    point = next((one for one in programme.pay_points if one.code == agent), None)
    if point is not None:
        return point.name
    return method_name(Method(agent), lang) if agent in set(Method) else agent
