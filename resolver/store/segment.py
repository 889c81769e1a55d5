"""A segment: all statements of one dataset at one time, in one SQLite file that is written once and never changed.

Each statement is one row: the keys it is looked up by as columns, the whole of it as JSON in `body`. A segment is
written under a temporary name and renamed when it is whole, so that a killed process leaves no half segment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing
from resolver.store.body import read_entity, read_interest, read_link, read_listing


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

    def listed_entities(self) -> Iterator[Entity]:
        """Every entity with a listing."""
        query = "SELECT id, body FROM entity WHERE id IN (SELECT entity FROM listing) ORDER BY rowid"
        for id, body in self.connection.execute(query):
            yield read_entity(id, body)

    def unlisted_entities(self) -> Iterator[Entity]:
        """Every entity without a listing."""
        query = "SELECT id, body FROM entity WHERE id NOT IN (SELECT entity FROM listing) ORDER BY rowid"
        for id, body in self.connection.execute(query):
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

    def has_listings(self) -> bool:
        """Whether anybody is listed in it."""
        return self.connection.execute("SELECT 1 FROM listing LIMIT 1").fetchone() is not None

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

    def links(self, entity: str) -> list[Link]:
        """The links that an entity is an end of."""
        query = "SELECT id, subject, object, body FROM link WHERE subject = ?1 OR object = ?1 ORDER BY id"
        return [read_link(*row) for row in self.connection.execute(query, (entity,))]

    def close(self) -> None:
        """Closes the file."""
        self.connection.close()
