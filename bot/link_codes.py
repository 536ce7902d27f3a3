"""Issuing a printed one-time code for a beneficiary, with the QR that carries it."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import segno

from bot.compose import Parts
from bot.linking import PRINTED, PRINTED_LASTS, new_printed_code
from core import wording
from core.calendar import local_day
from core.people import Role
from core.refusals import Code, Refusal
from core.store import codes
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.people import BeneficiaryRow, beneficiaries_by_code, standings_beside

_ACTING: Final = frozenset({Role.GUARDIAN, Role.PARENT})


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code in the clear, this once. `link`: what the QR opens. Time: aware UTC.

    `telegram`: the link that opens the bot with the code, where the bot's name is set.
    """

    code: str
    link: str
    qr: str
    expires_at: datetime
    until: str
    telegram: str | None = None


def issue_link_code(parts: Parts, beneficiary: str, by: str) -> LinkCode | Refusal:
    """A new code for whoever speaks for the beneficiary with this code: a guardian, else oneself.

    Refuses: BENEFICIARY_UNKNOWN.
    """
    now = parts.clock.now()
    expires, code = now + PRINTED_LASTS, new_printed_code()

    def work(tx: Tx) -> bool:
        found = beneficiaries_by_code(tx, [beneficiary.upper()])
        for row in found.values():
            codes.insert_code(
                tx,
                kind=PRINTED,
                code=code,
                person_id=_speaker(tx, row, local_day(now)),
                issued_by=f"staff:{by}",
                now=now,
                expires_at=expires,
            )
        return bool(found)

    if not parts.store.transact(work, CommitPoint.LINK_CODE):
        return Refusal(Code.BENEFICIARY_UNKNOWN, {"code": beneficiary})
    link = f"{_home(parts)}/chat?code={code}"
    bot = parts.settings.telegram_bot
    telegram = f"https://t.me/{bot.removeprefix('@')}?start={code}" if bot else None
    until = wording.short_date(local_day(expires))
    return LinkCode(code, link, _drawn(link), expires, until, telegram)


def _speaker(tx: Tx, row: BeneficiaryRow, day: date) -> int:
    """A child does not write; who acts for it does."""
    beside = standings_beside(tx, [row.id]).get(row.id, [])
    acting = [one for one in beside if one.role in _ACTING and one.is_in_force(day)]
    return acting[0].person_id if acting else row.person_id


def _home(parts: Parts) -> str:
    settings = parts.settings
    return settings.public_url or f"http://{settings.host}:{settings.port}"


def _drawn(link: str) -> str:
    """The QR in characters, to be shown in a terminal or printed."""
    out = io.StringIO()
    segno.make(link, error="m").terminal(out=out, compact=True)
    return out.getvalue()
