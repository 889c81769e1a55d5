"""Identifiers and judgements -> one canonical id per cluster of records.

A shared strong identifier (LEI, USCC, company number with its country, OFAC uid, IMO ...) links two records. A name alone
never does. A NEGATIVE judgement separates two records whatever they share, and a POSITIVE one joins them whatever they
lack. The canonical id of a cluster is its smallest record id, so that it does not depend on the order of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from resolver.model import Decision, Judgement


def clusters(shared: Iterable[tuple[str, str]], decisions: Iterable[Decision] = ()) -> Iterator[tuple[str, str]]:
    """(record, canonical id) for every record of a cluster of two or more.

    `shared` gives (identifier, record) pairs sorted by identifier. A later decision on the same pair replaces an earlier.
    """
    judged = {frozenset((decision.left, decision.right)): decision.judgement for decision in decisions}
    apart = {pair for pair, judgement in judged.items() if judgement is Judgement.NEGATIVE and len(pair) == 2}
    forest = _Forest(apart)
    for pair, judgement in sorted(judged.items(), key=lambda item: sorted(item[0])):
        if judgement is Judgement.POSITIVE and len(pair) == 2:
            left, right = sorted(pair)
            forest.join(left, right)
    for _, group in groupby(shared, key=lambda row: row[0]):
        records = sorted({record for _, record in group})
        for position, right in enumerate(records):
            for left in records[:position]:
                if forest.join(left, right):
                    break
    return forest.members()


class _Forest:
    """Union-find whose root is the smallest id, and which never joins what a judgement keeps apart."""

    def __init__(self, apart: set[frozenset[str]]) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._apart = apart

    def root(self, record: str) -> str:
        parent = self._parent.get(record, record)
        while parent != record:
            grandparent = self._parent.get(parent, parent)
            self._parent[record] = grandparent
            record, parent = parent, grandparent
        return record

    def join(self, left: str, right: str) -> bool:
        """Whether the two are one cluster now."""
        low, high = sorted((self.root(left), self.root(right)))
        if low == high:
            return True
        lows, highs = self._members.get(low, [low]), self._members.get(high, [high])
        if self._apart and any(frozenset((one, other)) in self._apart for one in lows for other in highs):
            return False
        self._parent[high] = low
        self._members[low] = lows + highs
        self._members.pop(high, None)
        return True

    def members(self) -> Iterator[tuple[str, str]]:
        for root in sorted(self._members):
            for record in sorted(self._members[root]):
                yield record, root
