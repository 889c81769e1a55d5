"""Interests in columns: who holds in whom by number, and what each row says beside its ends, once for equal rows.

A register of millions of rows says only so many different things of a holding (`50`, `from 2020-01-01`, `direct`): a row is
three numbers here, and becomes an Interest when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from resolver.model import Interest

MANY = 200_000
"""Numbers from which numpy pays for its import (0.1 s): more than one neighbourhood has."""

MOST_ROUNDS = 100
"""Rounds of taking away: a chain of a million companies would need a million of them."""

Period = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What each row says beside its ends, by its place in `kinds` and in `periods` (start and end).

    A kind is an Interest of which the type, the directness, the share, the joint arrangement and the source count.
    """

    kind: Sequence[int]
    kinds: Sequence[Interest]
    period: Sequence[int]
    periods: Sequence[Period]


class Columns(Sequence[Interest]):
    """Interests by column. `number` gives the parties' numbers, in the order met; `owners` and `subjects` are such numbers.

    Where `whole`, the kinds are the rows themselves; else a row's id is its place, `row 1` the first.
    """

    __slots__ = ("_ids", "_whole", "number", "owners", "subjects", "terms")

    def __init__(
        self, number: Mapping[str, int], owners: array[int], subjects: array[int], terms: Terms, *, whole: bool = False
    ) -> None:
        self.number, self.owners, self.subjects, self.terms = number, owners, subjects, terms
        self._ids, self._whole = list(number), whole

    @classmethod
    def of(cls, rows: Sequence[Interest]) -> Columns:
        """The columns of rows; of columns, themselves."""
        if isinstance(rows, cls):
            return rows
        number: dict[str, int] = {}
        owners, subjects = array("i"), array("i")
        for row in rows:
            owners.append(number.setdefault(row.interested_party, len(number)))
            subjects.append(number.setdefault(row.subject, len(number)))
        places = range(len(rows))
        periods = [(row.start_date, row.end_date) for row in rows]
        return cls(number, owners, subjects, Terms(places, rows, places, periods), whole=True)

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
        terms = self.terms
        kind = terms.kinds[terms.kind[place]]
        if self._whole:
            return kind
        start, end = terms.periods[terms.period[place]]
        return Interest(
            f"row {(place if place >= 0 else place + len(self)) + 1}",
            self._ids[self.subjects[place]],
            self._ids[self.owners[place]],
            kind.type,
            kind.direct_or_indirect,
            kind.share,
            start,
            end,
            kind.joint,
            kind.source,
        )

    def of_types(self, types: Collection[str], places: Iterable[int]) -> Iterable[Interest]:
        """The rows at these places that are of these types of interest."""
        kind = self.terms.kind
        wanted = {place for place, one in enumerate(self.terms.kinds) if one.type in types}
        return (self[place] for place in places if kind[place] in wanted) if wanted else ()


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
        taken = _taken if len(values) >= MANY else _taken_by_hand
        found._places, found._starts = taken(values, self._places), self._starts
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


def _taken_by_hand(values: array[int], places: array[int]) -> array[int]:
    return array("i", map(values.__getitem__, places))


def _taken(values: array[int], places: array[int]) -> array[int]:
    import numpy as np

    return array("i", np.frombuffer(values, np.intc)[np.frombuffer(places, np.intc)].tobytes())


def knotted(owners: array[int], subjects: array[int], count: int) -> bytearray:
    """Marks every number that may be in a ring: those who hold something and are held, again and again, as far as few rounds
    tell. A ring is never lost; of the others some may stay."""
    if len(owners) < MANY:
        marks = bytearray(count)
        holders = frozenset(owners)
        for subject in subjects:
            marks[subject] = subject in holders
        return marks
    import numpy as np

    above, below = np.frombuffer(owners, np.intc), np.frombuffer(subjects, np.intc)
    live = np.ones(count, bool)
    for _ in range(MOST_ROUNDS):
        live = (np.bincount(above, minlength=count) > 0) & (np.bincount(below, minlength=count) > 0)
        kept = live[above] & live[below]
        if kept.all():
            break
        above, below = above[kept], below[kept]
    return bytearray(live.tobytes())
