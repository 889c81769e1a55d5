"""The three tables of `resolver ownership`: the edges as columns, the listed parties, and what is known of the parties."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import TypeVar

from resolver import catalog, regimes
from resolver.calculate.table import Take, rows, table
from resolver.errors import RowError
from resolver.graph import Columns, Terms
from resolver.model import Entity, Interest, Listing, Name, Schema
from resolver.record import read_date

LISTED_COLUMNS = ("entity", "list", "program", "measure", "scope", "listing_date", "end_date")
ENTITY_COLUMNS = ("entity", "name", "jurisdiction", "headquarters")

T = TypeVar("T")

MOST_REMEMBERED = 100_000
"""Different texts of rows remembered at a time, so that a file whose rows are all different does not fill the memory."""


def interests(path: Path) -> Columns:
    """The edges, each with its row as its id. Raises InputError for a file that must be mended."""
    reader = catalog.own("own_ownership", "own").module
    number: dict[str, int] = {}
    owners, subjects, kinds, periods = array("i"), array("i"), array("i"), array("i")
    with table(path, reader.COLUMNS, reader.REQUIRED) as told:
        owner_at, subject_at = told.places["owner"], told.places["subject"]
        said = _Said(reader.interest, {name: at for name, at in told.places.items() if name not in reader.REQUIRED})
        known, what, spans, when = said.known, said.what, said.spans, said.when
        for cells in told:
            owner, subject = cells[owner_at].strip(), cells[subject_at].strip()
            if not owner or not subject:
                raise RowError(f"column {'subject' if owner else 'owner'}: empty")
            kind, period = known.get(what(cells)), spans.get(when(cells))
            if kind is None or period is None:
                kind, period = said.read(cells)
            kinds.append(kind)
            periods.append(period)
            owners.append(number.setdefault(owner, len(number)))
            subjects.append(number.setdefault(subject, len(number)))
    return Columns(number, owners, subjects, Terms(kinds, said.kinds, periods, said.periods))


Cells = Sequence[str]


class _Said:
    """What rows say beside their ends, read once for all rows that say just that: registers repeat themselves.

    `what` and `when` give a row's texts, `known` and `spans` the places in `kinds` and `periods` of those met lately.
    """

    def __init__(self, interest: Callable[[Take, str, str, str], Interest], places: Mapping[str, int]) -> None:
        self._interest, self._places = interest, places
        dated = ("start_date", "end_date")
        self.what = _texts([at for name, at in places.items() if name not in dated])
        self.when = _texts([at for name, at in places.items() if name in dated])
        self.known: dict[object, int] = {}
        self.spans: dict[object, int] = {}
        self.kinds: list[Interest] = []
        self.periods: list[tuple[date | None, date | None]] = []

    def read(self, cells: Cells) -> tuple[int, int]:
        """The places of what a row says, some of it new. Raises RowError where it cannot be read."""
        texts = {column: cells[place].strip() for column, place in self._places.items()}
        found = self._interest(lambda column: texts.get(column, ""), "", "", "")
        return (
            _placed(found, self.kinds, self.what(cells), self.known),
            _placed((found.start_date, found.end_date), self.periods, self.when(cells), self.spans),
        )


def _texts(places: Sequence[int]) -> Callable[[Cells], object]:
    return itemgetter(*places) if places else lambda cells: ""


def _placed(value: T, values: list[T], texts: object, known: dict[object, int]) -> int:
    place = known.get(texts)
    if place is None:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        values.append(value)
        place = known[texts] = len(values) - 1
    return place


def _named(column: str, take: Take) -> str:
    text = take(column)
    if not text:
        raise RowError(f"column {column}: empty")
    return intern(text)


def listings(path: Path) -> dict[str, tuple[Listing, ...]]:
    """The listed parties by entity, each entry with its row as its id."""

    def read(take: Take, number: int) -> Listing:
        code = take("list")
        if not regimes.is_list(code):
            raise RowError(f"column list: {code!r} is no list code")
        start, end = _day("listing_date", take), _day("end_date", take)
        if start and end and end < start:
            raise RowError(f"column end_date: {end} is before the listing_date {start}")
        return Listing(
            id=f"row {number}",
            entity=_named("entity", take),
            list=code,
            authority=regimes.regime(code).authority,
            program=tuple(one.strip() for one in take("program").split(";") if one.strip()),
            measure=take("measure"),
            scope=take("scope"),
            listing_date=start,
            end_date=end,
        )

    found: dict[str, tuple[Listing, ...]] = {}
    for listing in rows(path, LISTED_COLUMNS, LISTED_COLUMNS[:2], read):
        found[listing.entity] = (*found.get(listing.entity, ()), listing)
    return found


def _day(column: str, take: Take) -> date | None:
    text = take(column)
    try:
        return read_date(text) if text else None
    except RowError as error:
        raise RowError(f"column {column}: {error} (write 2026-11-23)") from error


def entities(path: Path) -> dict[str, Entity]:
    """What is known of the parties, by entity."""
    found: dict[str, Entity] = {}

    def read(take: Take, number: int) -> Entity:
        id, name = _named("entity", take), take("name")
        headquarters = jurisdiction(take("headquarters"))
        entity = Entity(
            id=id,
            schema=Schema.LEGAL_ENTITY,
            names=(Name(name),) if name else (),
            countries=(headquarters,) if headquarters else (),
            jurisdiction=jurisdiction(take("jurisdiction")) or None,
        )
        if found.setdefault(id, entity) != entity:
            raise RowError(f"column entity: {id!r} stands twice, with other facts")
        return entity

    for _ in rows(path, ENTITY_COLUMNS, ENTITY_COLUMNS[:1], read):
        pass
    return found


_US = frozenset(
    (
        "usa; u.s.; u.s.a.; united states; united states of america; alabama; alaska; arizona; arkansas; "
        "california; colorado; connecticut; delaware; district of columbia; florida; hawaii; idaho; illinois; "
        "indiana; iowa; kansas; kentucky; louisiana; maine; maryland; massachusetts; michigan; minnesota; "
        "mississippi; missouri; montana; nebraska; nevada; new hampshire; new jersey; new mexico; new york; "
        "north carolina; north dakota; ohio; oklahoma; oregon; pennsylvania; rhode island; south carolina; "
        "south dakota; tennessee; texas; utah; vermont; virginia; washington; west virginia; wisconsin; wyoming"
    ).split("; ")
)
"""How people write that a company is organised in the United States. Georgia is left out: it is a country as well."""

_CODE = re.compile(r"^([a-z]{2})(?:[-_/ ,].*)?$")


def jurisdiction(text: str) -> str:
    """The country's two letters of `US`, `us-de`, `Delaware` or `United States`; any other text as it is, in lower case."""
    plain = text.strip().lower()
    if plain in _US or plain.rpartition(",")[2].strip() in _US:
        return "us"
    match = _CODE.match(plain)
    return match[1] if match else plain
