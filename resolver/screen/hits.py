"""index > match: the parties that a question may mean, and the listed parties that share its brand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resolver import identifiers, match
from resolver.graph import Graph
from resolver.index import Directory
from resolver.model import Entity, Feature, Match, Name, NameKind, Query, Schema
from resolver.store import Snapshot

CANDIDATES = 50
MOST_UNLISTED = 10
"""Unlisted parties that one question is followed to: more of them and the name says nothing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A party that the question may mean. `status` is identifier, judged or potential; `canonical` its cluster's id,
    `listed` whether any record of the cluster is; `named` says that it bears the very name asked."""

    entity: Entity
    canonical: str
    match: Match
    status: str
    listed: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """Every hit, best first, and the matches below the threshold that share a distinctive brand with the question."""

    hits: tuple[Hit, ...]
    family: tuple[tuple[Entity, Match], ...]
    dropped: int


def find(snapshot: Snapshot, names: Directory, graph: Graph, query: Query, threshold: float) -> Hits:
    """The parties of the snapshot that the question may mean, by identifier or by name at the threshold or above.

    Every listed party is kept; of the others those that bear the very name asked come first, then those with owners.
    """
    found: dict[str, Hit] = {}
    for identifier in query.identifiers:
        if not identifiers.strong(identifier):
            continue
        for id in snapshot.identified(identifier):
            entity = snapshot.entity(id)
            if entity is not None:
                feature = Feature("identifier", 1.0, f"same {identifier.scheme}: {identifier.value}")
                one = Match(query.names[0].text, id, _caption(entity), 1.0, (feature,))
                found[id] = _hit(snapshot, entity, one, "identifier", True)
    found.update(_at_listed_addresses(snapshot, names, query))
    family: list[tuple[Entity, Match]] = []
    candidates = (candidate.entity for name in query.names for candidate in names.candidates(name.text, limit=CANDIDATES))
    for id in dict.fromkeys(candidates):
        if id in found:
            continue
        entity = snapshot.entity(id)
        if entity is None or entity.schema is Schema.ADDRESS:
            continue
        one = match.match(query, entity, names.lexicon)
        if one.score >= threshold:
            found[id] = _hit(snapshot, entity, one, "potential", one.score >= match.SAME_NAME)
        elif match.is_family(query, entity, one):
            family.append((entity, one))
    hits = sorted(
        found.values(), key=lambda hit: (hit.status != "identifier", -hit.match.score, not hit.listed, hit.entity.id)
    )
    listed = [hit for hit in hits if hit.listed]
    unlisted = [hit for hit in hits if not hit.listed]
    unlisted.sort(key=lambda hit: (not hit.named, not graph.has_owners(hit.canonical)))
    kept = {hit.entity.id for hit in (*listed, *unlisted[:MOST_UNLISTED])}
    family.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    return Hits(tuple(hit for hit in hits if hit.entity.id in kept), tuple(family), max(0, len(unlisted) - MOST_UNLISTED))


def _at_listed_addresses(snapshot: Snapshot, names: Directory, query: Query) -> Iterator[tuple[str, Hit]]:
    """The entries that are an address which the party asked about uses."""
    for address in query.addresses:
        for candidate in names.listed.candidates(address, limit=CANDIDATES):
            entity = snapshot.entity(candidate.entity)
            if entity is None or entity.schema is not Schema.ADDRESS:
                continue
            listed = next((one for one in entity.addresses if match.same_address(address, one)), None)
            if listed is not None:
                feature = Feature("address", 1.0, f"the address asked is the entry's: {listed}")
                one = Match(query.names[0].text, entity.id, _caption(entity), 1.0, (feature,))
                yield entity.id, _hit(snapshot, entity, one, "potential", False)


def _caption(entity: Entity) -> Name:
    return entity.names[0] if entity.names else Name(entity.id, NameKind.PRIMARY)


def _hit(snapshot: Snapshot, entity: Entity, one: Match, status: str, named: bool) -> Hit:
    canonical = snapshot.links_file.canonical(entity.id)
    listed = any(snapshot.listings(member) for member in snapshot.links_file.members(canonical))
    return Hit(entity, canonical, one, status, listed, named)
