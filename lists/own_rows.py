"""What the user's own files have in common: parties written as people write them, dates, and rows without an id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from resolver.errors import RowError
from resolver.identifiers import Identifier, read
from resolver.model import Entity, Name, Schema
from resolver.record import Row, read_date


@lru_cache(maxsize=65_536)
def day(column: str, text: str) -> date | None:
    """A whole day of a column, None where it is empty. Raises RowError that names the column."""
    if not text:
        return None
    try:
        return read_date(text)
    except RowError as error:
        raise RowError(f"column {column}: {error} (write 2026-11-23)") from error


def period(start_text: str, end_text: str) -> tuple[date | None, date | None]:
    """The columns start_date and end_date. Raises RowError for an end before its start."""
    start, end = day("start_date", start_text), day("end_date", end_text)
    if start and end and end < start:
        raise RowError(f"column end_date: {end} is before the start_date {start}")
    return start, end


def named(column: str, text: str) -> str:
    """The party that a column names. Raises RowError where it names none."""
    if not text:
        raise RowError(f"column {column}: empty")
    return text


def party(row: Row, column: str, prefix: str) -> Entity:
    """The party of a row's column: a name, an id, or `scheme:value` of a known identifier.

    Optional columns `<column>_name`, `<column>_country` and `<column>_identifiers` (separated by `|`) say more. The raw
    text is an identifier of the scheme `entity` too: the id of a party that another dataset holds ties to it. Raises
    RowError for an empty column, and for a value that does not fit its scheme.
    """
    text = named(column, row.take(column))
    name = row.take_optional(f"{column}_name")
    country = row.take_optional(f"{column}_country").lower()
    more = [one.strip() for one in row.take_optional(f"{column}_identifiers").split("|") if one.strip()]
    try:
        known = read(text)
        others = [read(one) for one in more]
    except ValueError as error:
        raise RowError(f"column {column}: {error}") from error
    if None in others:
        raise RowError(f"column {column}_identifiers: {more[others.index(None)]!r} is not scheme:value of a known scheme")
    identifiers = [one for one in (known, *others, Identifier("entity", text)) if one is not None]
    return Entity(
        id=f"{prefix}-{text}",
        schema=Schema.LEGAL_ENTITY,
        names=(Name(name),) if name else () if known else (Name(text),),
        countries=(country,) if country else (),
        identifiers=tuple(dict.fromkeys(identifiers)),
    )


class Ids:
    """Stable ids for rows that have none: the dataset's prefix, a hash of what the row says, its place among equals."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._met: dict[str, int] = {}

    def of(self, *content: str) -> str:
        """The id of the next row that says this."""
        digest = hashlib.sha256("\x1f".join(content).encode()).hexdigest()[:24]
        self._met[digest] = self._met.get(digest, 0) + 1
        return f"{self._prefix}-{digest}-{self._met[digest]}"


class Stated:
    """The parties already stated, so that a party of a thousand rows is stated once, and again where a row says more."""

    def __init__(self) -> None:
        self._met: dict[str, Entity] = {}

    def anew(self, *parties: Entity) -> Iterator[Entity]:
        """The parties among these that are new, or that say something else than before."""
        for one in parties:
            if self._met.get(one.id) != one:
                self._met[one.id] = one
                yield one
