"""One regime on one world: whom it lists, and the sets that grow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from resolver.model import Listing, Period, Regime
from resolver.regimes import HALF, names_subsidiaries
from resolver.rules.fixpoint import Group, Members, Reading, Test, admitting, grown, least
from resolver.rules.loops import integrated
from resolver.rules.proof import Carriers, LinesOf, controllers, counting, owners, sources
from resolver.rules.world import World

Listed = Mapping[int, tuple[tuple[str, Listing], ...]]
"""The parties that a regime lists, by number, with each listing and the directive under which it seeds."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a regime's rule yields in a world.

    `groups` are empty where no percentage rule binds on the day. `half`: who is surely held by half or more, whatever the
    regime's own test; consolidation counts there. `rings`: the integrated share in cross-holdings that the cascade leaves.
    """

    world: World
    regime: Regime
    period: Period | None
    test: Test
    listed: Listed
    groups: tuple[Group, ...]
    half: tuple[Members, ...]
    half_test: Test
    rings: Mapping[int, Fraction]
    by_possible: dict[int, list[Group]] = field(default_factory=dict)
    by_controlled: dict[int, list[Group]] = field(default_factory=dict)
    _carriers: dict[tuple[int, Reading], Carriers] = field(default_factory=dict)
    _sources: dict[int, Mapping[int, frozenset[int]]] = field(default_factory=dict)

    @property
    def binds(self) -> bool:
        """Whether a percentage rule has a text on the day, suspended or not."""
        return bool(self.period and self.period.in_force)

    @property
    def suspended(self) -> bool:
        """Whether the rule's text is suspended on the day."""
        return bool(self.period and self.period.suspended)

    @property
    def status(self) -> str:
        """The rule's status for every report."""
        if self.period is not None:
            return self.period.status
        return "not yet in force" if self.regime.periods else "no percentage rule"

    def possibly(self, subject: int) -> list[Group]:
        """The groups that possibly own a party."""
        return self.by_possible.get(subject, [])

    def controlling(self, subject: int) -> list[Group]:
        """The groups that control a party, or own it."""
        return self.by_controlled.get(subject, [])

    def holders(self) -> set[int]:
        """The listed parties, and those that are surely owned where the rule binds."""
        found = set(self.listed)
        for group in self.groups:
            found.update(group.certain)
        return found

    def behind(self, members: Members, subject: int, lines_of: LinesOf) -> frozenset[int]:
        """The listed parties behind a member of one of the ruling's sets; each set is read once."""
        if id(members) not in self._sources:
            self._sources[id(members)] = sources(self.world, members, lines_of)
        return self._sources[id(members)].get(subject, frozenset())

    def carriers(self, members: Members, reading: Reading) -> Carriers:
        """Which holdings carry a member of one of the ruling's sets."""
        key = (id(members), reading)
        if key not in self._carriers:
            test = self.half_test if any(members is half for half in self.half) else self.test
            self._carriers[key] = owners(self.world, test, members, reading)
        return self._carriers[key]

    def controllers(self, group: Group) -> Carriers:
        """Which holdings carry a controlled member of a group."""
        key = (id(group), Reading.CERTAIN)
        if key not in self._carriers:
            self._carriers[key] = controllers(self.world, self.test, group, self.regime.control_limb)
        return self._carriers[key]

    def counting(self, reading: Reading, *, control: bool = False) -> LinesOf:
        """The lines by which an owner has a part in a company."""
        limb = self.regime.control_limb if control else frozenset()
        return counting(self.world, self.test.registers, reading, limb)


def ruled(world: World, regime: Regime, period: Period | None, listed: Listed) -> Ruling:
    """Applies a regime to a world."""
    binding = period is not None and period.in_force
    aggregate = regime.aggregate if period is None or period.aggregate is None else period.aggregate
    threshold, strictly = (period.threshold, period.strictly) if period else (HALF, False)
    registers = tuple(sorted(regime.interests, key=lambda kind: (kind != "shareholding", kind)))
    test = Test(registers, threshold, strictly, joint_adds=not aggregate, cascade=regime.cascade)
    groups = tuple(
        grown(world, label, seeds, test, regime.control_limb)
        for label, seeds in _groups(regime, listed, aggregate)
        if binding
    )
    half_test = Test(registers, HALF, strictly=False, consolidation=True)
    half = _half(world, regime, listed, test, half_test, groups)
    rings: Mapping[int, Fraction] = {}
    if binding and aggregate and regime.cascade and len(groups) == 1:
        rings = integrated(world, groups[0].certain)
    ruling = Ruling(world, regime, period, test, listed, groups, half, half_test, rings)
    for group in groups:
        for member in group.possible:
            ruling.by_possible.setdefault(member, []).append(group)
        for member in group.controlled:
            ruling.by_controlled.setdefault(member, []).append(group)
    return ruling


def _groups(regime: Regime, listed: Listed, aggregate: bool) -> Iterable[tuple[str, list[int]]]:
    carrying = {
        party: entries
        for party, entries in listed.items()
        if not regime.scoped or any(names_subsidiaries(listing) for _, listing in entries)
    }
    if not aggregate:
        return [("", [party]) for party in sorted(carrying)]
    return _by_label(carrying)


def _by_label(listed: Listed) -> list[tuple[str, list[int]]]:
    labels: dict[str, list[int]] = {}
    for party, entries in listed.items():
        for label in {directive for directive, _ in entries}:
            labels.setdefault(label, []).append(party)
    return sorted(labels.items())


def _half(
    world: World, regime: Regime, listed: Listed, test: Test, half: Test, groups: tuple[Group, ...]
) -> tuple[Members, ...]:
    same = replace(test, consolidation=True) == half and not regime.scoped
    if same and groups and all(group.certain is group.possible for group in groups):
        return tuple(group.certain for group in groups)
    admits = admitting(world, half, Reading.CERTAIN)
    return tuple(least(world, dict.fromkeys(sorted(seeds), 0), admits) for _, seeds in _by_label(listed))
