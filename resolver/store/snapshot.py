"""A snapshot: a manifest that names one segment per dataset and what was joined from them, and the way to read it.

A reader holds the manifest it opened: a refresh that publishes a newer one meanwhile changes nothing under it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from resolver.errors import StoreError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing, PublicList
from resolver.store.segment import Segment

FRESH = {"hourly": 2, "daily": 3, "weekly": 10, "monthly": 40, "irregular": 30}
"""Days after which a dataset of a frequency is stale; one that comes on demand never is."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a snapshot holds of one dataset. `files` gives read, kept and set aside by file; `list_date` is the day of the
    publisher's edition; a `problem` says why the last refresh left older data in force."""

    name: str
    title: str
    publisher: str
    url: str
    licence: str
    country: str
    prefix: str
    format: str
    frequency: str
    imported: bool
    lists: tuple[PublicList, ...]
    layout_seen: str
    segment: str
    key: str
    rows: int
    files: dict[str, dict[str, int]]
    statements: dict[str, int]
    list_rows: dict[str, int]
    entries: dict[str, int]
    reasons: tuple[str, ...]
    downloads: tuple[dict[str, Any], ...]
    list_date: str
    retrieved_at: str
    problem: str = ""

    def age(self, day: date) -> int:
        """The days from the edition to a day."""
        return (day - date.fromisoformat(self.list_date)).days

    def stale(self, day: date) -> str:
        """Why the data is stale on that day: the last refresh failed, or it is older than its frequency allows; or empty."""
        if self.problem:
            return f"{self.name}: {self.problem}"
        if self.age(day) > FRESH.get(self.frequency, 10_000):
            return f"{self.name}: the data is of {self.list_date}, {self.age(day):,} days before"
        return ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot as data. `joined` names the folder of links, index and graph made from exactly these segments."""

    version: str
    created_at: str
    software_version: str
    joined: str
    datasets: tuple[Held, ...]

    def to_json(self) -> str:
        """The manifest as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> Manifest:
        """A manifest as it was written. Raises ValueError, KeyError or TypeError for anything else."""
        read = json.loads(text)
        held = []
        for one in read.pop("datasets"):
            lists = tuple(
                PublicList(each["code"], tuple(each["regimes"]), each["legal_effect"]) for each in one.pop("lists")
            )
            reasons, downloads = tuple(one.pop("reasons")), tuple(one.pop("downloads"))
            held.append(Held(lists=lists, reasons=reasons, downloads=downloads, **one))
        return Manifest(datasets=tuple(held), **read)


LINKS = """
CREATE TABLE member (entity TEXT PRIMARY KEY, canonical TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX member_canonical ON member (canonical);
CREATE TABLE proposal (node TEXT NOT NULL, listed TEXT NOT NULL, name TEXT NOT NULL, score REAL NOT NULL,
                       PRIMARY KEY (node, listed)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name alone says that `node`, a party of the ownership graph, may be the listed party `listed`; nobody decided."""

    node: str
    listed: str
    name: str
    score: float


def write_links(path: Path, members: Iterable[tuple[str, str]], proposals: Iterable[Proposal]) -> None:
    """Writes which record belongs to which canonical party, and the proposals, in a new file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + LINKS)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO member VALUES (?, ?)", members)
        rows = ((one.node, one.listed, one.name, one.score) for one in proposals)
        connection.executemany("INSERT INTO proposal VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    finally:
        connection.close()


class Links:
    """Canonical parties and proposals, read-only."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)

    def canonical(self, entity: str) -> str:
        """The canonical id of the party that the record belongs to: its own where no other record is the same party."""
        row = self.connection.execute("SELECT canonical FROM member WHERE entity = ?", (entity,)).fetchone()
        return str(row[0]) if row else entity

    def members(self, canonical: str) -> list[str]:
        """Every record of a party, the canonical one included."""
        rows = self.connection.execute("SELECT entity FROM member WHERE canonical = ? ORDER BY entity", (canonical,))
        return [entity for (entity,) in rows] or [canonical]

    def proposals(self, node: str) -> list[Proposal]:
        """The listed parties that a node's name proposes, best first."""
        query = "SELECT node, listed, name, score FROM proposal WHERE node = ? ORDER BY score DESC, listed"
        return [Proposal(*row) for row in self.connection.execute(query, (node,))]


class Snapshot:
    """An open snapshot. Segments are opened when first asked."""

    def __init__(self, home: Path, manifest: Manifest) -> None:
        self.home = home
        self.manifest = manifest
        self.joined = home / "joined" / manifest.joined
        self._by_prefix = sorted(manifest.datasets, key=lambda held: len(held.prefix), reverse=True)
        self._segments: dict[str, Segment] = {}
        self._links: Links | None = None

    @property
    def version(self) -> str:
        """The snapshot's name."""
        return self.manifest.version

    @property
    def links_file(self) -> Links:
        """The canonical parties and proposals."""
        if self._links is None:
            self._links = self._open(Links, self.joined / "links.sqlite")
        return self._links

    def _open(self, kind: Any, path: Path) -> Any:
        try:
            return kind(path)
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {path}: {error}; run `resolver refresh` to build it again") from error

    def held(self, id: str) -> Held | None:
        """The dataset that an entity id belongs to, by its prefix."""
        return next((held for held in self._by_prefix if id.startswith(held.prefix + "-")), None)

    def segment(self, held: Held) -> Segment:
        """The open segment of a dataset."""
        if held.name not in self._segments:
            self._segments[held.name] = self._open(Segment, self.home / "segments" / held.segment)
        return self._segments[held.name]

    def segments(self) -> Iterator[tuple[Held, Segment]]:
        """Every dataset with its segment, in the manifest's order."""
        for held in self.manifest.datasets:
            yield held, self.segment(held)

    def entity(self, id: str) -> Entity | None:
        """The entity of that id, as its own dataset states it."""
        held = self.held(id)
        return self.segment(held).entity(id) if held else None

    def listings(self, entity: str) -> list[Listing]:
        """The listings of one record."""
        held = self.held(entity)
        return self.segment(held).listings(entity) if held and held.lists else []

    def identified(self, identifier: Identifier) -> list[str]:
        """The records that carry an identifier, of every dataset."""
        if identifier.scheme == "entity" and self.entity(identifier.value):
            return [identifier.value]
        return [id for _, segment in self.segments() for id in segment.identified(identifier)]

    def links(self, entity: str) -> list[Link]:
        """The ties that a record is an end of, of every dataset that states any."""
        return [link for held, segment in self.segments() if held.statements.get("link") for link in segment.links(entity)]

    def interest(self, segment: int, row: int) -> Interest:
        """The interest at a row of the manifest's segment of that number."""
        return self.segment(self.manifest.datasets[segment]).interest(row)

    def list_facts(self) -> Mapping[str, tuple[PublicList, Held]]:
        """By list code: what the list is, and the dataset that it came with."""
        return {one.code: (one, held) for held in reversed(self.manifest.datasets) for one in held.lists}

    def close(self) -> None:
        """Closes every file."""
        for segment in self._segments.values():
            segment.close()
        if self._links is not None:
            self._links.connection.close()
