"""Least fixpoints over exact intervals: who is surely, and who is possibly, owned by a group of listed parties.

A set grows from the listed parties by rounds: a company joins when the members of the rounds before hold enough of it.
Nothing joins on its own account or on that of a later member, so a loop never justifies itself, and every member has a
proof of members that joined earlier. A round looks only at the companies in which the last round's members hold.

Three readings of the same holdings (`regimes`, reading 3):

* CERTAIN: what is surely held. Only lower ends of firm holdings count.
* POSSIBLE: what may be held. Upper ends, direct holdings limited to what the others surely leave (reading 5); an empty
  share is (0, 100]; accounting consolidation by a member is enough.
* STATED: as POSSIBLE with every empty share exactly 0, and no consolidation.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from resolver.graph import once
from resolver.rules.world import CONSOLIDATION, PERHAPS, Book, Line, World, interval
from resolver.share import Share


class Reading(Enum):
    """Which answer is asked for."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Test:
    """An ownership test: the registers it counts one by one, and how much is enough.

    `joint_adds`: each party to a joint arrangement holds what all of them hold (UK Sch. 1 para. 3); else a joint holding
    is counted once (reading 4).
    """

    registers: tuple[str, ...]
    threshold: Fraction
    strictly: bool
    joint_adds: bool = False
    cascade: bool = True
    consolidation: bool = False

    def enough(self, amount: int, is_open: bool, scale: int, *, at_least: bool) -> bool:
        """Whether an end of a sum is enough: the lower end (`at_least`), or the upper one."""
        left, right = amount * self.threshold.denominator, self.threshold.numerator * scale
        if left != right:
            return left > right
        return (not self.strictly or is_open) if at_least else (not self.strictly and not is_open)

    def __str__(self) -> str:
        return f"{'>' if self.strictly else '>='} {self.threshold}"


Members = Mapping[int, int]
"""Who is in a set, with the round in which each joined; 0 for the listed parties it grew from."""


def counted(book: Book, register: str, *, certain: bool, direct: bool = False) -> list[Line]:
    """The lines of a register, with those that may belong to it unless the answer must be certain; of a rule that counts
    `direct` holdings only (`regimes`, reading 9) without those told to be indirect."""
    lines = book.lines.get(register, [])
    if not certain and register == "shareholding" and PERHAPS in book.lines:
        lines = lines + book.lines[PERHAPS]
    if direct:
        return [line for line in lines if all(row.direct_or_indirect != "indirect" for row in line.holding.interests)]
    return lines


def surely(lines: Iterable[Line], members: Container[int], scale: int, joint_adds: bool = False) -> tuple[int, bool]:
    """What members surely hold together: the lower end of the sum, and whether it is open."""
    total, is_open = 0, False
    joint: list[Line] = []
    for line in lines:
        if line.joint is not None:
            joint.append(line)
        elif line.firm and line.owner in members:
            total += line.low
            is_open = is_open or line.low_open
    for share in joint_shares(joint, members, joint_adds, firm=True) if joint else ():
        total += int(share.minimum * scale)
        is_open = is_open or share.exclusive_minimum
    return total, is_open


def at_most(
    lines: Iterable[Line], members: Container[int], scale: int, joint_adds: bool = False, *, empty_is_nothing: bool = False
) -> tuple[int, bool]:
    """What members may hold together: the upper end of the sum, and whether it is open."""
    high = low = rest = others = 0
    high_open = low_open = rest_open = others_open = False
    joint: list[Line] = []
    for line in lines:
        if line.unknown and empty_is_nothing:
            continue
        if line.joint is not None:
            joint.append(line)
        elif line.owner in members:
            if line.capped:
                high, high_open = high + line.high, high_open or line.high_open
                if line.firm:
                    low, low_open = low + line.low, low_open or line.low_open
            else:
                rest, rest_open = rest + line.high, rest_open or line.high_open
        elif line.capped and line.firm:
            others, others_open = others + line.low, others_open or line.low_open
    ceiling = 100 * scale - others
    lowers = ceiling < high or (ceiling == high and others_open and not high_open)
    contradicts = ceiling < low or (ceiling == low and low > 0 and (others_open or low_open))
    if lowers and not contradicts:
        high, high_open = ceiling, others_open
    for share in joint_shares(joint, members, joint_adds, firm=False) if joint else ():
        rest += int(share.maximum * scale)
        rest_open = rest_open or share.exclusive_maximum
    return high + rest, high_open or rest_open


def joint_shares(lines: list[Line], members: Container[int], joint_adds: bool, *, firm: bool) -> Iterable[Share]:
    """The members' part in joint holdings: each arrangement once, or every party's rows where they add."""
    groups: dict[str | None, list[Line]] = {}
    for line in lines:
        if line.firm or not firm:
            groups.setdefault(line.joint, []).append(line)
    for group in groups.values():
        inside = [line.holding.share for line in group if line.owner in members]
        if not inside:
            continue
        if joint_adds:
            yield from (line.holding.share for line in group)
        else:
            yield once(inside)


def share_of(
    book: Book,
    register: str,
    certain: Container[int],
    possible: Container[int],
    joint_adds: bool = False,
    *,
    direct: bool = False,
) -> Share:
    """What the certain members surely hold, up to what the possible ones may hold."""
    low, low_open = surely(counted(book, register, certain=True, direct=direct), certain, book.scale, joint_adds)
    high, high_open = at_most(counted(book, register, certain=False, direct=direct), possible, book.scale, joint_adds)
    return interval(low, low_open, high, high_open, book.scale)


def admitting(world: World, test: Test, reading: Reading) -> Callable[[int, Members], bool]:
    """Whether a company joins the members, under a reading of its book."""
    certain = reading is Reading.CERTAIN
    consolidation = test.consolidation if certain else reading is Reading.POSSIBLE

    def admits(subject: int, members: Members) -> bool:
        book = world.book(subject)
        for register in test.registers:
            lines = counted(book, register, certain=certain, direct=not test.cascade)
            if not lines:
                continue
            if certain:
                amount, is_open = surely(lines, members, book.scale, test.joint_adds)
            else:
                amount, is_open = at_most(
                    lines, members, book.scale, test.joint_adds, empty_is_nothing=reading is Reading.STATED
                )
            if test.enough(amount, is_open, book.scale, at_least=certain):
                return True
        return consolidation and any(line.owner in members for line in book.lines.get(CONSOLIDATION, ()))

    return admits


def least(world: World, start: Members, admits: Callable[[int, Members], bool], *, cascade: bool = True) -> dict[int, int]:
    """The least set that holds `start` and every company that the set so far admits."""
    members = dict(start)
    frontier: Iterable[int] = list(start)
    depth = max(members.values(), default=0)
    while frontier:
        depth += 1
        touched = {subject for owner in frontier for subject in world.held(owner) if subject not in members}
        joined = [subject for subject in touched if admits(subject, members)]
        members.update(dict.fromkeys(joined, depth))
        frontier = joined if cascade else ()
    return members


@dataclass(frozen=True, slots=True)
class Group:
    """The sets that grow from one group of listed parties under one regime.

    An aggregating regime has one group of them all, another one for each listed party; us-ofac-ssi one per directive.
    """

    label: str
    seeds: frozenset[int]
    certain: Members
    stated: Members
    possible: Members
    controlled: Members


def grown(world: World, label: str, seeds: Iterable[int], test: Test, control: frozenset[str]) -> Group:
    """Every set of a group."""
    origin = dict.fromkeys(sorted(seeds), 0)
    possible = least(world, origin, admitting(world, test, Reading.POSSIBLE), cascade=test.cascade)
    if all(world.book(subject).plain for owner in possible for subject in world.held(owner)):
        certain = stated = possible
    else:
        certain = least(world, origin, admitting(world, test, Reading.CERTAIN), cascade=test.cascade)
        stated = least(world, origin, admitting(world, test, Reading.STATED), cascade=test.cascade)
    controlled = least(world, certain, controlling(world, test, control)) if control else certain
    return Group(label, frozenset(origin), certain, stated, possible, controlled)


def controlling(world: World, test: Test, limb: frozenset[str]) -> Callable[[int, Members], bool]:
    """Whether a company is controlled by members: a control right of the limb, or ownership through controlled ones."""
    owned = admitting(world, test, Reading.CERTAIN)

    def admits(subject: int, members: Members) -> bool:
        if owned(subject, members):
            return True
        return any(line.owner in members for line in control_lines(world.book(subject), limb))

    return admits


_MAJORITY = frozenset(("appointmentOfBoard", "votingRights"))
LARGEST_HOLDER = "largestHolder"


def control_lines(book: Book, limb: frozenset[str]) -> list[Line]:
    """The lines that give control by themselves. A right to appoint without a number means a majority."""
    found = []
    for kind in sorted(limb & book.lines.keys()):
        for line in book.lines[kind]:
            if kind in _MAJORITY and not line.unknown:
                half = 50 * book.scale
                if line.low < half or (line.low == half and not line.low_open):
                    continue
            elif kind == "votingRights":
                continue
            found.append(line)
    if LARGEST_HOLDER in limb:
        found.extend(_largest(book))
    return found


def _largest(book: Book) -> list[Line]:
    """The shareholder who surely has at least twice what any other may have, where it is a quarter or more.

    EU Best Practices 2024, indicator (a): a designated person with 40 % is the largest holder beside others with 10 % each.
    Whatever no row tells of counts as one more holder.
    """
    lines = book.lines.get("shareholding", [])
    if len(lines) < 2 or any(line.joint is not None for line in lines):
        return []
    untold = 100 * book.scale - sum(line.low for line in lines)
    highest = sorted((line.high for line in lines), reverse=True)[:2]
    found = []
    for line in lines:
        others = max(highest[1] if line.high == highest[0] else highest[0], untold)
        if line.firm and line.low >= 25 * book.scale and line.low >= 2 * others:
            found.append(line)
    return found
