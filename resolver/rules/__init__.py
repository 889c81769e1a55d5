"""A neighbourhood, its listings and a day -> findings with their proof. Pure: the same values give the same findings.

Each regime runs on its own seeds (`regimes`, reading 1): what one regime owns seeds no other.

    world      the holdings that count on the day, as books in whole numbers
    fixpoint   who is surely, possibly, and by control, owned by a group of listed parties
    ruling     one regime on one world: its groups, and who is held by half
    verdicts   LISTED to LISTED_OWNER, with `minority` for the red flags and `proof` for what carries them
    kin        PARENT_OF_LISTED and SISTER_OF_LISTED
    ties       SERVES_LISTED, shared directors, listed addresses, branches

`headquarters`, which no list seeds, is asked apart, about one party. SHARED_ADDRESS and NAME_FAMILY are `screen`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from resolver import regimes as table
from resolver.graph import Neighbourhood
from resolver.model import Finding, Listing, Regime, Verdict
from resolver.rules import kin, ties
from resolver.rules.ruling import Listed, Ruling, ruled
from resolver.rules.verdicts import judged
from resolver.rules.world import World

NOT_ADDED = (frozenset(("us-ofac", "us-ofac-ssi")),)
"""Regimes whose holders must not be added together, and whose mixed sums are for review (OFAC FAQ 373)."""


def findings(
    neighbourhood: Neighbourhood,
    listings: Mapping[str, tuple[Listing, ...]],
    as_of: date,
    *,
    regimes: Collection[str] | None = None,
    subjects: Collection[str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Everything the rules say of a neighbourhood on a day, sorted by subject, regime and seriousness.

    `listings` are by entity id. `regimes` and `subjects` keep the findings of these alone; `overrides` is as in
    `regimes.period`. A party may have several findings under one regime, of different kinds (a red flag, and a sister).
    Raises InputError for an override that cannot be read.
    """
    table.check(overrides or {})
    ends = (end for link in neighbourhood.links for end in (link.subject, link.object))
    world = World(neighbourhood, as_of, (*listings, *ends))
    wanted = None if subjects is None else _numbers(world, subjects)
    found: list[Finding] = []
    rulings = [
        ruled(world, regime, table.period(regime, as_of, overrides), listed)
        for regime, listed in _seeded(world, listings, as_of, regimes)
    ]
    kinship = kin.Kinship(world)
    directed = ties.boards(world)
    for ruling in rulings:
        found += _of_regime(ruling, kinship, directed, wanted, _mixed(ruling, rulings))
    if subjects is not None:
        found = [finding for finding in found if finding.subject in subjects]
    return sorted(found, key=lambda one: (one.subject, one.regime, one.verdict.rank, one.listed_parties, one.path))


def _numbers(world: World, subjects: Iterable[str]) -> list[int]:
    known = (world.number.get(world.head.get(subject, subject)) for subject in subjects)
    return sorted({number for number in known if number is not None})


def _seeded(
    world: World, listings: Mapping[str, tuple[Listing, ...]], as_of: date, regimes: Collection[str] | None
) -> list[tuple[Regime, Listed]]:
    """The regimes that listings of the day seed, each with its listed parties."""
    seeded: dict[str, dict[int, list[tuple[str, Listing]]]] = {}
    for party, entries in listings.items():
        for listing in entries:
            for seed in table.seeds(listing, as_of):
                if regimes is None or seed.regime in regimes:
                    listed = seeded.setdefault(seed.regime, {})
                    listed.setdefault(world.own_number(party), []).append((seed.directive, listing))
    return [
        (table.regime(code), {number: tuple(entries) for number, entries in sorted(listed.items())})
        for code, listed in sorted(seeded.items())
    ]


def _mixed(ruling: Ruling, rulings: Iterable[Ruling]) -> frozenset[int]:
    for together in NOT_ADDED:
        if ruling.regime.code in together:
            return frozenset(holder for one in rulings if one.regime.code in together for holder in one.holders())
    return frozenset()


def _of_regime(
    ruling: Ruling,
    kinship: kin.Kinship,
    directed: dict[int, dict[int, str]],
    wanted: list[int] | None,
    mixed: frozenset[int],
) -> list[Finding]:
    found = list(judged(ruling, wanted, mixed))
    number = ruling.world.number
    found += ties.at_listed_addresses(ruling, {number[one.subject] for one in found if one.verdict is Verdict.LISTED})
    serious = {number[one.subject] for one in found if one.verdict is not Verdict.MINORITY}
    found += ties.sharing_directors(ruling, directed, {number[one.subject] for one in found})
    found += kin.kin(ruling, kinship, serious, wanted)
    found += ties.serving(ruling)
    if ruling.world.head:
        by_number: dict[int, list[Finding]] = {}
        for finding in found:
            by_number.setdefault(number[finding.subject], []).append(finding)
        found += ties.of_branches(ruling, by_number)
    return found
