"""Whether everybody in every paid area has a way to be paid, and a place to collect."""

from collections.abc import Iterable, Iterator

from core.programme_files.problems import Kind, Problem
from core.programme_files.sheets import Row
from core.programme_files.spans import common, from_day, gaps, in_days, overlaps
from core.programme_files.tables import Tables
from core.terms import Area, Commune, Desk, Method, Offer, PayPoint, Span

# The plan, III.1.b and III.6: cash for who has no account, and at home for who cannot come.
_ALWAYS = (Method.CASH, Method.HOME)


def offers(tables: Tables) -> Iterator[Problem]:
    """An area has one provider for a method on a day, and belongs to the programme."""
    yield from overlaps(tables.offers, lambda offer: (offer.area, offer.method), "method")
    for row, offer in tables.offers:
        known = [area for _, area in tables.areas if area.code == offer.area]
        if not known:
            values = {"value": offer.area, "days": in_days(offer.valid)}
            yield Problem(row.file, row.line, "area", Kind.UNKNOWN_AREA, values)
        elif not any(area.paid and area.valid.meets(offer.valid) for area in known):
            values = {"value": offer.area}
            yield Problem(row.file, row.line, "area", Kind.OFFER_IN_UNPAID_AREA, values)


def missing_offers(tables: Tables) -> Iterator[Problem]:
    """Cash and home are offered in every paid area on every day from the first cycle on."""
    for area, span in _paid(tables):
        for method in _ALWAYS:
            same = _same(tables.offers, area.code, method)
            for gap in gaps(span, [offer.valid for _, offer in same]):
                line = max((row.line for row, _ in same), default=0)
                values = {"area": area.full_name, "method": str(method), "days": in_days(gap)}
                yield Problem("offers.csv", line, "method", Kind.OFFER_MISSING, values)


def pay_points(tables: Tables) -> Iterator[Problem]:
    """A pay point has a code of its own, serves a place that exists, for a provider that pays."""
    yield from overlaps(tables.pay_points, lambda point: point.code, "code")
    for row, point in tables.pay_points:
        lives = [(c.area, c.valid) for _, c in tables.communes if c.code == point.serves]
        lives += [(a.code, a.valid) for _, a in tables.areas if a.code == point.serves]
        for gap in gaps(point.valid, [span for _, span in lives]):
            values = {"value": point.serves, "days": in_days(gap)}
            yield Problem(row.file, row.line, "serves", Kind.UNKNOWN_PLACE, values)
            break
        else:
            yield from _not_offered(tables, row, point, lives)


def _not_offered(
    tables: Tables, row: Row, point: PayPoint, lives: Iterable[tuple[str, Span]]
) -> Iterator[Problem]:
    for area, life in lives:
        span = common(life, point.valid)
        theirs = [
            o.valid
            for _, o in tables.offers
            if (o.area, o.provider) == (area, point.provider)
            and (point.desk is not Desk.COMMUNE_DAY or o.method is Method.CASH)
        ]
        for gap in gaps(span, theirs) if span else ():
            values = {"provider": str(point.provider), "area": area, "days": in_days(gap)}
            yield Problem(row.file, row.line, "provider", Kind.PAY_POINT_WITHOUT_OFFER, values)
            return


def receiving_accounts(tables: Tables) -> Iterator[Problem]:
    """A provider has one account on a day."""
    return overlaps(tables.receiving_accounts, lambda one: one.provider, "provider")


def missing_pay_points(tables: Tables) -> Iterator[Problem]:
    """Every paid commune has a place for cash from its cash provider, on every day."""
    paid = list(_paid(tables))
    for _, commune in tables.communes:
        for area, span in paid:
            if area.code == commune.area:
                yield from _commune_without_point(tables, commune, span)


def _commune_without_point(tables: Tables, commune: Commune, span: Span) -> Iterator[Problem]:
    for _, offer in _same(tables.offers, commune.area, Method.CASH):
        over = common(commune.valid, span)
        over = common(over, offer.valid) if over else None
        own = [
            point.valid
            for _, point in tables.pay_points
            if (point.serves, point.provider) == (commune.code, offer.provider)
            and point.desk is Desk.COMMUNE_DAY
        ]
        for gap in gaps(over, own) if over else ():
            line = _last_line(tables.pay_points, commune.code)
            values = {
                "commune": f"{commune.full_name} ({commune.code})",
                "provider": str(offer.provider),
                "days": in_days(gap),
            }
            yield Problem("pay_points.csv", line, "serves", Kind.PAY_POINT_MISSING, values)


def _paid(tables: Tables) -> Iterator[tuple[Area, Span]]:
    began = from_day(tables.settings.first_cycle.first_day)
    for _, area in tables.areas:
        span = common(area.valid, began)
        if area.paid and span:
            yield area, span


def _same(rows: Iterable[tuple[Row, Offer]], area: str, method: Method) -> list[tuple[Row, Offer]]:
    return [(row, offer) for row, offer in rows if (offer.area, offer.method) == (area, method)]


def _last_line(rows: Iterable[tuple[Row, PayPoint]], serves: str) -> int:
    return max((row.line for row, point in rows if point.serves == serves), default=0)
