"""Who is paid otherwise than last month, each with the lines of the lists that say so.

What does not live here: what counts as a change, and what explains it (`core/ledger/changes.py`).
"""

from collections.abc import Mapping, Sequence

from bot.cli.session import Session
from bot.moves import commune_name
from core.calendar import Cycle
from core.ledger.changes import Difference, Share
from core.ledger.comparison import Comparison
from core.money import dotted
from core.store.imports import TakenIn


def tell_everybody(session: Session, against: Comparison, files: Sequence[TakenIn]) -> None:
    """One line for each person; whom the lists do not explain is told as such."""
    month = Cycle.parse(against.cycle)
    names = {one.source: one.name or one.source for one in files}
    session.say("cycle.changes", heads=len(against.differences))
    for one in against.differences:
        session.say(
            "cycle.change",
            code=one.code,
            commune=commune_name(session.parts, month, one.commune),
            changes=", ".join(session.words(f"change.{kind}") for kind in one.changes),
            before=dotted(one.before.monthly if one.before else 0),
            now=_sums(session, one.now),
            lines="; ".join(_lines(session, one, names)) or session.words("change.no_line"),
        )


def _sums(session: Session, now: Share | None) -> str:
    if now is None or not now.arrears:
        return dotted(now.monthly if now else 0)
    return session.words(
        "change.with_arrears", monthly=dotted(now.monthly), arrears=dotted(now.arrears)
    )


def _lines(session: Session, one: Difference, names: Mapping[str, str]) -> list[str]:
    """The pay list's line first, as it is what is paid; then the lines that explain it."""
    source, _, line = one.pay_line.rpartition(":")
    found = [("listed", source, line)] if one.pay_line else []
    found += [(note.type.value, note.file, str(note.line)) for note in one.notes]
    return [
        session.words(f"change.line.{kind}", line=line, file=names.get(file, file))
        for kind, file, line in found
    ]
