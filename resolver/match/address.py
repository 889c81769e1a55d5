"""Whether two texts name one address, to the unit: some entries of the Entity List are an address, and reach whoever uses it
(15 CFR 744.16(a), 89 FR 51644); and a unit that a listed party uses is a tie to whoever else is there."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from resolver.names import fold

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")
GENERIC = frozenset(
    "address apartment ave avenue bldg block building centre center city country district flat floor hk hong house kong "
    "kowloon lane level new no number of prc rd rm road room shop st street suite territories the tower unit".split()
)
"""Words of so many addresses that they tell nothing of one."""
SHARED_WORDS = 0.6


def same_address(asked: str, listed: str) -> bool:
    """Whether an address that is itself an entry is the one asked: the same unit where the entry names one, else every
    number and most of the distinctive words of the entry."""
    entry = unit(listed)
    if entry is not None:
        place = unit(asked)
        return place is not None and same_unit(place, entry)
    ours, theirs = fold(asked), fold(listed)
    numbers = set(_NUMBER.findall(theirs))
    if not numbers or not numbers <= set(_NUMBER.findall(ours)):
        return False
    words = {word for word in _WORD.findall(theirs) if word not in GENERIC}
    shared = words & set(_WORD.findall(ours))
    return bool(words) and len(shared) >= SHARED_WORDS * len(words)


class Unit(NamedTuple):
    """A unit of a building, by what tells it from others: the unit's own mark, its floor, its block, the house numbers
    and the words that are not in every address. Numbers of five digits and more are postcodes, and left out."""

    mark: str
    floors: frozenset[str]
    blocks: frozenset[str]
    houses: frozenset[str]
    words: frozenset[str]


_SIGNS = ("room", "rm", "unit", "flat", "suite", "ste", "shop", "apartment", "apt", "office", "室", "号房", "#")
"""One of these stands in every address that names a unit: most do not, and are read no further."""
_MARKED = r"[a-z]?\d{1,4}[a-z]?\d?|[a-z]"
_UNIT = re.compile(
    r"\b(?:rooms?|rms?|units?|flats?|suites?|ste|shops?|apartments?|apts?|offices?)\b[\s./:#-]*"
    rf"(?:(?:room|rm|flat|unit|number|nos?|num)\b[\s./:#-]*)*(?P<room>{_MARKED})(?![a-z\d])"
    r"|(?<![a-z\d])(?P<chinese>[a-z]?\d{1,4}[a-z]?)\s*(?:室|号房)"
    r"|#(?P<singapore>\d{1,2}-\d{1,4}[a-z]?)(?![a-z\d])"
)
_FLOOR = re.compile(r"(?<![a-z\d])(\d{1,3})\s*(?:(?:st|nd|rd|th)?\s*floor|/\s*f\b|f\b|[楼层])|\bfloor\s*(\d{1,3})\b")
_BLOCK = re.compile(r"\b(?:block|blk|tower|wing)\s*(?:no\W*)?([a-z]|\d{1,3})(?![a-z\d])")
_HOUSE = re.compile(r"(?<![a-z\d])\d{1,4}[a-z]?(?![a-z\d])")


def unit(text: str) -> Unit | None:
    """The unit that an address names; None where it names a building, a street or a town."""
    plain = unicodedata.normalize("NFKC", text).lower()
    found = _UNIT.search(plain) if any(sign in plain for sign in _SIGNS) else None
    if found is None:
        return None
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    floors = frozenset(number.lstrip("0") for pair in _FLOOR.findall(rest) for number in pair if number)
    blocks = frozenset(_BLOCK.findall(rest))
    bare = _BLOCK.sub(" ", _FLOOR.sub(" ", rest))
    words = frozenset(word for word in _WORD.findall(fold(bare)) if word not in GENERIC)
    mark = found["room"] or found["chinese"] or found["singapore"]
    return Unit(mark.lstrip("0") or mark, floors, blocks, frozenset(_HOUSE.findall(bare)), words)


def same_unit(left: Unit, right: Unit) -> bool:
    """Whether two addresses name one unit: nothing of either contradicts the other, and what they share names a house.

    Without a house number on one side the words have to agree in full: a building's name beside its district's.
    """
    if left.mark != right.mark or _contradict(left.floors, right.floors) or _contradict(left.blocks, right.blocks):
        return False
    fewer = min(len(left.words), len(right.words))
    shared = len(left.words & right.words)
    if shared < 2:
        return False
    if left.houses and right.houses:
        return (left.houses <= right.houses or right.houses <= left.houses) and shared >= SHARED_WORDS * fewer
    return shared == fewer and fewer >= 3


def _contradict(left: frozenset[str], right: frozenset[str]) -> bool:
    return bool(left and right) and left != right
