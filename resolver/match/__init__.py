"""How alike two parties are, and why: a score from 0 to 1 that is the sum of the parts it explains itself with.

The brand carries identity. Place, trade, number, branch and form can only take away: what contradicts costs much, what one
side leaves out costs little. Without one distinctive word in common there is no match; a weak alias decides nothing
alone; a shared identifier decides everything. Scores are exact functions of the two parties and the lexicon.
"""

from __future__ import annotations

from resolver.identifiers import strong
from resolver.match.address import same_address
from resolver.match.align import Alignment, align, spelled_alike
from resolver.match.family import is_family
from resolver.match.features import FEATURES, Pair
from resolver.match.prepared import Prepared, packaged, prepared, rare
from resolver.model import Entity, Feature, Lexicon, Match, Name, NameKind, Query

__all__ = [
    "DEFAULT_THRESHOLD",
    "FEATURES",
    "SAME_NAME",
    "Alignment",
    "Prepared",
    "align",
    "compare",
    "is_family",
    "match",
    "packaged",
    "prepared",
    "rare",
    "same_address",
    "spelled_alike",
]

DEFAULT_THRESHOLD = 0.7
"""From here on two parties are proposed as one."""

SAME_NAME = 0.995
"""From here on nothing of the two names differs but spelling: the party bears the very name asked."""

WEAK_LIMIT = 0.65
"""A weak alias reaches the threshold only with the party's country or an identifier beside it."""


def match(query: Query, entity: Entity, lexicon: Lexicon) -> Match:
    """The best of every name of the query against every name of the party, and what made it the best.

    A shared identifier of a strong scheme gives 1.0 whatever the names. `brand` is set below the threshold as well.
    """
    asked = query.names[0].text if query.names else ""
    shared = [one for one in query.identifiers if one in entity.identifiers and strong(one)]
    if shared:
        name = next(
            (n for n in entity.names if n.kind is NameKind.PRIMARY), entity.names[0] if entity.names else Name(entity.id)
        )
        detail = f"the same {shared[0].scheme} {shared[0].value}"
        return Match(asked, entity.id, name, 1.0, (Feature("identifier", 1.0, detail),), _brand(query, entity, lexicon))
    best: tuple[float, Pair, Name] | None = None
    brand = None
    for ours in query.names:
        for theirs in entity.names:
            pair = Pair.of(ours.text, theirs.text, lexicon, query, entity, theirs.kind)
            score = pair.score()
            brand = brand or pair.brand()
            if best is None or score > best[0]:
                best = (score, pair, theirs)
    if best is None:
        return Match(asked, entity.id, Name(entity.id), 0.0)
    score, pair, name = best
    return Match(asked, entity.id, name, score, pair.features(), pair.brand() or brand)


def compare(left: str, right: str, lexicon: Lexicon | None = None) -> Match:
    """Two names alone. Without a lexicon the packaged one serves. `compare(a, b)` and `compare(b, a)` score the same."""
    ordered = min(left, right), max(left, right)
    pair = Pair.of(*ordered, lexicon or packaged())
    return Match(left, right, Name(right), pair.score(), pair.features(), pair.brand())


def _brand(query: Query, entity: Entity, lexicon: Lexicon) -> str | None:
    for ours in query.names:
        for theirs in entity.names:
            if brand := Pair.of(ours.text, theirs.text, lexicon).brand():
                return brand
    return None
