"""The neighbourhood of a party out of a snapshot: its nodes, interests and links, and what is listed among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from resolver.graph import DatasetOf, Graph, Neighbourhood, by_prefix, current, is_current
from resolver.model import Entity, Interest, Link, Listing, merged
from resolver.rules.minority import LEAST_MINORITY
from resolver.rules.ties import SERVICES
from resolver.share import Share
from resolver.store import Proposal, Snapshot

FOLLOWED = frozenset((*SERVICES, "branch"))
MOST_RELATED = 50
"""Customers, and customers of theirs, whose owners are looked at."""


class Parties(Mapping[str, Entity]):
    """The canonical parties of a snapshot by id, each read when first asked: all its records as one."""

    def __init__(self, snapshot: Snapshot, ids: tuple[str, ...]) -> None:
        self._snapshot = snapshot
        self._ids = dict.fromkeys(ids)
        self._read: dict[str, Entity] = {}

    def __getitem__(self, id: str) -> Entity:
        if id not in self._read:
            self._read[id] = party(self._snapshot, id)
        return self._read[id]

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def party(snapshot: Snapshot, canonical: str) -> Entity:
    """All records of a canonical party as one, under the canonical id."""
    from resolver.model import Schema

    records = [entity for id in snapshot.links_file.members(canonical) if (entity := snapshot.entity(id)) is not None]
    if not records:
        return Entity(canonical, Schema.LEGAL_ENTITY, ())
    return replace(merged(records), id=canonical)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules are asked about: the neighbourhood, the listings of its parties by canonical id, which of them rest on
    a proposal by name alone (by canonical id and listing id), and how many parties were left out."""

    neighbourhood: Neighbourhood
    listings: Mapping[str, tuple[Listing, ...]]
    proposals: Mapping[tuple[str, str], Proposal]
    cut: int


def around(snapshot: Snapshot, graph: Graph, canonical: str) -> Surroundings:
    """The surroundings of a canonical party."""
    found = graph.around(canonical)
    links = _links(snapshot, canonical)
    nodes, edges, cut = dict.fromkeys(found.nodes), dict.fromkeys(found.edges), found.cut
    for other in _related(snapshot, canonical, links):
        beside = graph.around(other)
        nodes.update(dict.fromkeys(beside.nodes))
        edges.update(dict.fromkeys(beside.edges))
        cut += beside.cut
    ids = dict.fromkeys([*nodes, *(end for link in links for end in (link.subject, link.object))])
    interests = tuple(_canonical(snapshot, snapshot.interest(segment, row)) for segment, row in edges)
    listings: dict[str, tuple[Listing, ...]] = {}
    proposals: dict[tuple[str, str], Proposal] = {}
    for id in ids:
        own = {listing.id: listing for listing in _listings(snapshot, id)}
        for proposal in snapshot.links_file.proposals(id):
            for listing in _listings(snapshot, snapshot.links_file.canonical(proposal.listed)):
                if listing.id not in own:
                    own[listing.id] = listing
                    proposals[id, listing.id] = proposal
        if own:
            listings[id] = tuple(own.values())
    neighbourhood = Neighbourhood(Parties(snapshot, tuple(ids)), interests, tuple(links), snapshot_sources(snapshot))
    return Surroundings(neighbourhood, listings, proposals, cut)


def _listings(snapshot: Snapshot, canonical: str) -> list[Listing]:
    """The listings of every record of a party."""
    return [listing for member in snapshot.links_file.members(canonical) for listing in snapshot.listings(member)]


def small_holders(surroundings: Surroundings, canonical: str, as_of: date) -> int:
    """How many listed parties hold less of a party, each, than a MINORITY row shows."""
    held: dict[str, Share | None] = {}
    for one in current(surroundings.neighbourhood.interests, as_of):
        entries = surroundings.listings.get(one.interested_party, ())
        if one.subject == canonical and any(is_current(it.listing_date, it.end_date, as_of) for it in entries):
            held[one.interested_party] = one.share
    return sum(share is not None and share.maximum < LEAST_MINORITY for share in held.values())


def snapshot_sources(snapshot: Snapshot) -> DatasetOf:
    """What counts as one source: a public dataset, and in a file of the user's own what its `source` column names."""
    datasets = snapshot.manifest.datasets
    return by_prefix((held.prefix for held in datasets), (held.prefix for held in datasets if held.imported))


def _links(snapshot: Snapshot, canonical: str) -> list[Link]:
    canonicals = snapshot.links_file
    links = {link.id: link for member in canonicals.members(canonical) for link in snapshot.links(member)}
    return [
        replace(link, subject=canonicals.canonical(link.subject), object=canonicals.canonical(link.object))
        for link in links.values()
    ]


def _related(snapshot: Snapshot, canonical: str, links: list[Link]) -> Iterable[str]:
    """The head office of a branch, the customers of a service and theirs: what is said of them is said of the party too.

    The customers' own services are added to the links.
    """
    directors = {link.subject for link in links if link.kind == "directorship" and link.object == canonical}
    for director in sorted(directors)[:MOST_RELATED]:
        links += [link for link in _links(snapshot, director) if link.kind == "directorship" and link not in links]
    related = {link.object: link for link in links if link.subject == canonical and link.kind in FOLLOWED}
    known = {link.id for link in links}
    for party in list(related)[:MOST_RELATED]:
        for link in _links(snapshot, party) if related[party].kind in SERVICES else ():
            if link.subject == party and link.kind in SERVICES and link.id not in known:
                links.append(link)
                related.setdefault(link.object, link)
    related.pop(canonical, None)
    return list(related)[:MOST_RELATED]


def _canonical(snapshot: Snapshot, interest: Interest) -> Interest:
    canonicals = snapshot.links_file
    subject, party = canonicals.canonical(interest.subject), canonicals.canonical(interest.interested_party)
    if subject == interest.subject and party == interest.interested_party:
        return interest
    return replace(interest, subject=subject, interested_party=party)
