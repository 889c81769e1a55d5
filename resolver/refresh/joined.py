"""What is joined from all segments at once: links, name index and graph, in one folder named after what went into it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from resolver import __version__, graph, identifiers, index, linker
from resolver.index import Directory
from resolver.match import tenancy
from resolver.model import Entity, Name, Schema
from resolver.refresh.proposed import Records, found, settled
from resolver.store import Held, Home, Segment
from resolver.store.snapshot import write_links
from resolver.store.writing import shared_identifiers

JOINING = ("arrays", "graph", "identifiers", "index", "linker", "match", "model", "names", "lexicon", "refresh", "store")
"""The rooms whose code decides what is joined: another text of theirs makes another folder."""


def join(home: Home, datasets: tuple[Held, ...], progress: Callable[[str], None]) -> str:
    """Joins the segments, unless that was done before, and gives the key of the folder."""
    key = _key(datasets)
    with home.new_joined(key) as folder:
        if folder is not None:
            _build(home, datasets, folder, progress)
    return key


def _key(datasets: tuple[Held, ...]) -> str:
    digest = hashlib.sha256(repr((__version__, [(held.name, held.prefix, held.key) for held in datasets])).encode())
    package = Path(__file__).parent.parent
    for room in JOINING:
        for path in sorted([package / f"{room}.py", *(package / room).rglob("*")]):
            if path.suffix in (".py", ".tsv") and path.is_file():
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _build(home: Home, datasets: tuple[Held, ...], folder: Path, progress: Callable[[str], None]) -> None:
    segments = [Segment(home.segments / held.segment) for held in datasets]
    try:
        progress("linking records by their identifiers")
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            shared = shared_identifiers(segments, identifiers.strong, Path(scratch) / "shared.sqlite")
            members = dict(linker.clusters(shared))
        progress("indexing names")
        listed = {id for segment in segments for id in segment.listed()}
        index.build_directory(folder, _names(segments, True), _names(segments, False))
        progress("comparing names with the listed parties")
        records = Records(datasets, segments, members, listed)
        proposals = settled(found(records, Directory(folder)))
        progress("looking for the units of listed parties")
        tenancy.build(folder / "addresses", _of_lists(segments, listed), _of_registers(segments), members)
        progress("building the graph")
        marked = {records.party(id) for id in listed} | {one.node for one in proposals}
        graph.build(folder / "graph", _edges(segments, members), marked)
        write_links(folder / "links.sqlite", members.items(), proposals)
    finally:
        for segment in segments:
            segment.close()


def _names(segments: list[Segment], wanted: bool) -> Iterator[tuple[str, Name, tuple[str, ...]]]:
    """Every name of every listed party, or of every other; a party that is an address is found by the address."""
    for segment in segments:
        for entity in segment.listed_entities() if wanted else segment.unlisted_entities():
            texts = map(Name, entity.addresses) if entity.schema is Schema.ADDRESS else entity.names
            for name in texts:
                yield entity.id, name, entity.countries


def _of_lists(segments: list[Segment], listed: set[str]) -> Iterator[tuple[Entity, bool]]:
    """The parties of the lists, each with whether it is listed itself."""
    for segment in segments:
        for entity in segment.entities() if segment.has_listings() else ():
            yield entity, entity.id in listed


def _of_registers(segments: list[Segment]) -> Iterator[Entity]:
    for segment in segments:
        if not segment.has_listings():
            yield from segment.entities()


def _edges(segments: list[Segment], members: dict[str, str]) -> Iterator[tuple[str, str, int, int]]:
    for number, segment in enumerate(segments):
        for row, subject, party in segment.edges():
            yield members.get(subject, subject), members.get(party, party), number, row
