"""One neighbourhood: parties, and the interests and links among them, on a day or drawn as a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from resolver.model import Entity, Interest, Link

if TYPE_CHECKING:
    import networkx

DatasetOf = Callable[[Interest], str]


def stated_by(interest: Interest) -> str:
    """The source of an interest that comes from a user's own file: what its `source` column says."""
    return interest.source


def by_prefix(prefixes: Iterable[str], name_their_own: Iterable[str] = ("own",)) -> DatasetOf:
    """Tells an interest's dataset from its id: the longest of `prefixes` that it begins with.

    In a dataset of `name_their_own` each `source` named by its rows counts as a source of its own.
    """
    longest_first = sorted((f"{prefix}-" for prefix in prefixes), key=len, reverse=True)
    own = frozenset(f"{prefix}-" for prefix in name_their_own)

    def dataset_of(interest: Interest) -> str:
        found = next((prefix for prefix in longest_first if interest.id.startswith(prefix)), "")
        return f"{found}{interest.source}" if not found or found in own else found

    return dataset_of


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Parties, and the interests and links among them. An id that no entity has stands for itself.

    `interests` and `links` may hold rows that have ended or not begun: the rules ask by date. `dataset_of` says which
    source a row is from: rows of one source add up, rows of two are reconciled.
    """

    entities: Mapping[str, Entity]
    interests: Sequence[Interest]
    links: Sequence[Link] = ()
    dataset_of: DatasetOf = stated_by


def is_current(start: date | None, end: date | None, as_of: date) -> bool:
    """Whether something with these dates holds on that day: from its start on, from its end no more."""
    return (start is None or start <= as_of) and (end is None or end > as_of)


def current(interests: Iterable[Interest], as_of: date) -> tuple[Interest, ...]:
    """The interests that hold on that day."""
    return tuple(one for one in interests if is_current(one.start_date, one.end_date, as_of))


def drawn(neighbourhood: Neighbourhood, as_of: date) -> networkx.MultiDiGraph[str]:
    """The neighbourhood of a day as a networkx graph, for a picture, a walk or an export.

    Nodes are party ids, with `name`, `schema` and `jurisdiction`. An edge runs from the interested party to the subject
    with `kind` the type of interest, `share` as it is written (`(25..50]`, empty where unknown), `direct_or_indirect` and
    `source`, its key the interest's id; or from a link's subject to its object with `kind` the kind of link. Parallel
    edges stay apart: a DiGraph would keep one of them.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for id in neighbourhood.entities:
        entity = neighbourhood.entities[id]
        graph.add_node(id, name=entity.caption, schema=entity.schema.value, jurisdiction=entity.jurisdiction or "")
    for one in current(neighbourhood.interests, as_of):
        graph.add_edge(
            one.interested_party,
            one.subject,
            key=one.id,
            kind=one.type,
            share=str(one.share) if one.share else "",
            direct_or_indirect=one.direct_or_indirect,
            source=one.source,
        )
    for link in neighbourhood.links:
        if is_current(link.start_date, link.end_date, as_of):
            graph.add_edge(link.subject, link.object, key=link.id, kind=link.kind, source=link.source)
    return graph
