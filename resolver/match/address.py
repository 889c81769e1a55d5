"""Whether two texts name one address, to the unit: some entries of the Entity List are an address, and reach whoever uses it
(15 CFR 744.16(a), 89 FR 51644)."""

from __future__ import annotations

import re

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
    """Whether `asked` has every number of `listed` (house, floor, unit) and most of its distinctive words."""
    ours, theirs = fold(asked), fold(listed)
    numbers = set(_NUMBER.findall(theirs))
    if not numbers or not numbers <= set(_NUMBER.findall(ours)):
        return False
    words = {word for word in _WORD.findall(theirs) if word not in GENERIC}
    shared = words & set(_WORD.findall(ours))
    return bool(words) and len(shared) >= SHARED_WORDS * len(words)
