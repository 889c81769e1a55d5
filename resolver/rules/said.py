"""A finding put together, and the turns of phrase that its reason shares with the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from resolver.model import Finding, Verdict
from resolver.rules.proof import Proof
from resolver.rules.ruling import Ruling
from resolver.share import UNKNOWN, Share, decimal

NAMED = 5
"""Parties that a reason names before it counts the rest."""


def made(
    ruling: Ruling,
    subject: int,
    verdict: Verdict,
    share: Share | None,
    listed: Iterable[int],
    shown: Proof,
    reason: str,
    arithmetic: str = "",
    links: tuple[str, ...] = (),
) -> Finding:
    """The finding on a party under a regime, with the listings of its listed parties there.

    A status other than "in force" stands in the reason as well: not every table has a column for it.
    """
    if ruling.period is not None and ruling.status != "in force" and ruling.status not in reason:
        reason += f"; status of the rule: {ruling.status}"
    parties = sorted(listed, key=ruling.world.ids.__getitem__)
    return Finding(
        subject=ruling.world.ids[subject],
        regime=ruling.regime.code,
        verdict=verdict,
        share=share,
        listed_parties=tuple(ruling.world.ids[party] for party in parties),
        path=shown.path,
        authority=ruling.regime.authority,
        as_of=ruling.world.as_of,
        reason=reason,
        rule_status=ruling.status,
        threshold=str(ruling.test) if ruling.binds else "",
        arithmetic=arithmetic,
        interests=shown.interests,
        listings=tuple(dict.fromkeys(listing.id for party in parties for _, listing in ruling.listed.get(party, ()))),
        links=links,
    )


def names(ruling: Ruling, parties: Collection[int]) -> str:
    """The parties by name, the first few of them, and how many more there are."""
    first = sorted(parties, key=ruling.world.ids.__getitem__)[:NAMED]
    more = f" and {len(parties) - NAMED} more" if len(parties) > NAMED else ""
    return ", ".join(ruling.world.caption(party) for party in first) + more


def percent(share: Share) -> str:
    """`60 %`, `33.3333 %`, `more than 50 % and less than 75 %`, `at least 75 %`."""
    if share == UNKNOWN:
        return "a share that no source states"
    if share.exact:
        return f"{decimal(share.minimum)} %"
    low = f"{'more than' if share.exclusive_minimum else 'at least'} {decimal(share.minimum)} %"
    high = f"{'less than' if share.exclusive_maximum else 'at most'} {decimal(share.maximum)} %"
    if share.maximum >= 100 and not share.exclusive_maximum:
        return low
    return f"{low} and {high}" if share.minimum or share.exclusive_minimum else high


def chained(path: str) -> bool:
    """Whether a path goes through a company between."""
    return any(chain.count("-> ") > 1 for chain in path.split("; "))
