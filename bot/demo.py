"""Making the demo: a small district on its pay day, people to act as, officers to sign in as.

Everything goes through the same doors as real life: a simulated district is played, step by step.
"""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from bot.cli.session import Session
from bot.compose import PROGRAMMES, compose
from bot.officers import add_officer
from bot.play import Played, Watcher, play_steps
from core import wording
from core.calendar import instant_at, local_day
from core.clock import PlayClock, clock_shifted, system_clock
from core.exchange.layouts import load_layout
from core.faults import Fault
from core.people import Role, Standing
from core.programme import load
from core.refusals import Refusal
from core.settings import Settings
from core.simulation.district import make_district
from core.simulation.manifest import Expected, Manifest
from core.simulation.year import Wanted
from core.store import schema
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.installation import keep_fact
from core.store.locks import lock_file
from core.store.people import BeneficiaryRow, beneficiaries_by_code, standings_beside
from notifications import dispatch

PEOPLE: Final = 400
SEED: Final = 2021
PASSWORD: Final = "chay-thu-2021"  # noqa: S105  printed for everybody, on a loopback demo
_WANTED: Final = {
    "paid": "SETTLED",
    "failed": "FAILED",
    "ready_cash": "READY_CASH",
    "not_reported": "INSTRUCTED",
    "not_listed": "NOT_LISTED",
}
_OPENS: Final = time(9)
_RELEASE: Final = ("notify", "release")


class NotPlayed(Fault):
    """The demo's district stopped at “{command}”: {said}"""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the operator is told."""

    port: int
    today: str
    people: dict[str, str]
    officers: tuple[tuple[str, str], ...]


def make_demo(session: Session, port: int) -> Demo:
    """A fresh demo in its own file; what an earlier demo left is taken away.

    The session's parts are those of the demo from now on.
    """
    settings = session.settings
    database = demo_database(settings)
    folder = _emptied(database)
    url = f"sqlite:///{database}"
    session.turn_to(replace(settings, database_url=url, data_dir=folder))
    session.say("demo.making", people=PEOPLE)
    manifest = _district(session, folder / "district")
    schema.upgrade(session.opened.store)
    stopped = play_steps(session, manifest, folder / "district", _carrier(session))
    if stopped is not None:
        raise NotPlayed(command=" ".join(stopped.step.args), said=stopped.said)
    return _opened(session, manifest, port or settings.port)


def demo_database(settings: Settings) -> Path:
    """Where the demo of these settings keeps its database."""
    return settings.data_dir / "demo" / "demo.db"


def tell_addresses(session: Session, made: Demo) -> None:
    """Print where to go and whom to be."""
    home = f"http://{session.settings.host}:{made.port}"
    session.say("demo.ready", today=made.today)
    session.say("demo.chat", url=f"{home}/chat")
    session.say("demo.officers", url=f"{home}/officer")
    session.say("demo.phones", url=f"{home}/sandbox")
    for code, place in made.officers:
        session.say("demo.officer", code=code, password=PASSWORD, place=place)
    for code, what in made.people.items():
        told = wording.text(f"demo.{what}", session.lang, "cli")
        session.say("demo.person", code=code, what=told)
    session.say("demo.try")
    session.say("demo.stop")


def _emptied(database: Path) -> Path:
    """The demo's folder without what an earlier demo left.

    The lock stays: taken away, it would be free for a second demo while this one runs.
    """
    folder, kept = database.parent, lock_file(database, "serve")
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif left != kept:
            left.unlink()
    return folder


def _district(session: Session, out: Path) -> Manifest:
    folder = PROGRAMMES / session.settings.programme
    programme = load(folder)
    wanted = Wanted(PEOPLE, SEED, 1, programme.settings.first_cycle)
    return make_district(programme, lambda name: load_layout(folder, name), wanted, out)


def _opened(session: Session, manifest: Manifest, port: int) -> Demo:
    """Mark the demo, start its clock at 09:00, choose people and officers."""
    parts = session.parts
    start = _start(manifest.now)
    shift = start - system_clock().now()
    people = parts.store.read(lambda tx: _people(tx, manifest.expect))

    def work(tx: Tx) -> None:
        keep_fact(tx, "demo", "1")
        keep_fact(tx, "clock_shift_seconds", str(int(shift.total_seconds())))
        keep_fact(tx, "demo_people", json.dumps(people))

    parts.store.transact(work, CommitPoint.INSTALL)
    session.turn_to(replace(session.settings, port=port), clock_shifted(shift))
    officers = _officers(session)
    return Demo(port, wording.long_date(local_day(start), session.lang), people, officers)


def _start(now: datetime) -> datetime:
    """09:00 of the day on which the district stands; the next one when that is over."""
    start = instant_at(local_day(now), _OPENS)
    return start if start >= now else start + timedelta(days=1)


def _people(tx: Tx, expect: tuple[Expected, ...]) -> dict[str, str]:
    """One person for each thing worth seeing, with a relative who is told where there is one."""
    rows = beneficiaries_by_code(tx, [one.code for one in expect])
    beside = standings_beside(tx, [row.id for row in rows.values()])
    roles = {code: {s.role for s in beside.get(row.id, [])} for code, row in rows.items()}
    found: dict[str, str] = {}
    for what, state in _WANTED.items():
        fits = [one.code for one in expect if one.state == state and one.code in roles]
        fits.sort(key=lambda code: ("relative" not in roles[code], "guardian" in roles[code], code))
        found |= dict.fromkeys(fits[:1], what)
    guardian = _ward_of_a_guardian_of_several(rows, beside)
    if guardian is not None:
        found.setdefault(guardian, "guardian")
    return found


def _ward_of_a_guardian_of_several(
    rows: Mapping[str, BeneficiaryRow], beside: Mapping[int, Sequence[Standing]]
) -> str | None:
    wards: dict[int, list[str]] = {}
    for code, row in rows.items():
        for standing in beside.get(row.id, ()):
            if standing.role is Role.GUARDIAN:
                wards.setdefault(standing.person_id, []).append(code)
    several = sorted(min(codes) for codes in wards.values() if len(codes) > 1)
    return several[0] if several else None


def _officers(session: Session) -> tuple[tuple[str, str], ...]:
    """An officer for each area and one for the province, with a password that is printed."""
    made = []
    for code, role, place in (
        ("huongthuy", "district", "479"),
        ("phuloc", "district", "482"),
        ("tinh", "province", "*"),
    ):
        done = add_officer(session.parts, code, role, place, may_sign_in=True, password=PASSWORD)
        if not isinstance(done, Refusal):
            made.append((code, place))
    return tuple(made)


def _carrier(session: Session) -> Watcher:
    """What a step releases is on the phones at that moment, as the worker of that day sent it."""

    def watch(played: Played) -> None:
        if tuple(played.step.args[:2]) == _RELEASE:
            asyncio.run(_carried(session, PlayClock(played.step.at)))

    return watch


async def _carried(session: Session, clock: PlayClock) -> None:
    parts = compose(session.settings, clock=clock)
    await dispatch.drain(parts.store, parts.gateways, clock, parts.programme)
    await parts.hang_up()
    parts.close()
