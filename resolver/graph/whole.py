"""The ownership graph of the whole snapshot as flat arrays: who holds an interest in whom, both ways.

A node is a canonical party, its number the place of its id in the sorted table of ids. An edge is one interest, known by
the segment and the row that state it; everything else of it is read from there. Edges are sorted by subject, so that a
party's owners lie side by side; `down` gives, for each party, the edges by which it holds others.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from resolver import arrays
from resolver.arrays import Arrays, Strings

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
            "leads": bytes(_spread(listed, array("I", up_start.tobytes()), array("I", party.tobytes()))),
            "under": bytes(_spread(listed, array("I", down_start.tobytes()), array("I", subject[down].tobytes()))),
        },
    )


def _spread(listed: bytearray, start: array[int], other: array[int]) -> bytearray:
    """For each node, whether it is listed or is reached from a listed one along the edges: `other` are their far ends, those
    of node n from `start[n]` on."""
    leads = bytearray(listed)
    frontier = deque(node for node, mark in enumerate(listed) if mark)
    while frontier:
        node = frontier.popleft()
        for edge in range(start[node], start[node + 1]):
            if not leads[other[edge]]:
                leads[other[edge]] = 1
                frontier.append(other[edge])
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
        self._leads, self._under = read["leads"], read["under"]

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
        """Every owner above, those first that are listed, or that a listed party lies above or below; and how many of the
        others there was no room for."""
        seen = {node: None}
        first, last = deque([node]), deque[int]()
        while first or (last and len(seen) < MOST_NODES):
            for edge in self._owners(first.popleft() if first else last.popleft()):
                party = self._up_party[edge]
                if party not in seen:
                    seen[party] = None
                    (first if self._leads[party] or self._under[party] else last).append(party)
        return list(seen), len(last)

    def _below(self, above: list[int]) -> list[int]:
        seen = dict.fromkeys(above)
        frontier = deque(above)
        while frontier and len(seen) < MOST_NODES:
            for child in self._holdings(frontier.popleft()):
                if child not in seen and self._leads[child]:
                    seen[child] = None
                    frontier.append(child)
        return list(seen)[len(above) :]
