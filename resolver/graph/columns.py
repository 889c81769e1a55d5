"""Interests in columns: who holds in whom by number, and what each row says beside its ends, once for equal rows.

A register of millions of rows says only so many different things of a holding (`50`, `from 2020-01-01`, `direct`): a row is
three numbers here, and becomes an Interest when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from typing import overload

from resolver.model import Interest

MANY = 50_000
"""Numbers from which grouping them with numpy pays for its import (0.1 s)."""


class Columns(Sequence[Interest]):
    """Interests by column. `number` gives the parties' numbers, in the order met; `owners` and `subjects` are such numbers.

    `terms` gives each row's place in `kinds`: what the row says beside its ends, as an Interest whose ends and id are left
    open. Where `whole`, the kinds are the rows themselves; else a row's id is its place, `row 1` the first.
    """

    __slots__ = ("_ids", "kinds", "number", "owners", "subjects", "terms", "whole")

    def __init__(
        self,
        number: Mapping[str, int],
        owners: array[int],
        subjects: array[int],
        terms: Sequence[int],
        kinds: Sequence[Interest],
        *,
        whole: bool = False,
    ) -> None:
        self.number, self.owners, self.subjects, self.terms, self.kinds = number, owners, subjects, terms, kinds
        self.whole = whole
        self._ids = list(number)

    @classmethod
    def of(cls, rows: Sequence[Interest]) -> Columns:
        """The columns of rows; of columns, themselves."""
        if isinstance(rows, cls):
            return rows
        number: dict[str, int] = {}
        owners = array("i", (number.setdefault(row.interested_party, len(number)) for row in rows))
        subjects = array("i", (number.setdefault(row.subject, len(number)) for row in rows))
        return cls(number, owners, subjects, range(len(rows)), rows, whole=True)

    def id(self, number: int) -> str:
        """The id of the party of a number."""
        return self._ids[number]

    def __len__(self) -> int:
        return len(self.owners)

    @overload
    def __getitem__(self, place: int) -> Interest: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Interest]: ...
    def __getitem__(self, place: int | slice) -> Interest | Sequence[Interest]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        kind = self.kinds[self.terms[place]]
        if self.whole:
            return kind
        return Interest(
            f"row {(place if place >= 0 else place + len(self)) + 1}",
            self._ids[self.subjects[place]],
            self._ids[self.owners[place]],
            kind.type,
            kind.direct_or_indirect,
            kind.share,
            kind.start_date,
            kind.end_date,
            kind.joint,
            kind.source,
        )

    def terms_of(self, types: Collection[str]) -> frozenset[int]:
        """The terms that are of these types of interest."""
        return frozenset(place for place, kind in enumerate(self.kinds) if kind.type in types)


class Grouped:
    """The places at which each number stands in a sequence, without a list for every number."""

    __slots__ = ("_places", "_starts")

    def __init__(self, numbers: array[int], count: int) -> None:
        """Groups the numbers, each from 0 up to, not including, `count`."""
        self._places, self._starts = _by_numpy(numbers, count) if len(numbers) >= MANY else _by_hand(numbers, count)

    def __getitem__(self, number: int) -> array[int]:
        return self._places[self._starts[number] : self._starts[number + 1]]

    def giving(self, values: array[int]) -> Grouped:
        """The same groups, with each place's value in the place's stead."""
        found = Grouped.__new__(Grouped)
        found._places, found._starts = array("i", map(values.__getitem__, self._places)), self._starts
        return found


def _by_hand(numbers: array[int], count: int) -> tuple[array[int], array[int]]:
    starts = array("i", bytes(array("i").itemsize * (count + 1)))
    for number in numbers:
        starts[number + 1] += 1
    for number in range(count):
        starts[number + 1] += starts[number]
    return array("i", sorted(range(len(numbers)), key=numbers.__getitem__)), starts


def _by_numpy(numbers: array[int], count: int) -> tuple[array[int], array[int]]:
    import numpy as np

    column = np.frombuffer(numbers, np.intc)
    starts = np.zeros(count + 1, np.intc)
    np.cumsum(np.bincount(column, minlength=count), out=starts[1:])
    order = np.argsort(column, kind="stable").astype(np.intc)
    return array("i", order.tobytes()), array("i", starts.tobytes())
