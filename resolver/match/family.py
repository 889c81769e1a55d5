"""Whether a brand in common makes two names a family: the gate of the verdict NAME_FAMILY."""

from __future__ import annotations

from resolver.model import Entity, Match, Name, Query, Schema
from resolver.names import Anatomy, parse, tables

NOT_COMPANIES = frozenset((Schema.PERSON, Schema.VESSEL, Schema.AIRPLANE, Schema.ADDRESS))
SHORTEST = 4
"""Letters of a Latin brand that tell a family; three are an acronym that many have. Two Chinese characters do."""


def is_family(query: Query, entity: Entity, match: Match) -> bool:
    """Whether the brand of a match is what one of the two is known by and what the other's name begins with, and their
    country or their trade agrees. A place in a name tells its country; trade words that any company may use tell nothing."""
    if match.brand is None or entity.schema in NOT_COMPANIES:
        return False
    brand = tuple(match.brand.split())
    if all(word.isascii() and len(word) < SHORTEST for word in brand):
        return False
    theirs = parse(match.name.text)
    for name in query.names:
        ours = parse(name.text)
        if not _leads(brand, ours, theirs):
            continue
        if _countries(query.countries, query.names) & _countries(entity.countries, entity.names):
            return True
        if _trades(ours) & _trades(theirs):
            return True
    return False


def _leads(brand: tuple[str, ...], ours: Anatomy, theirs: Anatomy) -> bool:
    both = (ours.brand, theirs.brand)
    if ours.han is not theirs.han:
        return True
    return any(one == brand for one in both) and all(one[: len(brand)] == brand for one in both)


def _countries(stated: tuple[str, ...], names: tuple[Name, ...]) -> set[str]:
    placed = (tables.phrases().get(place) for name in names for place in parse(name.text).place)
    return {*stated, *(phrase.country for phrase in placed if phrase and phrase.country)}


def _trades(anatomy: Anatomy) -> set[str]:
    found = (tables.phrases().get(word) for word in anatomy.trade)
    return {phrase.sense for phrase in found if phrase and phrase.level != "generic"}
