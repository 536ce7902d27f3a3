"""People, who acts for whom, how they are reached, and what they agreed to.

Names, birth dates, numbers and addresses are sealed (`core/store/sealing.py`); what must be
looked up has a keyed blind index beside it.
"""

import sqlalchemy as sa

from core.store.tables.base import Day, Id, Index, Instant, Sealed, metadata

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # The AAD of the sealed columns: stable for the life of the row, known before the insert.
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("name_index", Index, nullable=False, index=True),
    sa.Column("birth", Sealed),
    sa.Column("birth_year", sa.Integer),
    sa.Column("sex", sa.String(1)),
    sa.Column("citizen_id", Sealed),
    sa.Column("citizen_id_index", Index, index=True),
    sa.Column("died_on", Day),
    sa.Column("created_at", Instant, nullable=False),
)

beneficiary = sa.Table(
    "beneficiary",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("code", sa.String(32), nullable=False, unique=True),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("commune", sa.String(8), nullable=False, index=True),
    sa.Column("hamlet", Sealed),
    # Category, coefficient and decision number (design 3: they never leave `core`).
    sa.Column("entitlement", Sealed),
    sa.Column("state", sa.String(16), nullable=False, server_default="active"),
    sa.Column("frozen_self_service", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

# Who stands where towards a beneficiary: self, guardian, parent, authorised, carer, relative.
standing = sa.Table(
    "standing",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("relation", sa.String(32), nullable=False, server_default=""),
    sa.Column("basis", sa.String(32), nullable=False),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("is_payee", sa.Boolean, nullable=False),
    sa.Column("valid_from", Day, nullable=False),
    sa.Column("valid_to", Day),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("beneficiary_id", "person_id", "role", "valid_from"),
)

# An address at which somebody can be reached or from which somebody writes.
contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", Sealed, nullable=False),
    sa.Column("address_index", Index, nullable=False),
    sa.Column("language", sa.String(8), nullable=False, server_default="vi"),
    # None: by the channel's capabilities; otherwise the person's own wish.
    sa.Column("accents", sa.Boolean),
    sa.Column("stopped_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("channel", "address_index"),
)

# Which person an address belongs to, how sure we are (level 1 or 2), and since when.
contact_person = sa.Table(
    "contact_person",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id"), nullable=False),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("how", sa.String(16), nullable=False),
    sa.Column("linked_at", Instant, nullable=False),
    sa.Column("unlinked_at", Instant),
    sa.UniqueConstraint("contact_id", "person_id", "linked_at"),
)

consent = sa.Table(
    "consent",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False),
    # Who is told; for relatives the relative, otherwise the person who agreed.
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("agreed_by", Id, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("text_version", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("given_at", Instant, nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.UniqueConstraint("beneficiary_id", "person_id", "purpose", "given_at"),
)

method_version = sa.Table(
    "method_version",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("beneficiary_id", Id, sa.ForeignKey("beneficiary.id"), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("provider", sa.String(16), nullable=False),
    sa.Column("account", Sealed),
    sa.Column("account_index", Index, index=True),
    sa.Column("holder", Sealed),
    sa.Column("payee_person_id", Id, sa.ForeignKey("person.id")),
    sa.Column("from_cycle", sa.String(7), nullable=False),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.UniqueConstraint("beneficiary_id", "from_cycle", "recorded_at"),
)

# Printed codes and codes sent by SMS; only a keyed index of the code is kept.
one_time_code = sa.Table(
    "one_time_code",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("code_index", Index, nullable=False, unique=True),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
    sa.Column("issued_by", sa.String(64), nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("used_at", Instant),
    sa.Column("used_by_contact_id", Id, sa.ForeignKey("contact.id")),
)

# What limits are counted from (wrong codes, code requests, sign-ins); subject is a blind index.
attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", Index, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),
)

sa.Index("ix_standing_beneficiary", standing.c.beneficiary_id)
sa.Index("ix_method_version_beneficiary", method_version.c.beneficiary_id, method_version.c.id)
sa.Index("ix_consent_beneficiary", consent.c.beneficiary_id)
sa.Index("ix_contact_person_contact", contact_person.c.contact_id)
