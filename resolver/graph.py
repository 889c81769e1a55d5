"""Who holds what in whom on a given day: one neighbourhood of parties, and its holdings told once.

An interest is a row of a source; a *holding* is what one party has in another, of one kind, after

* the rows that are not current on the day are left out (RULES 0.1, reading 10: a start counts from its day on, an end
  from its day no more);
* parallel rows of one source are added, a joint holding's rows kept apart (reading 4);
* several sources on the same holding are reconciled, never added (reading 11): to what both allow; the newer statement
  wins over an older one that it contradicts; a contradiction of the same time becomes the union and is not `firm`.

Wikidata, Exhibit 21 and prose alone are not `firm` either. What is not firm counts where an answer is possible, never
where it must be certain.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from resolver import arrays
from resolver.arrays import Arrays, Strings
from resolver.model import Entity, Interest, Link
from resolver.share import HUNDRED, UNKNOWN, Share

DatasetOf = Callable[[Interest], str]

WEAK_SOURCE = re.compile(r"wikidata|exhibit[ -]?21|\bex-?21|[_-]ex21|\bprose\b", re.IGNORECASE)
"""Sources that alone never give OWNED (RULES 0.1, reading 11)."""


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


@dataclass(frozen=True, slots=True)
class Holding:
    """What one party has in another, of one kind of interest, and the rows it was read from.

    `share` is (0, 100] where `unknown`: no source states a size. `capped`: a direct holding, limited by what the others
    surely hold (reading 5). `firm`: enough to make an answer certain.
    """

    owner: str
    subject: str
    type: str
    share: Share
    unknown: bool
    firm: bool
    capped: bool
    joint: str | None
    interests: tuple[Interest, ...]


def holdings(rows: Iterable[Interest], dataset_of: DatasetOf = stated_by) -> list[Holding]:
    """The holdings that current rows amount to, in the order met. Self-holdings count for nothing."""
    groups: dict[tuple[str, str, str, bool, str | None], list[Interest]] = {}
    for row in rows:
        if row.interested_party != row.subject:
            indirect = row.direct_or_indirect == "indirect"
            groups.setdefault((row.subject, row.interested_party, row.type, indirect, row.joint), []).append(row)
    return [held for group in groups.values() for held in _held(group, dataset_of)]


def _held(group: Sequence[Interest], dataset_of: DatasetOf) -> Iterable[Holding]:
    if len(group) == 1:
        return (_holding(_Statement(group, group[0].share, not WEAK_SOURCE.search(dataset_of(group[0])))),)
    sources: dict[str, list[Interest]] = {}
    for row in group:
        sources.setdefault(dataset_of(row), []).append(row)
    if len(sources) == 1:
        firm = not WEAK_SOURCE.search(next(iter(sources)))
        parts: dict[tuple[bool, bool], list[Interest]] = {}
        for row in group:
            direct = row.joint is None and row.direct_or_indirect == "direct"
            parts.setdefault((row.share is None, direct), []).append(row)
        return [_holding(_Statement(part, _together(part), firm)) for part in parts.values()]
    told = [_Statement(rows, _together(rows), not WEAK_SOURCE.search(source)) for source, rows in sorted(sources.items())]
    result, *others = sorted(told, key=_newest)
    for other in others:
        result = _reconciled(result, other)
    return (_holding(result),)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one source says of one holding, or several together; `share` None where no size is stated."""

    rows: Sequence[Interest]
    share: Share | None
    firm: bool


def _holding(statement: _Statement) -> Holding:
    first = statement.rows[0]
    return Holding(
        owner=first.interested_party,
        subject=first.subject,
        type=first.type,
        share=UNKNOWN if statement.share is None else statement.share,
        unknown=statement.share is None,
        firm=statement.firm,
        capped=first.joint is None and all(row.direct_or_indirect == "direct" for row in statement.rows),
        joint=first.joint,
        interests=tuple(statement.rows),
    )


def _together(rows: Sequence[Interest]) -> Share | None:
    """Parallel rows of one source: their sum, or a joint holding's once. None where none of them states a size."""
    stated = [row.share for row in rows if row.share is not None]
    if not stated:
        return None
    if rows[0].joint is not None:
        return once(stated)
    total = sum(stated[1:], stated[0])
    return total if len(stated) == len(rows) else (total + UNKNOWN).capped(HUNDRED, exclusive=False)


def once(shares: Sequence[Share]) -> Share:
    """Several reports of the same thing: what all of them allow, or everything that any of them allows."""
    result = shares[0]
    for share in shares[1:]:
        result = _both(result, share) or _either(result, share)
    return result


def _newest(statement: _Statement) -> date:
    return max((row.start_date or date.min for row in statement.rows), default=date.min)


def _reconciled(older: _Statement, newer: _Statement) -> _Statement:
    """Two sources on one holding, the newer one second where their dates differ."""
    if older.share is None or newer.share is None:
        return older if newer.share is None else newer
    rows = (*older.rows, *newer.rows)
    agreed = _both(older.share, newer.share)
    if agreed is not None:
        if older.firm == newer.firm:
            return _Statement(rows, agreed, older.firm)
        return older if older.firm else newer
    if _newest(older) != _newest(newer):
        return newer
    return _Statement(rows, _either(older.share, newer.share), firm=False)


def _both(left: Share, right: Share) -> Share | None:
    """What both intervals allow; None where nothing is left."""
    minimum = max(left.minimum, right.minimum)
    maximum = min(left.maximum, right.maximum)
    open_minimum = any(one.exclusive_minimum for one in (left, right) if one.minimum == minimum)
    open_maximum = any(one.exclusive_maximum for one in (left, right) if one.maximum == maximum)
    if minimum > maximum or (minimum == maximum and (open_minimum or open_maximum)):
        return None
    return Share(minimum, maximum, open_minimum, open_maximum)


def _either(left: Share, right: Share) -> Share:
    """The smallest interval that holds both."""
    minimum = min(left.minimum, right.minimum)
    maximum = max(left.maximum, right.maximum)
    open_minimum = all(one.exclusive_minimum for one in (left, right) if one.minimum == minimum)
    open_maximum = all(one.exclusive_maximum for one in (left, right) if one.maximum == maximum)
    return Share(minimum, maximum, open_minimum, open_maximum)


MOST_NODES = 20_000
"""Nodes of one neighbourhood; what lies beyond is counted, and said."""


def build(path: Path, edges: Iterable[tuple[str, str, int, int]], marked: Collection[str]) -> None:
    """Writes the arrays of (subject, interested party, segment, row) edges.

    `marked` are the listed parties. A node is kept in mind as leading to a listed party when one lies anywhere below it.
    """
    import numpy as np

    rows = list(edges)
    ids = sorted({id for row in rows for id in row[:2]})
    number = {id: position for position, id in enumerate(ids)}
    subject = np.fromiter((number[row[0]] for row in rows), np.uint32, len(rows))
    party = np.fromiter((number[row[1]] for row in rows), np.uint32, len(rows))
    order = np.lexsort((np.fromiter((row[3] for row in rows), np.int64, len(rows)), party, subject))
    subject, party = subject[order], party[order]
    segment = np.fromiter((row[2] for row in rows), np.uint16, len(rows))[order]
    row_number = np.fromiter((row[3] for row in rows), np.uint32, len(rows))[order]
    down = np.argsort(party, kind="stable").astype(np.uint32)
    starts = np.arange(len(ids) + 1)
    up_start = np.searchsorted(subject, starts).astype(np.uint32)
    down_start = np.searchsorted(party[down], starts).astype(np.uint32)
    listed = bytearray(len(ids))
    for id in marked:
        if id in number:
            listed[number[id]] = 1
    arrays.write(
        path,
        {
            **arrays.strings("id", ids),
            "up.start": array("I", up_start.tobytes()),
            "up.subject": array("I", subject.tobytes()),
            "up.party": array("I", party.tobytes()),
            "up.segment": array("H", segment.tobytes()),
            "up.row": array("I", row_number.tobytes()),
            "down.start": array("I", down_start.tobytes()),
            "down.edge": array("I", down.tobytes()),
            "listed": bytes(listed),
            "leads": bytes(_leading(listed, array("I", up_start.tobytes()), array("I", party.tobytes()))),
        },
    )


def _leading(listed: bytearray, start: array[int], party: array[int]) -> bytearray:
    """For each node, whether it is listed or a listed party lies below it."""
    leads = bytearray(listed)
    frontier = deque(node for node, mark in enumerate(listed) if mark)
    while frontier:
        node = frontier.popleft()
        for edge in range(start[node], start[node + 1]):
            if not leads[party[edge]]:
                leads[party[edge]] = 1
                frontier.append(party[edge])
    return leads


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a party: the ids of the nodes, the (segment, row) of the edges, and how many nodes were left out."""

    nodes: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    cut: int


class Graph:
    """The arrays of one snapshot, memory-mapped."""

    def __init__(self, path: Path) -> None:
        read = Arrays(path)
        self.ids = Strings(read, "id")
        self._up_start, self._up_party = read["up.start"], read["up.party"]
        self._subject, self._segment, self._row = read["up.subject"], read["up.segment"], read["up.row"]
        self._down_start, self._down_edge = read["down.start"], read["down.edge"]
        self._listed, self._leads = read["listed"], read["leads"]

    def has_owners(self, id: str) -> bool:
        """Whether any source says who holds an interest in the party."""
        node = self.ids.find(id)
        return node >= 0 and self._up_start[node] < self._up_start[node + 1]

    def around(self, id: str) -> Around:
        """Every owner above the party with all that is held in it, and below it and them every way to a listed party.

        That is what the rules need: ownership tests look up, PARENT_OF_LISTED and SISTER_OF_LISTED look down.
        """
        node = self.ids.find(id)
        if node < 0:
            return Around((id,), (), 0)
        above, cut = self._above(node)
        below = self._below(above)
        expanded = dict.fromkeys([*above, *below])
        edges = [edge for one in expanded for edge in self._owners(one)]
        nodes = dict.fromkeys([*expanded, *(self._up_party[edge] for edge in edges)])
        return Around(
            tuple(self.ids[one] for one in nodes),
            tuple((self._segment[edge], self._row[edge]) for edge in edges),
            cut,
        )

    def _owners(self, node: int) -> range:
        return range(self._up_start[node], self._up_start[node + 1])

    def _holdings(self, node: int) -> Iterator[int]:
        for position in range(self._down_start[node], self._down_start[node + 1]):
            yield self._subject[self._down_edge[position]]

    def _above(self, node: int) -> tuple[list[int], int]:
        seen = {node: None}
        frontier = deque([node])
        cut = 0
        while frontier:
            for edge in self._owners(frontier.popleft()):
                party = self._up_party[edge]
                if party in seen:
                    continue
                if len(seen) >= MOST_NODES:
                    cut += 1
                    continue
                seen[party] = None
                frontier.append(party)
        return list(seen), cut

    def _below(self, above: list[int]) -> list[int]:
        seen = dict.fromkeys(above)
        frontier = deque(above)
        while frontier and len(seen) < MOST_NODES:
            for child in self._holdings(frontier.popleft()):
                if child not in seen and self._leads[child]:
                    seen[child] = None
                    frontier.append(child)
        return list(seen)[len(above) :]
