"""Which browser is asking: an opaque token in a cookie, and the contact it speaks as."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from bot.compose import Parts
from core.store import contacts, visitors
from core.store.commit_points import CommitPoint
from core.store.engine import Tx

COOKIE: Final = "chitra_visitor"
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser. `address` is the canonical address of its contact on the channel `web`."""

    contact_id: int
    address: str
    fresh_token: str | None


def visitor_of(parts: Parts, request: Request) -> Visitor:
    """The browser behind a request; a new one gets a contact of its own."""
    token = request.cookies.get(COOKIE, "")
    known = parts.store.read(lambda tx: _known(tx, token)) if token else None
    return known or _new(parts)


def keep_cookie(response: Response, visitor: Visitor, *, secure: bool) -> None:
    """Hand a new browser its token."""
    if visitor.fresh_token is not None:
        response.set_cookie(
            COOKIE,
            visitor.fresh_token,
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=secure,
            path="/chat",
        )


def _known(tx: Tx, token: str) -> Visitor | None:
    contact_id = visitors.visitor_contact(tx, _hash(token))
    contact = contacts.contact_by_id(tx, contact_id) if contact_id is not None else None
    return None if contact is None else Visitor(contact.id, contact.address, None)


def _new(parts: Parts) -> Visitor:
    token, address, now = secrets.token_urlsafe(32), secrets.token_hex(16), parts.clock.now()

    def work(tx: Tx) -> int:
        contact = contacts.ensure_contact(tx, "web", address, now)
        visitors.insert_visitor(tx, _hash(token), contact.id, now)
        return contact.id

    contact_id = parts.store.transact(work, CommitPoint.VISIT)
    return Visitor(contact_id, address, token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
