"""Versions of how somebody is paid: never changed, only followed by a newer one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.rows import among, insert_named
from core.store.tables.people import method_version


@dataclass(frozen=True, slots=True)
class NewMethod:
    """A way to be paid, from a cycle on; `account` is an account or wallet number, canonical."""

    key: str
    beneficiary_id: int
    method: str
    provider: str
    from_cycle: str
    source: str
    account: str | None = None
    holder: str | None = None
    payee_person_id: int | None = None


@dataclass(frozen=True, slots=True)
class MethodVersion:
    """A stored version; what is sealed is opened only by `accounts_of`."""

    id: int
    beneficiary_id: int
    method: str
    provider: str
    from_cycle: str
    payee_person_id: int | None
    account_index: str | None
    # What it was written for: a file, a wish, a delivery.
    source: str = ""


def insert_methods(tx: Tx, methods: Sequence[NewMethod], now: datetime) -> None:
    """Write new versions."""
    insert_named(tx, method_version, [_sealed(tx, one, now) for one in methods])


def methods_in_force(
    tx: Tx, beneficiary_ids: Iterable[int], cycle: str
) -> dict[int, MethodVersion]:
    """The newest version that is in force in `cycle`, by beneficiary id."""
    query = sa.select(method_version).where(
        method_version.c.from_cycle <= cycle,
        among(tx, method_version.c.beneficiary_id, set(beneficiary_ids)),
    )
    rows = tx.connection.execute(query.order_by(method_version.c.from_cycle, method_version.c.id))
    return {row.beneficiary_id: _version(row) for row in rows}


def with_methods(tx: Tx, beneficiary_ids: Iterable[int], cycle: str) -> set[int]:
    """Which of these beneficiaries have a version that is in force in `cycle`."""
    query = sa.select(method_version.c.beneficiary_id).where(
        method_version.c.from_cycle <= cycle,
        among(tx, method_version.c.beneficiary_id, set(beneficiary_ids)),
    )
    return set(tx.connection.execute(query).scalars())


def newest_methods(tx: Tx, beneficiary_ids: Iterable[int]) -> dict[int, MethodVersion]:
    """The newest version of each beneficiary, in force already or from a later cycle on."""
    query = (
        sa.select(method_version)
        .where(among(tx, method_version.c.beneficiary_id, set(beneficiary_ids)))
        .order_by(method_version.c.from_cycle, method_version.c.id)
    )
    return {row.beneficiary_id: _version(row) for row in tx.connection.execute(query)}


def with_sources(tx: Tx, prefix: str, method: str, cycle: str) -> dict[int, MethodVersion]:
    """Those in force in `cycle` by this method and for such a source, by beneficiary id."""
    query = sa.select(method_version.c.beneficiary_id).where(
        method_version.c.source.startswith(prefix, autoescape=True),
        method_version.c.method == method,
        method_version.c.from_cycle <= cycle,
    )
    found = methods_in_force(tx, tx.connection.execute(query).scalars(), cycle)
    return {
        id_: one
        for id_, one in found.items()
        if one.method == method and one.source.startswith(prefix)
    }


def paid_into(tx: Tx, accounts: Iterable[str]) -> dict[str, set[int]]:
    """Ids of the beneficiaries whose newest version names an account, by account."""
    wanted = {tx.sealer.index(one, purpose="account"): one for one in set(accounts)}
    query = sa.select(method_version.c.beneficiary_id).where(
        among(tx, method_version.c.account_index, sorted(wanted))
    )
    newest = newest_methods(tx, tx.connection.execute(query).scalars())
    found: dict[str, set[int]] = {}
    for id_, version in newest.items():
        if version.account_index in wanted:
            found.setdefault(wanted[version.account_index], set()).add(id_)
    return found


def accounts_of(tx: Tx, version_ids: Iterable[int]) -> dict[int, tuple[str | None, str | None]]:
    """(account, holder) in the clear by version id: for order files and masked read-backs only."""
    query = sa.select(
        method_version.c.id,
        method_version.c.key,
        method_version.c.account,
        method_version.c.holder,
    )
    return {
        row.id: (
            _opened(tx, row.account, "account", row.key),
            _opened(tx, row.holder, "holder", row.key),
        )
        for row in tx.connection.execute(
            query.where(among(tx, method_version.c.id, set(version_ids)))
        )
    }


def _opened(tx: Tx, sealed: bytes | None, column: str, key: str) -> str | None:
    if sealed is None:
        return None
    return tx.sealer.unseal(sealed, column=f"method_version.{column}", row=key)


def _sealed(tx: Tx, one: NewMethod, now: datetime) -> dict[str, object]:
    def sealed(value: str | None, column: str) -> bytes | None:
        if value is None:
            return None
        return tx.sealer.seal(value, column=f"method_version.{column}", row=one.key)

    return {
        "key": one.key,
        "beneficiary_id": one.beneficiary_id,
        "method": one.method,
        "provider": one.provider,
        "account": sealed(one.account, "account"),
        "account_index": (tx.sealer.index(one.account, purpose="account") if one.account else None),
        "holder": sealed(one.holder, "holder"),
        "payee_person_id": one.payee_person_id,
        "from_cycle": one.from_cycle,
        "source": one.source,
        "recorded_at": now,
    }


def _version(row: sa.Row[Any]) -> MethodVersion:
    return MethodVersion(
        id=row.id,
        beneficiary_id=row.beneficiary_id,
        method=row.method,
        provider=row.provider,
        from_cycle=row.from_cycle,
        payee_person_id=row.payee_person_id,
        account_index=row.account_index,
        source=row.source,
    )
