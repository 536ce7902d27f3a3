"""The phones beside a rehearsal: those of the person and the relatives, with their SMS."""

from dataclasses import dataclass, field

from core.calendar import local_day
from core.clock import Clock
from core.names import short_name
from core.store import contacts, sandbox
from core.store.engine import Tx
from core.store.people import names_of, standings_beside, wards_of
from core.store.sandbox import SandboxText


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone: whose it is towards the beneficiary, and what arrived on it."""

    owner: str
    role: str
    texts: tuple[SandboxText, ...] = field(repr=False)


def phones_beside(tx: Tx, contact_id: int, clock: Clock) -> list[Phone]:
    """The phones of everybody who stands beside those whom this visitor may ask for."""
    here = [one.person_id for one in contacts.persons_at(tx, contact_id)]
    wards = wards_of(tx, here, local_day(clock.now()))
    beside = standings_beside(tx, [ward.beneficiary_id for ward in wards])
    roles = {s.person_id: s for all_ in beside.values() for s in reversed(all_)}
    names = names_of(tx, roles)
    found: dict[int, Phone] = {}
    for person_id, links in contacts.contacts_of(tx, roles).items():
        for phone_id, channel, _ in links:
            phone = contacts.contact_by_id(tx, phone_id) if channel == "sms" else None
            if phone is not None and not phone.address.startswith("rehearsal"):
                index = contacts.address_index(tx, "sms", phone.address)
                standing = roles[person_id]
                found[phone_id] = Phone(
                    short_name(names[person_id]),
                    standing.relation or standing.role,
                    sandbox.sandbox_texts(tx, index, limit=5),
                )
    return sorted(found.values(), key=lambda one: (not one.texts, one.owner))
