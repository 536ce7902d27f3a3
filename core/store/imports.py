"""Files that came in and what became of their lines; lines are kept as they stood, sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.engine import Tx
from core.store.months import open_month
from core.store.rows import among, insert_named
from core.store.tables.ledger import import_file, import_row

RECEIVING = "receiving"
TAKEN_IN = "done"
_STANDING = ("accepted", "unchanged")


@dataclass(frozen=True, slots=True)
class FileKey:
    """What makes a file the same file."""

    tenant: str
    kind: str
    cycle: str
    provider: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was counted. Money: whole đồng."""

    id: int
    state: str
    rows: int
    accepted: int
    rejected: int
    unchanged: int
    conflicts: int
    amount: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file of a month as a person looks for it. `name`: empty where none was kept.

    `source` is how events name the file.
    """

    source: str
    kind: str
    provider: str
    name: str = field(repr=False)
    staff: str
    received_at: datetime
    rows: int
    accepted: int
    rejected: int
    unchanged: int
    conflicts: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line to be kept. `raw` is the line as it stood, by field."""

    row_no: int
    natural_key: str
    row_hash: str
    outcome: str
    raw: dict[str, str]
    occurrence: int = 0
    code: str | None = None


def file_known(tx: Tx, key: FileKey) -> FileRow | None:
    """The file, if it (or part of it) was taken in before."""
    row = tx.connection.execute(
        sa.select(
            import_file.c.id,
            import_file.c.state,
            import_file.c.rows,
            import_file.c.accepted,
            import_file.c.rejected,
            import_file.c.unchanged,
            import_file.c.conflicts,
            import_file.c.amount,
        ).where(*_same(key))
    ).first()
    return None if row is None else FileRow(*row)


def files_open(tx: Tx, tenant: str, cycle: str) -> int:
    """How many files of a cycle were begun and not finished: they block its next step."""
    count: int | None = tx.connection.scalar(
        sa.select(sa.func.count()).where(
            import_file.c.tenant == tenant,
            import_file.c.cycle == cycle,
            import_file.c.state == RECEIVING,
        )
    )
    return count or 0


def files_of(tx: Tx, tenant: str, cycle: str) -> list[TakenIn]:
    """The files that came in for a month, the oldest first."""
    query = (
        sa.select(import_file)
        .where(import_file.c.tenant == tenant, import_file.c.cycle == cycle)
        .order_by(import_file.c.id)
    )
    return [
        TakenIn(
            f"file:{row.id}",
            row.kind,
            row.provider,
            name_of(tx, row),
            row.staff,
            row.received_at,
            row.rows,
            row.accepted,
            row.rejected,
            row.unchanged,
            row.conflicts,
            row.state == TAKEN_IN,
        )
        for row in tx.connection.execute(query)
    ]


def name_of(tx: Tx, row: sa.Row[Any]) -> str:
    """What the file of a row with `name`, `kind`, `cycle`, `provider`, `sha256` was called."""
    if row.name is None:
        return ""
    place = _place(row.kind, row.cycle, row.provider, row.sha256)
    return tx.sealer.unseal(row.name, column="import_file.name", row=place)


def begin_file(tx: Tx, key: FileKey, *, name: str, rows: int, staff: str, now: datetime) -> int:
    """The id of a file that is being taken in; the old id, and name, if it was begun before."""
    known = file_known(tx, key)
    if known is not None:
        return known.id
    open_month(tx, key.cycle)
    made = tx.connection.execute(
        sa.insert(import_file)
        .values(
            tenant=key.tenant,
            kind=key.kind,
            cycle=key.cycle,
            provider=key.provider,
            sha256=key.sha256,
            state=RECEIVING,
            rows=rows,
            accepted=0,
            rejected=0,
            unchanged=0,
            conflicts=0,
            amount=0,
            staff=staff,
            received_at=now,
            name=tx.sealer.seal(
                name,
                column="import_file.name",
                row=_place(key.kind, key.cycle, key.provider, key.sha256),
            ),
        )
        .returning(import_file.c.id)
    )
    return int(made.scalar_one())


def finish_file(tx: Tx, file_id: int, counts: dict[str, int], now: datetime) -> None:
    """Close a file with its counts (accepted, rejected, unchanged, conflicts, amount)."""
    tx.connection.execute(
        sa.update(import_file)
        .where(import_file.c.id == file_id)
        .values(state=TAKEN_IN, finished_at=now, **counts)
    )


def keep_lines(tx: Tx, file_id: int, lines: Sequence[LineRow]) -> None:
    """Keep lines that are not kept yet."""
    if not lines:
        return
    kept = set(
        tx.connection.scalars(
            sa.select(import_row.c.row_no).where(
                import_row.c.file_id == file_id,
                import_row.c.row_no.between(
                    min(line.row_no for line in lines), max(line.row_no for line in lines)
                ),
            )
        )
    )
    fresh = [_sealed(tx, file_id, line) for line in lines if line.row_no not in kept]
    insert_named(tx, import_row, fresh)


def lines_kept(tx: Tx, file_id: int, *, outcomes: Sequence[str]) -> list[LineRow]:
    """The lines of a file that came to one of these outcomes, in order."""
    query = (
        sa.select(import_row)
        .where(import_row.c.file_id == file_id, import_row.c.outcome.in_(list(outcomes)))
        .order_by(import_row.c.row_no)
    )
    return [_opened(tx, row) for row in tx.connection.execute(query)]


def hashes_standing(tx: Tx, natural_keys: Iterable[str]) -> dict[str, str]:
    """The content hash that stands under each natural key; the first accepted line counts."""
    found: dict[str, str] = {}
    query = sa.select(import_row.c.natural_key, import_row.c.row_hash).where(
        import_row.c.outcome.in_(_STANDING), among(tx, import_row.c.natural_key, set(natural_keys))
    )
    for row in tx.connection.execute(query.order_by(import_row.c.file_id, import_row.c.row_no)):
        found.setdefault(row.natural_key, row.row_hash)
    return found


def _place(kind: str, cycle: str, provider: str, sha256: str) -> str:
    return f"{kind}/{cycle}/{provider}/{sha256}"


def _same(key: FileKey) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        import_file.c.tenant == key.tenant,
        import_file.c.kind == key.kind,
        import_file.c.cycle == key.cycle,
        import_file.c.provider == key.provider,
        import_file.c.sha256 == key.sha256,
    )


def _sealed(tx: Tx, file_id: int, line: LineRow) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "row_no": line.row_no,
        "natural_key": line.natural_key,
        "occurrence": line.occurrence,
        "row_hash": line.row_hash,
        "outcome": line.outcome,
        "code": line.code,
        "raw": tx.sealer.seal_json(
            line.raw, column="import_row.raw", row=f"{file_id}:{line.row_no}"
        ),
    }


def _opened(tx: Tx, row: sa.Row[Any]) -> LineRow:
    return LineRow(
        row_no=row.row_no,
        natural_key=row.natural_key,
        row_hash=row.row_hash,
        outcome=row.outcome,
        raw=tx.sealer.unseal_json(
            row.raw, column="import_row.raw", row=f"{row.file_id}:{row.row_no}"
        ),
        occurrence=row.occurrence,
        code=row.code,
    )
