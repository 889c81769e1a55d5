"""A segment: all statements of one dataset at one time, in one SQLite file that is written once and never changed.

Each statement is one row: the keys it is looked up by as columns, the whole of it as JSON in `body`. A segment is
written under a temporary name and renamed when it is whole, so that a killed process leaves no half segment.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from resolver.errors import StoreError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing, Name, NameKind, Schema, Statement, merged
from resolver.record import SetAside, Taken
from resolver.share import Share

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
    "identifier": "INSERT INTO identifier VALUES (?, ?, ?)",
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


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def entity_body(entity: Entity) -> str:
    """An entity as JSON, without its id."""
    return _compact(
        [
            entity.schema.value,
            [[name.text, name.kind.value, name.lang, name.script] for name in entity.names],
            entity.countries,
            entity.jurisdiction,
            entity.addresses,
            [[one.scheme, one.value] for one in entity.identifiers],
            entity.incorporation_date,
            entity.dissolution_date,
            entity.birth_date,
            entity.topics,
        ]
    )


def read_entity(id: str, body: str) -> Entity:
    """An entity from its JSON."""
    schema, names, countries, jurisdiction, addresses, identifiers, incorporated, dissolved, born, topics = json.loads(body)
    return Entity(
        id=id,
        schema=Schema(schema),
        names=tuple(Name(text, NameKind(kind), lang, script) for text, kind, lang, script in names),
        countries=tuple(countries),
        jurisdiction=jurisdiction,
        addresses=tuple(addresses),
        identifiers=tuple(Identifier(scheme, value) for scheme, value in identifiers),
        incorporation_date=incorporated,
        dissolution_date=dissolved,
        birth_date=born,
        topics=tuple(topics),
    )


def listing_body(listing: Listing) -> str:
    """A listing as JSON, without its id, entity and list."""
    return _compact(
        [
            listing.authority,
            listing.program,
            listing.measure,
            listing.scope,
            _day(listing.listing_date),
            _day(listing.end_date),
            listing.reason,
            listing.licence_requirement,
            listing.licence_policy,
            listing.citation,
            listing.source_url,
        ]
    )


def read_listing(id: str, entity: str, list_code: str, body: str) -> Listing:
    """A listing from its JSON."""
    authority, program, measure, scope, start, end, reason, requirement, policy, citation, url = json.loads(body)
    return Listing(
        id=id,
        entity=entity,
        list=list_code,
        authority=authority,
        program=tuple(program),
        measure=measure,
        scope=scope,
        listing_date=_read_day(start),
        end_date=_read_day(end),
        reason=reason,
        licence_requirement=requirement,
        licence_policy=policy,
        citation=citation,
        source_url=url,
    )


def interest_body(interest: Interest) -> str:
    """An interest as JSON, without its id and its two ends."""
    share = interest.share
    ends = [str(share.minimum), str(share.maximum), share.exclusive_minimum, share.exclusive_maximum] if share else None
    return _compact(
        [
            interest.type,
            interest.direct_or_indirect,
            ends,
            _day(interest.start_date),
            _day(interest.end_date),
            interest.joint,
            interest.source,
        ]
    )


def read_interest(id: str, subject: str, interested_party: str, body: str) -> Interest:
    """An interest from its JSON."""
    type_, direct_or_indirect, ends, start, end, joint, source = json.loads(body)
    share = Share(Fraction(ends[0]), Fraction(ends[1]), ends[2], ends[3]) if ends else None
    return Interest(
        id=id,
        subject=subject,
        interested_party=interested_party,
        type=type_,
        direct_or_indirect=direct_or_indirect,
        share=share,
        start_date=_read_day(start),
        end_date=_read_day(end),
        joint=joint,
        source=source,
    )


def link_body(link: Link) -> str:
    """A link as JSON, without its id and its two ends."""
    return _compact([link.kind, _day(link.start_date), _day(link.end_date), link.source])


def read_link(id: str, subject: str, object: str, body: str) -> Link:
    """A link from its JSON."""
    kind, start, end, source = json.loads(body)
    return Link(id, kind, subject, object, _read_day(start), _read_day(end), source)


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
    """Keeps one of rows that are equal in every column. Raises StoreError where one id says two things."""
    columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
    connection.execute(f"DELETE FROM {table} WHERE rowid NOT IN (SELECT min(rowid) FROM {table} GROUP BY {columns})")
    twice = connection.execute(f"SELECT id FROM {table} GROUP BY id HAVING count(*) > 1 LIMIT 1").fetchone()
    if twice:
        raise StoreError(f"two {table} statements of one id, {twice[0]!r}, say different things")


def _write_identifiers(connection: sqlite3.Connection) -> None:
    writer = _Writer(connection)
    for id, body in connection.execute("SELECT id, body FROM entity").fetchall():
        for scheme, value in json.loads(body)[5]:
            writer.add("identifier", (scheme, value, id))
    writer.flush()


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns what the disk or SQLite says into one line with the path."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"cannot write {path}: {error}; free some space or check the folder's rights") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {path}: {reason}; free some space or check the folder's rights") from error


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
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;")
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    writer = _Writer(connection)
    for outcome in outcomes:
        writer.outcome(outcome)
    writer.flush()
    _merge_entities(connection)
    for table in ("listing", "interest", "link"):
        _drop_repeats(connection, table)
    _write_identifiers(connection)
    for statement in filter(None, (line.strip() for line in INDEXES.split(";"))):
        connection.execute(statement)
    statements = {
        table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        for table in ("entity", "listing", "interest", "link")
    }
    lists = dict(connection.execute("SELECT list, count(*) FROM listing GROUP BY list ORDER BY list").fetchall())
    connection.execute("COMMIT")
    return Counts(writer.files, statements, dict(sorted(writer.list_rows.items())), lists, writer.reasons)


class Segment:
    """An open segment, read-only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)

    def entity(self, id: str) -> Entity | None:
        """The entity of that id."""
        row = self.connection.execute("SELECT body FROM entity WHERE id = ?", (id,)).fetchone()
        return read_entity(id, row[0]) if row else None

    def ids(self) -> Iterator[str]:
        """The id of every entity."""
        for (id,) in self.connection.execute("SELECT id FROM entity"):
            yield id

    def entities(self) -> Iterator[Entity]:
        """Every entity."""
        for id, body in self.connection.execute("SELECT id, body FROM entity ORDER BY rowid"):
            yield read_entity(id, body)

    def identified(self, identifier: Identifier) -> list[str]:
        """The ids of the entities that carry the identifier."""
        query = "SELECT entity FROM identifier WHERE scheme = ? AND value = ? ORDER BY entity"
        return [id for (id,) in self.connection.execute(query, (identifier.scheme, identifier.value))]

    def carried(self, decides: Callable[[Identifier], bool]) -> Iterator[tuple[str, str]]:
        """(identifier, entity) for every identifier of a scheme that decides."""
        schemes = self.connection.execute("SELECT scheme, min(value) FROM identifier GROUP BY scheme ORDER BY scheme")
        for scheme in [scheme for scheme, value in schemes if decides(Identifier(scheme, value))]:
            query = "SELECT scheme || ':' || value, entity FROM identifier WHERE scheme = ?"
            yield from self.connection.execute(query, (scheme,))

    def listings(self, entity: str) -> list[Listing]:
        """The listings of an entity."""
        query = "SELECT id, entity, list, body FROM listing WHERE entity = ? ORDER BY id"
        return [read_listing(*row) for row in self.connection.execute(query, (entity,))]

    def all_listings(self) -> Iterator[Listing]:
        """Every listing, by id."""
        for row in self.connection.execute("SELECT id, entity, list, body FROM listing ORDER BY id"):
            yield read_listing(*row)

    def listed(self) -> Iterator[str]:
        """The ids of the entities with a listing."""
        for (id,) in self.connection.execute("SELECT DISTINCT entity FROM listing ORDER BY entity"):
            yield id

    def ends(self) -> Iterator[str]:
        """The ids of every party that is an end of an interest or a link."""
        query = (
            "SELECT subject FROM interest UNION SELECT interested_party FROM interest "
            "UNION SELECT subject FROM link UNION SELECT object FROM link ORDER BY 1"
        )
        for (id,) in self.connection.execute(query):
            yield id

    def has_name(self, text: str) -> bool:
        """Whether the text stands in the record of any party."""
        query = "SELECT 1 FROM entity WHERE instr(lower(body), lower(?)) LIMIT 1"
        return self.connection.execute(query, (text,)).fetchone() is not None

    def edges(self) -> Iterator[tuple[int, str, str]]:
        """Every interest as (row, subject, interested party)."""
        yield from self.connection.execute("SELECT rowid, subject, interested_party FROM interest ORDER BY rowid")

    def interest(self, row: int) -> Interest:
        """The interest of a row."""
        query = "SELECT id, subject, interested_party, body FROM interest WHERE rowid = ?"
        return read_interest(*self.connection.execute(query, (row,)).fetchone())

    def all_interests(self) -> Iterator[Interest]:
        """Every interest, by id."""
        for row in self.connection.execute("SELECT id, subject, interested_party, body FROM interest ORDER BY id"):
            yield read_interest(*row)

    def all_links(self) -> Iterator[Link]:
        """Every link, by id."""
        for row in self.connection.execute("SELECT id, subject, object, body FROM link ORDER BY id"):
            yield read_link(*row)

    def links(self, entity: str) -> list[Link]:
        """The links that an entity is an end of."""
        query = "SELECT id, subject, object, body FROM link WHERE subject = ?1 OR object = ?1 ORDER BY id"
        return [read_link(*row) for row in self.connection.execute(query, (entity,))]

    def close(self) -> None:
        """Closes the file."""
        self.connection.close()


def shared_identifiers(
    segments: Iterable[Segment], decides: Callable[[Identifier], bool], scratch: Path
) -> Iterator[tuple[str, str]]:
    """(identifier, record) for every deciding identifier that two or more records carry, sorted; `scratch` is a new file.

    An identifier of the scheme `entity` is the id of another record: that record carries it too.
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
