"""The officers of an invented district. None of them signs in: they only sign.

What does not live here: what an officer may do (`bot/moves.py`).
"""

from datetime import datetime, timedelta
from typing import Final

from core import places
from core.calendar import Cycle
from core.offers import providers_on
from core.simulation.manifest import Step
from core.terms import Programme

LISTER: Final = "lap-danh-sach"
FIRST_SIGNER: Final = "truong-phong-1"
SECOND_SIGNER: Final = "truong-phong-2"
RELEASER: Final = "so-ldtbxh"


def steps(programme: Programme, first: Cycle, at: datetime) -> list[Step]:
    """Adding them all: two districts' heads, a lister, the province, providers, communes."""
    day = first.first_day
    areas = [area.code for area in places.paid_areas(programme, day)]
    people = [
        (LISTER, "district", "*"),
        (FIRST_SIGNER, "district", areas[0]),
        (SECOND_SIGNER, "district", areas[-1]),
        (RELEASER, "province", "*"),
        *((f"don-vi-{one}", "provider", str(one)) for one in providers_on(programme, day)),
        *((f"xa-{one.code}", "commune", one.code) for one in places.paid_communes(programme, day)),
    ]
    return [
        Step(
            at + timedelta(seconds=second),
            ("staff", "add", code, "--role", role, "--place", place, "--no-login"),
        )
        for second, (code, role, place) in enumerate(people)
    ]
