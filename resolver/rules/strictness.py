"""The rule of most restrictiveness (Supp. No. 8 to 15 CFR part 744): which listing's requirement governs among several.

The published texts are free prose: what is ordered here are the phrases that they share. A text that says neither ranks
between; a listing without any text is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from resolver.model import Listing

_ALL_ITEMS = re.compile(r"\ball items subject to the EAR\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\bexcept|\bother than|EAR99", re.IGNORECASE)
_DENIAL = re.compile(r"policy of denial|presumption of denial", re.IGNORECASE)
_CASE_BY_CASE = re.compile(r"case[- ]by[- ]case", re.IGNORECASE)


def strictest(listings: Iterable[Listing]) -> Listing | None:
    """The listing whose licence requirement and review policy are the most restrictive; the first of equals by id.

    None where no listing states either.
    """
    stated = [one for one in listings if one.licence_requirement or one.licence_policy]
    return min(stated, key=lambda one: (_order(one), one.id), default=None)


def _order(listing: Listing) -> tuple[int, int]:
    requirement, policy = listing.licence_requirement, listing.licence_policy
    everything = bool(_ALL_ITEMS.search(requirement))
    scope = 0 if everything and not _EXCEPT.search(requirement) else 1 if everything else 2
    denial, case = bool(_DENIAL.search(policy)), bool(_CASE_BY_CASE.search(policy))
    return scope, 0 if denial and not case else 1 if denial else 3 if case else 2
