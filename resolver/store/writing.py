"""A new segment, written whole or not at all; and what its records share with others."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from resolver.errors import LayoutError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing, Statement, merged
from resolver.record import SetAside, Taken
from resolver.store.body import entity_body, interest_body, link_body, listing_body, read_entity
from resolver.store.disk import disk_errors
from resolver.store.segment import Segment

LAYOUT = 1
"""The segment's own layout; a segment of another layout is built anew."""

BATCH = 5_000

TABLES = """
CREATE TABLE entity (id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE identifier (scheme TEXT NOT NULL, value TEXT NOT NULL, entity TEXT NOT NULL);
CREATE TABLE listing (id TEXT NOT NULL, entity TEXT NOT NULL, list TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE interest (id TEXT NOT NULL, subject TEXT NOT NULL, interested_party TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE link (id TEXT NOT NULL, subject TEXT NOT NULL, object TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE set_aside (file TEXT NOT NULL, row INTEGER NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL);
"""

INDEXES = """
CREATE UNIQUE INDEX entity_id ON entity (id);
CREATE INDEX identifier_value ON identifier (scheme, value);
CREATE UNIQUE INDEX listing_id ON listing (id);
CREATE INDEX listing_entity ON listing (entity);
CREATE UNIQUE INDEX interest_id ON interest (id);
CREATE UNIQUE INDEX link_id ON link (id);
CREATE INDEX link_subject ON link (subject);
CREATE INDEX link_object ON link (object);
"""

INSERT = {
    "entity": "INSERT INTO entity VALUES (?, ?)",
    "listing": "INSERT INTO listing VALUES (?, ?, ?, ?)",
    "interest": "INSERT INTO interest VALUES (?, ?, ?, ?)",
    "link": "INSERT INTO link VALUES (?, ?, ?, ?)",
    "set_aside": "INSERT INTO set_aside VALUES (?, ?, ?, ?)",
}


@dataclass(slots=True)
class FileCount:
    """Rows of one file: read = kept + set aside."""

    read: int = 0
    kept: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What came in: rows by file, statements by kind, rows and entries by list code, and the first reasons for rows set
    aside. A party that stands on a list in several rows (one per country) is one entry."""

    files: dict[str, FileCount]
    statements: dict[str, int]
    list_rows: dict[str, int]
    lists: dict[str, int]
    reasons: list[str]


class _Writer:
    """Statements on their way into the tables, in batches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.pending: dict[str, list[tuple[object, ...]]] = {table: [] for table in INSERT}
        self.files: dict[str, FileCount] = {}
        self.reasons: list[str] = []
        self.list_rows: Counter[str] = Counter()

    def outcome(self, outcome: Taken[Statement] | SetAside) -> None:
        count = self.files.setdefault(outcome.where.file, FileCount())
        count.read += 1
        if isinstance(outcome, SetAside):
            count.set_aside += 1
            where = outcome.where
            if len(self.reasons) < 20:
                self.reasons.append(f"{where.file}, row {where.row}: {outcome.reason}")
            self.add("set_aside", (where.file, where.row, outcome.reason, outcome.text))
            return
        count.kept += 1
        for statement in outcome.values:
            self.statement(statement)
        self.list_rows.update({one.list for one in outcome.values if isinstance(one, Listing)})

    def statement(self, statement: Statement) -> None:
        match statement:
            case Entity():
                self.add("entity", (statement.id, entity_body(statement)))
            case Listing():
                self.add("listing", (statement.id, statement.entity, statement.list, listing_body(statement)))
            case Interest():
                row = (statement.id, statement.subject, statement.interested_party, interest_body(statement))
                self.add("interest", row)
            case Link():
                self.add("link", (statement.id, statement.subject, statement.object, link_body(statement)))

    def add(self, table: str, row: tuple[object, ...]) -> None:
        rows = self.pending[table]
        rows.append(row)
        if len(rows) >= BATCH:
            self.connection.executemany(INSERT[table], rows)
            rows.clear()

    def flush(self) -> None:
        for table, rows in self.pending.items():
            self.connection.executemany(INSERT[table], rows)
            rows.clear()


def _merge_entities(connection: sqlite3.Connection) -> None:
    """Makes the records of one id one record, in the order they came."""
    connection.execute("CREATE INDEX entity_by_id ON entity (id)")
    repeated = [id for (id,) in connection.execute("SELECT id FROM entity GROUP BY id HAVING count(*) > 1")]
    for id in repeated:
        rows = connection.execute("SELECT rowid, body FROM entity WHERE id = ? ORDER BY rowid", (id,)).fetchall()
        whole = merged(read_entity(id, body) for _, body in rows)
        connection.execute("UPDATE entity SET body = ? WHERE rowid = ?", (entity_body(whole), rows[0][0]))
        connection.executemany("DELETE FROM entity WHERE rowid = ?", [(rowid,) for rowid, _ in rows[1:]])
    connection.execute("DROP INDEX entity_by_id")


def _drop_repeats(connection: sqlite3.Connection, table: str) -> None:
    """Keeps one of rows that are equal in every column. Raises LayoutError where one id says two things."""
    connection.execute(f"CREATE INDEX {table}_by_id ON {table} (id)")
    repeated = connection.execute(f"SELECT id FROM {table} GROUP BY id HAVING count(*) > 1").fetchall()
    for (id,) in repeated:
        first, *others = connection.execute(f"SELECT rowid, * FROM {table} WHERE id = ? ORDER BY rowid", (id,)).fetchall()
        if any(other[1:] != first[1:] for other in others):
            raise LayoutError(f"two {table} statements of one id, {id!r}, say different things")
        connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(other[0],) for other in others])
    connection.execute(f"DROP INDEX {table}_by_id")


IDENTIFIERS = """
INSERT INTO identifier SELECT json_extract(one.value, '$[0]'), json_extract(one.value, '$[1]'), entity.id
FROM entity, json_each(entity.body, '$[5]') AS one
"""
"""The identifiers of every entity, out of the sixth field of its body (`body.entity_body`)."""


def write(path: Path, outcomes: Iterable[Taken[Statement] | SetAside]) -> Counts:
    """Writes a whole segment, or nothing. Raises StoreError for what the disk says, and whatever `outcomes` raises."""
    temporary = path.with_name(f".tmp-{os.getpid()}-{path.name}")
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            counts = _fill(connection, outcomes)
            connection.close()
            with open(temporary, "rb") as file:
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            connection.close()
            with suppress(FileNotFoundError):
                temporary.unlink()
    return counts


def _fill(connection: sqlite3.Connection, outcomes: Iterable[Taken[Statement] | SetAside]) -> Counts:
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    writer = _Writer(connection)
    for outcome in outcomes:
        writer.outcome(outcome)
    writer.flush()
    _merge_entities(connection)
    for table in ("listing", "interest", "link"):
        _drop_repeats(connection, table)
    connection.execute(IDENTIFIERS)
    for statement in filter(None, (line.strip() for line in INDEXES.split(";"))):
        connection.execute(statement)
    statements = {
        table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        for table in ("entity", "listing", "interest", "link")
    }
    lists = dict(connection.execute("SELECT list, count(*) FROM listing GROUP BY list ORDER BY list").fetchall())
    connection.execute("COMMIT")
    return Counts(writer.files, statements, dict(sorted(writer.list_rows.items())), lists, writer.reasons)


def shared_identifiers(
    segments: Iterable[Segment], decides: Callable[[Identifier], bool], scratch: Path
) -> Iterator[tuple[str, str]]:
    """(identifier, record) for every deciding identifier that two or more records carry, sorted; `scratch` is a new file.

    An identifier of the scheme `entity` is the id of another record, which carries it too, or the text by which the user's
    own tables name a party: the same text in two of them is one party, as it is in one.
    """
    connection = sqlite3.connect(scratch, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.execute("CREATE TABLE carried (identifier TEXT NOT NULL, entity TEXT NOT NULL)")
        connection.execute("BEGIN")
        for segment in segments:
            connection.executemany("INSERT INTO carried VALUES (?, ?)", segment.carried(decides))
            ids = ((f"entity:{id}", id) for id in segment.ids())
            connection.executemany("INSERT INTO carried VALUES (?, ?)", ids)
        connection.execute("COMMIT")
        connection.execute("CREATE INDEX carried_identifier ON carried (identifier, entity)")
        query = (
            "SELECT DISTINCT identifier, entity FROM carried WHERE identifier IN "
            "(SELECT identifier FROM carried GROUP BY identifier HAVING count(DISTINCT entity) > 1) ORDER BY 1, 2"
        )
        yield from connection.execute(query)
    finally:
        connection.close()
