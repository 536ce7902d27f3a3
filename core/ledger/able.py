"""Whether those who are to receive somebody's money by number still may: read in sets.

What does not live here: the rule on one of them (`account_rules.py`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from core.ledger.account_rules import may_hold
from core.people import Role
from core.store.engine import Tx
from core.store.enrolments import dead_among
from core.store.people import standings_beside

DIED: Final = "died"
LAPSED: Final = "lapsed"


def unable(
    tx: Tx, holders: Sequence[tuple[int, int, str]], today: date
) -> dict[tuple[int, int], str]:
    """Why the money must not go there, by (beneficiary id, holder's person id).

    `holders`: with the holder's role; those who may hold it are absent. A paper that ended counts
    from the day after it.
    """
    dead = dead_among(tx, [person for _, person, _ in holders])
    beside = standings_beside(tx, [beneficiary for beneficiary, _, _ in holders])
    found: dict[tuple[int, int], str] = {}
    for beneficiary, person, role in holders:
        holds = role == Role.SELF or any(
            one.person_id == person and may_hold(one, today) for one in beside.get(beneficiary, ())
        )
        if person in dead or not holds:
            found[beneficiary, person] = DIED if person in dead else LAPSED
    return found
