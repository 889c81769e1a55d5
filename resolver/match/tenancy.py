"""The units that lists give as addresses of listed parties, and how many tenants are known in each.

A unit with many tenants is a registration agent's, and ties nobody to anybody: from MANY on it is not kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from resolver import arrays
from resolver.arrays import Arrays, Strings
from resolver.match.address import Unit, same_unit, unit
from resolver.model import Entity, Schema

MANY = 20


class _Place(NamedTuple):
    unit: Unit
    address: str
    entity: str
    tenants: set[str]


def build(
    path: Path, lists: Iterable[tuple[Entity, bool]], registers: Iterable[Entity], canonical: Mapping[str, str]
) -> None:
    """Writes the units of listed parties. `lists` are the parties of the public lists, each with whether it is listed
    itself; they and the parties of `registers` are the tenants. A party of several records is one tenant, `canonical`
    giving its id by that of each record."""
    places: dict[str, list[_Place]] = {}
    tenants: list[tuple[str, Unit]] = []
    for entity, listed in lists:
        for address, found in _units(entity):
            tenants.append((entity.id, found))
            if listed:
                places.setdefault(found.mark, []).append(_Place(found, address, entity.id, set()))
    further = ((entity.id, found) for entity in registers for _, found in _units(entity))
    for id, found in chain(tenants, further):
        for place in places.get(found.mark, ()):
            if len(place.tenants) < MANY and same_unit(place.unit, found):
                place.tenants.add(canonical.get(id, id))
    _write(path, places)


def _units(entity: Entity) -> Iterator[tuple[str, Unit]]:
    for address in entity.addresses if entity.schema is not Schema.ADDRESS else ():
        found = unit(address)
        if found is not None:
            yield address, found


def _write(path: Path, places: Mapping[str, list[_Place]]) -> None:
    marks: list[str] = []
    start, kept = array("I", [0]), list[_Place]()
    for mark in sorted(places):
        few = sorted((one for one in places[mark] if len(one.tenants) < MANY), key=lambda one: (one.address, one.entity))
        if few:
            marks.append(mark)
            kept += few
            start.append(len(kept))
    arrays.write(
        path,
        {
            **arrays.strings("mark", marks),
            "start": start,
            **arrays.strings("address", (one.address for one in kept)),
            **arrays.strings("entity", (one.entity for one in kept)),
            "tenants": array("I", [len(one.tenants) for one in kept]),
        },
    )


class Shared(NamedTuple):
    """A listed party's record, its address at the unit asked about, and how many tenants are known there, it included."""

    entity: str
    address: str
    tenants: int


class Tenancy:
    """The units as they were written, memory-mapped."""

    def __init__(self, path: Path) -> None:
        read = Arrays(path)
        self._marks, self._start = Strings(read, "mark"), read["start"]
        self._address, self._entity, self._tenants = Strings(read, "address"), Strings(read, "entity"), read["tenants"]

    def shared(self, address: str) -> Iterator[Shared]:
        """The listed parties in the unit of an address; none where it names no unit."""
        found = unit(address)
        position = self._marks.find(found.mark) if found is not None else -1
        if found is None or position < 0:
            return
        for place in range(self._start[position], self._start[position + 1]):
            other = unit(self._address[place])
            if other is not None and same_unit(found, other):
                yield Shared(self._entity[place], self._address[place], self._tenants[place])
