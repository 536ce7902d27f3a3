"""All tables at once: what migrations are compared with."""

from core.store.tables import decisions, delivery, enrolment, ledger, messages, people, talk
from core.store.tables.base import metadata

__all__ = ["decisions", "delivery", "enrolment", "ledger", "messages", "metadata", "people", "talk"]
