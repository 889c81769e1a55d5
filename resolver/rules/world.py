"""One neighbourhood on one day, by number: who holds in whom, and what each company's book of holders says.

Parties are numbered in the order met. A book is read from the rows when it is first asked for and kept: what no listed
party reaches costs nothing. Its numbers are whole: per cent times the book's own `scale`, the least common denominator
of its shares, so that sums are exact and quick.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from resolver.graph import Columns, Grouped, Holding, Neighbourhood, holdings, is_current, knotted
from resolver.model import Entity, Interest, Link
from resolver.share import Share

CONSOLIDATION = "consolidation"
PERHAPS = "perhaps"
"""Where a book keeps holdings that may be shares: their kind is not stated, or is a partnership's surplus rights."""

_UNSTATED = frozenset(("unknownInterest", "unpublishedInterest"))
_SURPLUS = "rightsToSurplusAssetsOnDissolution"
_OWNERSHIP = frozenset(("shareholding", "votingRights", _SURPLUS, CONSOLIDATION, *_UNSTATED))

RECENT = timedelta(days=365)
"""How long a holding that has ended is remembered as a recent divestment (OFAC FAQ 402 names no period)."""


class _When(Enum):
    """Whether a row counts on the day."""

    NOW = "now"
    LATELY = "lately"
    ELSE = "else"


class Line(NamedTuple):
    """A holding in a book: its owner by number, its ends in per cent times the book's scale, open or closed."""

    owner: int
    low: int
    low_open: bool
    high: int
    high_open: bool
    unknown: bool
    firm: bool
    capped: bool
    joint: str | None
    holding: Holding


@dataclass(frozen=True, slots=True)
class Book:
    """Who holds in one company. `plain`: every holding that a test counts is firm, exact, and not joint."""

    scale: int
    lines: dict[str, list[Line]]
    plain: bool


EMPTY = Book(1, {}, True)


class World:
    """The interests of a neighbourhood that count on a day, and the parties at both of their ends."""

    def __init__(self, neighbourhood: Neighbourhood, as_of: date, also: Iterable[str] = ()) -> None:
        self.as_of = as_of
        self.entities = neighbourhood.entities
        self.links = tuple(one for one in neighbourhood.links if is_current(one.start_date, one.end_date, as_of))
        self.head = heads(self.links)
        self.ids: list[str] = []
        self.number: dict[str, int] = {}
        self._lately: list[Interest] = []
        self._gone: dict[int, list[Interest]] = {}
        self._dataset_of = neighbourhood.dataset_of
        self._books: dict[int, Book] = {}
        self._told = Columns.of(neighbourhood.interests)
        self._places, self._owners, self._subjects = array("i"), array("i"), array("i")
        self._read(self._told)
        for id in also:
            self.numbered(id)
            self.own_number(id)
        self._by_subject = Grouped(self._subjects, len(self.ids)).giving(self._places)
        self._held = Grouped(self._owners, len(self.ids)).giving(self._subjects)

    def _read(self, told: Columns) -> None:
        now, lately = _When.NOW, _When.LATELY
        when = [self._when(*period) for period in told.terms.periods]
        ours: list[int | None] = [None] * len(told.number)
        head, own_number = self.head, self.own_number
        if not head and all(one is now for one in when):
            # Every row counts, so that the parties are met here in the order in which the columns number them.
            self.ids, self.number = list(told.number), dict(told.number)
            ours = list(range(len(self.ids)))

        def numbered(party: int) -> int:
            id = told.id(party)
            found = ours[party] = own_number(head.get(id, id) if head else id)
            return found

        for place, (theirs, its, period) in enumerate(zip(told.owners, told.subjects, told.terms.period, strict=True)):
            if when[period] is now:
                owner, subject = ours[theirs], ours[its]
                owner = numbered(theirs) if owner is None else owner
                subject = numbered(its) if subject is None else subject
                if owner != subject:
                    self._places.append(place)
                    self._owners.append(owner)
                    self._subjects.append(subject)
            elif when[period] is lately:
                row = told[place]
                self._lately.append(row)
                self._gone.setdefault(numbered(its), []).append(row)

    def _when(self, start: date | None, end: date | None) -> _When:
        if start is not None and start > self.as_of:
            return _When.ELSE
        if end is None or end > self.as_of:
            return _When.NOW
        return _When.LATELY if self.as_of - end < RECENT else _When.ELSE

    def numbered(self, id: str) -> int:
        """The number of a party: a branch has its head office's, being the same legal person (reading 8)."""
        return self.own_number(self.head.get(id, id) if self.head else id)

    def own_number(self, id: str) -> int:
        """The number of an id itself, a branch's apart from its head office's: a listing names one of them."""
        found = self.number.setdefault(id, len(self.ids))
        if found == len(self.ids):
            self.ids.append(id)
        return found

    def entity(self, number: int) -> Entity | None:
        """What is known of a party; None where its id stands for itself."""
        return self.entities.get(self.ids[number])

    def caption(self, number: int) -> str:
        """The name to show for a party."""
        return self.caption_of(self.ids[number])

    def caption_of(self, id: str) -> str:
        """The name to show for the party of an id."""
        entity = self.entities.get(id)
        return entity.caption if entity is not None else id

    def held(self, owner: int) -> Sequence[int]:
        """The companies in which a party holds anything; one may come several times."""
        return self._held[owner]

    @cached_property
    def ended(self) -> list[Interest]:
        """The rows that have ended lately, the latest last."""
        return sorted(self._lately, key=lambda row: (row.end_date or date.min, row.id))

    def rows_of(self, types: Collection[str]) -> Iterable[Interest]:
        """The rows of the day that are of these types."""
        return self._told.of_types(types, self._places)

    @cached_property
    def knotted(self) -> list[int]:
        """The parties among whom every ring of cross-holdings is."""
        marks = knotted(self._owners, self._subjects, len(self.ids))
        return [number for number, mark in enumerate(marks) if mark]

    def book(self, subject: int) -> Book:
        """Who holds in a company on the day."""
        found = self._books.get(subject)
        if found is None:
            rows = [self._told[place] for place in self._by_subject[subject]]
            found = self._books[subject] = self._written(rows) if rows else EMPTY
        return found

    def book_on(self, subject: int, day: date) -> Book:
        """Who held in a company on an earlier day, as far as the rows kept say."""
        kept = [self._told[place] for place in self._by_subject[subject]]
        gone = self._gone.get(subject, ())
        return self._written([row for row in (*kept, *gone) if is_current(row.start_date, row.end_date, day)])

    def _written(self, rows: Sequence[Interest]) -> Book:
        held = holdings(rows, self._dataset_of)
        scale = 1
        for one in held:
            for end in (one.share.minimum, one.share.maximum):
                if end.denominator != 1:
                    scale = lcm(scale, end.denominator)
        lines: dict[str, list[Line]] = {}
        plain = True
        for one in held:
            line = self._line(one, scale)
            lines.setdefault(one.type, []).append(line)
            if one.type in _OWNERSHIP:
                plain = plain and one.firm and line.low == line.high and one.joint is None and one.type != CONSOLIDATION
        perhaps = [line for kind in _UNSTATED for line in lines.get(kind, ())]
        if "shareholding" not in lines:
            perhaps += lines.get(_SURPLUS, [])
        if perhaps:
            lines[PERHAPS] = [line._replace(firm=False, capped=False) for line in perhaps]
        return Book(scale, lines, plain and not perhaps)

    def _line(self, one: Holding, scale: int) -> Line:
        share = one.share
        low, high = share.minimum, share.maximum
        return Line(
            self.numbered(one.owner),
            low.numerator * (scale // low.denominator),
            share.exclusive_minimum,
            high.numerator * (scale // high.denominator),
            share.exclusive_maximum,
            one.unknown,
            one.firm,
            one.capped,
            one.joint,
            one,
        )


def heads(links: Iterable[Link]) -> dict[str, str]:
    """Every branch's head office, through branches of branches; a ring of branches is left as it is told first."""
    direct = {one.subject: one.object for one in links if one.kind == "branch" and one.subject != one.object}
    found = {}
    for branch in direct:
        head, seen = direct[branch], {branch}
        while head in direct and head not in seen:
            seen.add(head)
            head = direct[head]
        if head not in seen:
            found[branch] = head
    return found


def interval(low: int, low_open: bool, high: int, high_open: bool, scale: int) -> Share:
    """The share of these ends; where they contradict each other (joint holders who each report the whole), the lower."""
    if high < low or (high == low and (low_open or high_open)):
        return Share(Fraction(low, scale), Fraction(low, scale))
    return Share(Fraction(low, scale), Fraction(high, scale), low_open, high_open)
