"""What is joined from all segments at once: links, name index and graph, in one folder named after what went into it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from resolver import __version__, graph, identifiers, index, linker, match
from resolver.index import Index
from resolver.model import Entity, Lexicon, Name, Query, Schema
from resolver.store import Held, Home, Proposal, Segment
from resolver.store.snapshot import write_links
from resolver.store.writing import shared_identifiers

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
            shared = shared_identifiers(segments, identifiers.strong, Path(scratch) / "shared.sqlite")
            members = dict(linker.clusters(shared))
        progress("indexing names")
        index.build(folder / "names", _names(segments))
        listed = {members.get(id, id) for segment in segments for id in segment.listed()}
        names = Index(folder / "names")
        proposals = _settled(_proposals(datasets, segments, members, listed, names))
        progress("building the graph")
        marked = listed | {one.node for one in proposals}
        graph.build(folder / "graph", _edges(segments, members), marked)
        write_links(folder / "links.sqlite", members.items(), proposals)
    finally:
        for segment in segments:
            segment.close()


def _names(segments: list[Segment]) -> Iterator[tuple[str, Name, tuple[str, ...]]]:
    """Every name of every party; a party that is an address is found by the address."""
    for segment in segments:
        for entity in segment.entities():
            texts = map(Name, entity.addresses) if entity.schema is Schema.ADDRESS else entity.names
            for name in texts:
                yield entity.id, name, entity.countries


def _edges(segments: list[Segment], members: dict[str, str]) -> Iterator[tuple[str, str, int, int]]:
    for number, segment in enumerate(segments):
        for row, subject, party in segment.edges():
            yield members.get(subject, subject), members.get(party, party), number, row


def _proposals(
    datasets: tuple[Held, ...], segments: list[Segment], members: dict[str, str], listed: set[str], names: Index
) -> Iterator[tuple[bool, Proposal]]:
    """The listed parties that the names of parties of the graph propose.

    A register's party is compared with the listed parties of exactly its name less the legal form; a party of the user's
    own files, which carry few identifiers, with all that the index holds for it.
    """
    lexicon = names.lexicon
    for held, segment in zip(datasets, segments, strict=True):
        for id in segment.ends():
            entity = segment.entity(id)
            if entity is not None and entity.names:
                yield from _proposed(
                    members.get(id, id), entity, held.imported, datasets, segments, members, listed, names, lexicon
                )


def _settled(found: Iterable[tuple[bool, Proposal]]) -> list[Proposal]:
    """One proposal for each pair. A node that bears exactly a listed party's name proposes no other that it resembles, and
    a listed party whose exact name a node bears is proposed by no other: `Shenzhen SenseTime` is not `Beijing SenseTime`
    where both are known."""
    best: dict[tuple[str, str], tuple[bool, Proposal]] = {}
    for exact, one in found:
        known = best.get((one.node, one.listed))
        if known is None or (not exact, -one.score, one.name) < (not known[0], -known[1].score, known[1].name):
            best[one.node, one.listed] = (exact, one)
    nodes = {one.node for exact, one in best.values() if exact}
    parties = {one.listed for exact, one in best.values() if exact}
    settled = (one for exact, one in best.values() if exact or not (one.node in nodes or one.listed in parties))
    return sorted(settled, key=lambda one: (one.node, one.listed))


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
) -> Iterator[tuple[bool, Proposal]]:
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
            yield score >= match.SAME_NAME, Proposal(node, id, entity.caption, score)


def _entity(id: str, datasets: tuple[Held, ...], segments: list[Segment]) -> Entity | None:
    prefixes = sorted(enumerate(datasets), key=lambda item: len(item[1].prefix), reverse=True)
    number = next((number for number, held in prefixes if id.startswith(held.prefix + "-")), None)
    return segments[number].entity(id) if number is not None else None
