"""Which listed parties the names of others propose: a name alone never merges two records, it is said with its score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from resolver import match
from resolver.index import Directory
from resolver.model import Entity, Query, Schema
from resolver.store import Held, Proposal, Segment

PROPOSE = match.DEFAULT_THRESHOLD
CANDIDATES = 20
WIDELY = frozenset(("own_ownership", "own_links"))
"""The user's own tables carry few identifiers: their parties are compared with all that the index holds for them; those of
registers with the listed parties of exactly their name, less the legal form."""


class Records:
    """The records of all segments: their parties, and what is listed among them."""

    def __init__(
        self, datasets: tuple[Held, ...], segments: list[Segment], members: dict[str, str], listed: set[str]
    ) -> None:
        self.datasets, self.segments, self.listed = datasets, segments, listed
        self._members = members
        self._prefixes = sorted(enumerate(datasets), key=lambda item: len(item[1].prefix), reverse=True)

    def party(self, id: str) -> str:
        """The canonical party of a record."""
        return self._members.get(id, id)

    def dataset(self, id: str) -> int:
        """The number of the dataset that a record is of. Raises LookupError for an id of none."""
        for number, held in self._prefixes:
            if id.startswith(held.prefix + "-"):
                return number
        raise LookupError(id)

    def entity(self, id: str) -> Entity | None:
        """The record of that id."""
        return self.segments[self.dataset(id)].entity(id)

    def lists(self, id: str) -> frozenset[str]:
        """The lists that a record stands on."""
        return frozenset(listing.list for listing in self.segments[self.dataset(id)].listings(id))


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal before it is settled: whether the names are the very same, the dataset whose record proposes it, and the
    lists that the proposed party stands on."""

    proposal: Proposal
    same: bool
    dataset: int
    lists: frozenset[str]


def found(records: Records, names: Directory) -> Iterator[Found]:
    """Every proposal: of the user's own parties and of the lists' own ends, then of registers by exactly equal names."""
    for held, segment in zip(records.datasets, records.segments, strict=True):
        if held.imported or held.lists:
            for id in segment.ends():
                entity = segment.entity(id)
                if entity is not None and entity.names:
                    yield from _of_party(records, names, entity, held.format in WIDELY)
    registers = any(not (held.imported or held.lists) for held in records.datasets)
    for id in sorted(records.listed) if registers else ():
        listed = records.entity(id)
        for name in listed.names if listed is not None else ():
            for candidate in names.others.exact(name.text):
                held = records.datasets[records.dataset(candidate.entity)]
                entity = records.entity(candidate.entity)
                if listed is not None and entity is not None and not (held.imported or held.lists):
                    yield from _compared(records, names, entity, listed)


def _of_party(records: Records, names: Directory, entity: Entity, widely: bool) -> Iterator[Found]:
    met: set[str] = set()
    for name in entity.names:
        candidates = list(names.listed.exact(name.text))
        if widely:
            candidates += names.listed.candidates(name.text, CANDIDATES)
        for candidate in candidates:
            listed = records.entity(candidate.entity) if candidate.entity not in met else None
            met.add(candidate.entity)
            if listed is not None:
                yield from _compared(records, names, entity, listed)


def _compared(records: Records, names: Directory, entity: Entity, listed: Entity) -> Iterator[Found]:
    node = records.party(entity.id)
    if records.party(listed.id) == node or _other_person(entity, listed):
        return
    query = Query(entity.names, entity.countries, entity.identifiers, entity.addresses)
    score = match.match(query, listed, names.lexicon).score
    if score >= PROPOSE:
        proposal = Proposal(node, listed.id, entity.caption, score)
        yield Found(proposal, score >= match.SAME_NAME, records.dataset(entity.id), records.lists(listed.id))


def _other_person(one: Entity, other: Entity) -> bool:
    """Whether a person only bears a listed one's name: neither birth date nor country agrees. Registers hold millions."""
    if one.schema is not Schema.PERSON:
        return False
    left, right = one.birth_date or "", other.birth_date or ""
    if left and right:
        return not (left.startswith(right) or right.startswith(left))
    return not set(one.countries) & set(other.countries)


def settled(every: Iterable[Found]) -> list[Proposal]:
    """One proposal for each pair, sorted. A party that bears the very name of one on a list proposes no other of that list
    that it resembles; and a listed party whose very name a party of a dataset bears is proposed by no other of that
    dataset: `Shenzhen SenseTime` is not `Beijing SenseTime` where one source knows both."""
    best: dict[tuple[str, str], Found] = {}
    for one in every:
        pair = (one.proposal.node, one.proposal.listed)
        known = best.get(pair)
        if known is None or (-one.proposal.score, one.proposal.name) < (-known.proposal.score, known.proposal.name):
            best[pair] = one
    nodes = {(one.proposal.node, code) for one in best.values() if one.same for code in one.lists}
    parties = {(one.proposal.listed, one.dataset) for one in best.values() if one.same}

    def outdone(one: Found) -> bool:
        nearer = any((one.proposal.node, code) in nodes for code in one.lists)
        return not one.same and (nearer or (one.proposal.listed, one.dataset) in parties)

    kept = (one.proposal for one in best.values() if not outdone(one))
    return sorted(kept, key=lambda one: (one.node, one.listed))
