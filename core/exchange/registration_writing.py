"""Writing registration lines of one rank: people, standings, contacts, consents, methods.

What does not live here: whether a line may be written (`registrations.py`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from core.calendar import Cycle, instant_at, local_day
from core.exchange.claims import Claim
from core.exchange.intake import Desk
from core.exchange.registration_lines import RegistrationLine
from core.ledger.events import EventType, NewEvent, Value, is_code
from core.people import NUMBER_ON_FILE, SCOPE_OF, Role, Standing
from core.store.contacts import contacts_of, ensure_contacts, insert_consents, link_new
from core.store.engine import Tx
from core.store.methods import NewMethod, insert_methods
from core.store.people import (
    BeneficiaryRow,
    beneficiaries_by_code,
    insert_beneficiaries,
    insert_standings,
    standings_beside,
)

HOW_BY_LIST = "list"


@dataclass(frozen=True, slots=True)
class Writing:
    """One rank of lines on their way into the database."""

    tx: Tx
    desk: Desk
    source: str
    people: Mapping[str, int]
    known: Mapping[str, BeneficiaryRow]
    beside: Mapping[int, Sequence[Standing]]

    def all_of(self, lines: Sequence[RegistrationLine]) -> None:
        """Write everything these lines say."""
        now = self.desk.clock.now()
        write_beneficiaries(
            self.tx,
            self.desk.programme.tenant,
            [
                NewBeneficiary(
                    line.code,
                    self.people[line.claim.identity],
                    line.commune or "",
                    hamlet=sealed_hamlet(self.tx, line.code, line.hamlet),
                )
                for line in lines
                if line.role is Role.SELF and line.code not in self.known
            ],
            now,
        )
        known = beneficiaries_by_code(self.tx, sorted({line.code for line in lines}))
        self._standings(lines, known, now)
        write_phones(
            self.tx,
            self.desk,
            self.source,
            [(line.claim, self.people[line.claim.identity], known[line.code].id) for line in lines],
            now,
        )
        self._consents(lines, known)
        self._methods(lines, known, now)

    def _standings(
        self, lines: Sequence[RegistrationLine], known: Mapping[str, BeneficiaryRow], now: datetime
    ) -> None:
        rows = []
        for line in lines:
            beneficiary, person = known[line.code], self.people[line.claim.identity]
            there = self.beside.get(beneficiary.id, ())
            if any(s.person_id == person and s.role is line.role for s in there):
                continue
            rows.append(
                standing_row(beneficiary.id, person, line.role, source=self.source, now=now)
                | {
                    "relation": line.relation,
                    "basis": line.basis,
                    "is_payee": line.is_payee or line.role is Role.SELF,
                    "valid_from": line.begins(local_day(now)),
                    "valid_to": line.valid_to,
                }
            )
        insert_standings(self.tx, rows)

    def _consents(
        self, lines: Sequence[RegistrationLine], known: Mapping[str, BeneficiaryRow]
    ) -> None:
        """Keep who agreed to what, and note it in the ledger: once, as the line is written once."""
        today = local_day(self.desk.clock.now())
        agreeing = standings_beside(self.tx, [known[line.code].id for line in lines])
        rows, events = list[dict[str, object]](), list[NewEvent]()
        for line in lines:
            beneficiary, person = known[line.code].id, self.people[line.claim.identity]
            given = instant_at(line.agreed_on or today, time())
            for purpose in line.consents:
                by = self._agreed_by(line, agreeing[beneficiary])
                rows.append(
                    {
                        "beneficiary_id": beneficiary,
                        "person_id": person,
                        "purpose": purpose,
                        "agreed_by": by,
                        "text_version": line.text_version,
                        "channel": HOW_BY_LIST,
                        "given_at": given,
                    }
                )
                body = {
                    "person": person,
                    "purpose": purpose.value,
                    "agreed_by": by,
                    "text": line.text_version if is_code(line.text_version) else None,
                }
                about = f"{line.code}:{line.role}:{person}:{purpose}"
                events.append(self._fact(EventType.CONSENT_GIVEN, about, beneficiary, given, body))
        insert_consents(self.tx, rows)
        self.desk.ledger.record(self.tx, events)

    def _fact(
        self,
        kind: EventType,
        about: str,
        beneficiary: int,
        at: datetime,
        body: Mapping[str, Value | None],
    ) -> NewEvent:
        return NewEvent(
            type=kind,
            source=f"{self.source}:{about}",
            actor=f"staff:{self.desk.staff}",
            effective_at=at,
            beneficiary_id=beneficiary,
            body=body,
        )

    def _agreed_by(self, line: RegistrationLine, there: Sequence[Standing]) -> int:
        if line.agreed_by_role is line.role:
            return self.people[line.claim.identity]
        return next(s.person_id for s in there if s.role is line.agreed_by_role)

    def _methods(
        self, lines: Sequence[RegistrationLine], known: Mapping[str, BeneficiaryRow], now: datetime
    ) -> None:
        first = str(Cycle.parse(self.desk.cycle))
        methods, events = list[NewMethod](), list[NewEvent]()
        for line in lines:
            if line.wish is None:
                continue
            wish, beneficiary = line.wish, known[line.code].id
            methods.append(
                NewMethod(
                    key=secrets.token_hex(12),
                    beneficiary_id=beneficiary,
                    method=wish.method,
                    provider=wish.provider,
                    from_cycle=first,
                    source=self.source,
                    account=wish.account,
                    holder=wish.holder,
                )
            )
            # Not the account: that stands sealed in the version.
            body = {"method": wish.method, "provider": wish.provider, "from": first}
            events.append(self._fact(EventType.METHOD_RECORDED, line.code, beneficiary, now, body))
        insert_methods(self.tx, methods, now)
        self.desk.ledger.record(self.tx, events)


@dataclass(frozen=True, slots=True)
class NewBeneficiary:
    """Somebody who enters the programme. `entitlement` is sealed by whoever read it."""

    code: str
    person_id: int
    commune: str
    hamlet: bytes | None = None
    entitlement: bytes | None = None


def write_beneficiaries(
    tx: Tx, tenant: str, fresh: Sequence[NewBeneficiary], now: datetime
) -> None:
    """Write beneficiaries whose codes are new."""
    insert_beneficiaries(
        tx,
        [
            {
                "tenant": tenant,
                "code": one.code,
                "person_id": one.person_id,
                "commune": one.commune,
                "hamlet": one.hamlet,
                "entitlement": one.entitlement,
                "state": "active",
                "frozen_self_service": False,
                "created_at": now,
                "updated_at": now,
            }
            for one in fresh
        ],
    )


def sealed_hamlet(tx: Tx, code: str, hamlet: str) -> bytes | None:
    """Where somebody lives within the commune, sealed for their row; None when it is not said."""
    return tx.sealer.seal(hamlet, column="beneficiary.hamlet", row=code) if hamlet else None


def standing_row(
    beneficiary_id: int, person_id: int, role: Role, *, source: str, now: datetime
) -> dict[str, object]:
    """A standing with the scope its role has; days and basis are the caller's."""
    return {
        "beneficiary_id": beneficiary_id,
        "person_id": person_id,
        "role": role,
        "scope": SCOPE_OF[role],
        "source": source,
        "created_at": now,
    }


def write_phones(
    tx: Tx, desk: Desk, source: str, claims: Sequence[tuple[Claim, int, int]], now: datetime
) -> None:
    """Put each phone on file for its person, at the level of a number that an office wrote down.

    `claims`: with the person's id and the beneficiary's. Whoever had another number before is told
    there that it changed, and the ledger notes it. Source: docs/decisions/0134.
    """
    ids = ensure_contacts(tx, "sms", [claim.phone for claim, _, _ in claims if claim.phone], now)
    linked = contacts_of(tx, [person for _, person, _ in claims])
    there = {(contact, person) for person, all_ in linked.items() for contact, _, _ in all_}
    fresh = {
        (ids[claim.phone], person): beneficiary
        for claim, person, beneficiary in claims
        if claim.phone and (ids[claim.phone], person) not in there
    }
    link_new(tx, sorted(fresh), level=NUMBER_ON_FILE, how=HOW_BY_LIST, now=now)
    had_one = {person for person, all_ in linked.items() if any(c == "sms" for _, c, _ in all_)}
    events = [
        NewEvent(
            type=EventType.PHONE_CHANGED,
            source=f"{source}:phone:{person}:{contact}",
            actor=f"staff:{desk.staff}",
            effective_at=now,
            cycle=desk.cycle,
            beneficiary_id=beneficiary,
            body={"person": person, "contact": contact, "file": source},
        )
        for (contact, person), beneficiary in sorted(fresh.items())
        if person in had_one
    ]
    desk.ledger.record(tx, events)
