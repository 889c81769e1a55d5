"""What is joined from all segments at once: links, name index and graph, in one folder named after what went into it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from resolver import __version__, graph, identifiers, index, linker, match, store
from resolver.index import Index
from resolver.model import Entity, Lexicon, Name, Query
from resolver.store import Held, Home, Proposal, Segment

JOINING = ("arrays", "graph", "identifiers", "index", "linker", "match", "names", "lexicon", "refresh")
"""The rooms whose code decides what is joined: another text of theirs makes another folder."""

PROPOSE = match.DEFAULT_THRESHOLD
CANDIDATES = 20


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
            shared = store.shared_identifiers(segments, identifiers.strong, Path(scratch) / "shared.sqlite")
            members = dict(linker.clusters(shared))
        progress("indexing names")
        index.build(folder / "names", _names(segments))
        listed = {members.get(id, id) for segment in segments for id in segment.listed()}
        names = Index(folder / "names")
        proposals = sorted(_proposals(datasets, segments, members, listed, names), key=lambda one: (one.node, one.listed))
        progress("building the graph")
        marked = listed | {one.node for one in proposals}
        graph.build(folder / "graph", _edges(segments, members), marked)
        store.write_links(folder / "links.sqlite", members.items(), proposals)
    finally:
        for segment in segments:
            segment.close()


def _names(segments: list[Segment]) -> Iterator[tuple[str, Name, tuple[str, ...]]]:
    for segment in segments:
        for entity in segment.entities():
            for name in entity.names:
                yield entity.id, name, entity.countries


def _edges(segments: list[Segment], members: dict[str, str]) -> Iterator[tuple[str, str, int, int]]:
    for number, segment in enumerate(segments):
        for row, subject, party in segment.edges():
            yield members.get(subject, subject), members.get(party, party), number, row


def _proposals(
    datasets: tuple[Held, ...], segments: list[Segment], members: dict[str, str], listed: set[str], names: Index
) -> Iterator[Proposal]:
    """The listed parties that the names of unlisted parties of the graph propose.

    A register's party is compared with the listed parties of exactly its name less the legal form; a party of the user's
    own files, which carry few identifiers, with all that the index holds for it.
    """
    lexicon = names.lexicon
    for held, segment in zip(datasets, segments, strict=True):
        for id in segment.ends():
            node = members.get(id, id)
            if node in listed:
                continue
            entity = segment.entity(id)
            if entity is None or not entity.names:
                continue
            yield from _proposed(node, entity, held.imported, datasets, segments, members, listed, names, lexicon)


def _proposed(
    node: str,
    entity: Entity,
    widely: bool,
    datasets: tuple[Held, ...],
    segments: list[Segment],
    members: dict[str, str],
    listed: set[str],
    names: Index,
    lexicon: Lexicon,
) -> Iterator[Proposal]:
    found: dict[str, float] = {}
    query = Query(entity.names, entity.countries, entity.identifiers, entity.addresses)
    for name in entity.names:
        candidates = list(names.exact(name.text))
        if widely:
            candidates += names.candidates(name.text, limit=CANDIDATES)
        for id in dict.fromkeys(candidate.entity for candidate in candidates):
            party = members.get(id, id)
            if id in found or party == node or party not in listed:
                continue
            other = _entity(id, datasets, segments)
            if other is not None:
                found[id] = match.match(query, other, lexicon).score
    for id, score in sorted(found.items()):
        if score >= PROPOSE:
            yield Proposal(node, id, entity.caption, score)


def _entity(id: str, datasets: tuple[Held, ...], segments: list[Segment]) -> Entity | None:
    prefixes = sorted(enumerate(datasets), key=lambda item: len(item[1].prefix), reverse=True)
    number = next((number for number, held in prefixes if id.startswith(held.prefix + "-")), None)
    return segments[number].entity(id) if number is not None else None
