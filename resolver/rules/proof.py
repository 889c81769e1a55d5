"""Why a finding stands: the smallest set of interests that carries it, as a path and as a sum that a person can read.

A proof is a set of steps, each a holding of one party in another. It is read from the company asked about upwards: what
carries the company, then what carries each of its carriers, every step once, until only listed parties are left. A
member's carriers joined the set before it did, so that no proof goes round in a circle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from resolver.rules.fixpoint import Group, Members, Reading, Test, at_most, control_lines, counted, joint_shares, surely
from resolver.rules.world import CONSOLIDATION, Line, World
from resolver.share import Share, decimal

LONGEST = 60
"""Steps shown of one proof. A longer chain is cut where it begins, and says so."""


class Step(NamedTuple):
    """One holding in a proof: whose, how it stands on the path, and the ids of its interests."""

    owner: int
    text: str
    interests: tuple[str, ...]


Carriers = Callable[[int], Sequence[Step]]
"""What carries a company in a proof; nothing where it needs no proof."""

KINDS = {
    "appointmentOfBoard": "appoints the board",
    "otherInfluenceOrControl": "significant influence or control",
    "seniorManagingOfficial": "senior managing official",
    "boardMember": "board member",
    "boardChair": "board chair",
    "controlViaCompanyRulesOrArticles": "control by the articles",
    "controlByLegalFramework": "control by law",
    "rightsGrantedByContract": "rights by contract",
    "conditionalRightsGrantedByContract": "conditional rights by contract",
    "rightsToSurplusAssetsOnDissolution": "rights to surplus assets",
    "rightsToProfitOrIncome": "rights to profit",
    "rightToProfitOrIncomeFromAssets": "right to profit from assets",
    "enjoymentAndUseOfAssets": "use of assets",
    "beneficiaryOfLegalArrangement": "beneficiary",
    "unknownInterest": "interest of unknown kind",
    "unpublishedInterest": "unpublished interest",
    "votingRights": "votes",
}


def label(line: Line) -> str:
    """What stands on a step's edge: `[100]`, `[?]`, `[consolidates]`, `votes [51]`, `[appoints the board]`."""
    kind = line.holding.type
    if kind == CONSOLIDATION:
        return "[consolidates]"
    share = "[?]" if line.unknown else str(line.holding.share)
    if kind == "shareholding":
        return share
    words = KINDS.get(kind, kind)
    return f"[{words}]" if line.unknown else f"{words} {share}"


def steps(world: World, lines: Iterable[Line]) -> Sequence[Step]:
    """The lines as steps of a proof."""
    return [
        Step(line.owner, f"{world.caption(line.owner)} -{label(line)}-> ", tuple(one.id for one in line.holding.interests))
        for line in lines
    ]


def remembered(carriers: Carriers) -> Carriers:
    """The same carriers, each company's found once: chains share their upper parts."""
    known: dict[int, Sequence[Step]] = {}

    def once_each(company: int) -> Sequence[Step]:
        if company not in known:
            known[company] = carriers(company)
        return known[company]

    return once_each


@dataclass(frozen=True, slots=True)
class Proof:
    """The path, and the ids of the interests on it."""

    path: str
    interests: tuple[str, ...]


def proof(world: World, subject: int, carriers: Carriers, roots: Container[int]) -> Proof:
    """The proof of `subject`, from `roots` (which need none) downwards. Chains that meet are joined with `; `."""
    chains: list[str] = []
    interests: dict[str, None] = {}
    shown: set[int] = set()
    length = 0
    pending = deque((subject, step) for step in carriers(subject))
    while pending and length <= LONGEST:
        target, step = pending.popleft()
        chain, ids = [world.caption(target)], [step.interests]
        while True:
            length += 1
            chain.append(step.text)
            if step.owner in roots or step.owner in shown:
                break
            if length > LONGEST:
                chain.append("... -> ")
                break
            shown.add(step.owner)
            above = carriers(step.owner)
            if not above:
                break
            pending.extend((step.owner, other) for other in above[1:])
            step = above[0]
            ids.append(step.interests)
        chains.append("".join(reversed(chain)))
        interests.update((id, None) for some in reversed(ids) for id in some)
    return Proof("; ".join(chains), tuple(interests))


def owners(world: World, test: Test, members: Members, reading: Reading) -> Carriers:
    """Which holdings carry a member: as few as reach the test, of members that joined before it."""

    def carriers(subject: int) -> Sequence[Step]:
        rank = members.get(subject, 0)
        book = world.book(subject)
        best: Sequence[Line] = ()
        for register in test.registers:
            lines = counted(book, register, certain=reading is Reading.CERTAIN, direct=not test.cascade)
            earlier = [line for line in lines if members.get(line.owner, rank) < rank]
            found = _fewest(world, test, lines, earlier, members, book.scale, reading)
            if found and (not best or len(found) < len(best)):
                best = found
        if best:
            return steps(world, best)
        consolidating = [line for line in book.lines.get(CONSOLIDATION, ()) if members.get(line.owner, rank) < rank]
        return steps(world, sorted(consolidating, key=lambda line: (members[line.owner], world.ids[line.owner]))[:1])

    return remembered(carriers)


def _fewest(
    world: World, test: Test, lines: Sequence[Line], earlier: list[Line], members: Members, scale: int, reading: Reading
) -> Sequence[Line]:
    certain = reading is Reading.CERTAIN

    def carries(some: Iterable[int]) -> bool:
        chosen = frozenset(some)
        if certain:
            amount, is_open = surely(lines, chosen, scale, test.joint_adds)
        else:
            empty = reading is Reading.STATED
            amount, is_open = at_most(lines, chosen, scale, test.joint_adds, empty_is_nothing=empty)
        return test.enough(amount, is_open, scale, at_least=certain)

    by_depth = sorted({line.owner for line in earlier}, key=lambda owner: (members[owner], world.ids[owner]))
    chosen: list[int] = next(([owner] for owner in by_depth if carries((owner,))), [])
    if not chosen:
        end = {line.owner: 0 for line in earlier}
        for line in earlier:
            end[line.owner] += line.low if certain else line.high
        largest_first = sorted(by_depth, key=lambda owner: -end[owner])
        for owner in largest_first:
            chosen.append(owner)
            if carries(chosen):
                break
        else:
            return ()
        for owner in reversed(chosen[:-1]):
            without = [other for other in chosen if other != owner]
            if carries(without):
                chosen = without
    carrying = [line for line in earlier if line.owner in set(chosen) and (line.firm or not certain)]
    if test.joint_adds:
        arrangements = {line.joint for line in carrying} - {None}
        carrying += [line for line in lines if line.joint in arrangements and line not in carrying]
    return sorted(carrying, key=lambda line: (line.owner not in members, -line.low, -line.high, world.ids[line.owner]))


def controllers(world: World, test: Test, group: Group, limb: frozenset[str]) -> Carriers:
    """Which holding carries a controlled member: a control right, or the ownership that a controlled owner passes on."""
    owned = owners(world, test, group.controlled, Reading.CERTAIN)

    def carriers(subject: int) -> Sequence[Step]:
        rank = group.controlled.get(subject, 0)
        lines = control_lines(world.book(subject), limb)
        earlier = [line for line in lines if group.controlled.get(line.owner, rank) < rank]
        found = sorted(earlier, key=lambda line: (group.controlled[line.owner], world.ids[line.owner]))[:1]
        return steps(world, found) or owned(subject)

    return remembered(carriers)


def addends(
    lines: Iterable[Line], members: Container[int], test: Test, *, certain: bool, sure: Container[int] | None = None
) -> list[str]:
    """What members hold by these lines, the largest first, as a person writes it.

    `?` is a size that nobody states, `up to 60` the part of a member that is not among the `sure` ones, or rests on a
    source that does not decide alone.
    """
    inside = [line for line in lines if line.owner in members or line.joint is not None]
    if certain:
        inside = [line for line in inside if line.firm]
    alone = [line for line in inside if line.joint is None and line.high]
    shares = [(line.holding.share, _addend(line, sure is None or line.owner in sure)) for line in alone]
    joint = [line for line in inside if line.joint is not None]
    shares += [(one, _bare(one)) for one in joint_shares(joint, members, test.joint_adds, firm=certain)]
    shares.sort(key=lambda pair: (-pair[0].maximum, -pair[0].minimum, pair[1]))
    return [text for _, text in shares]


def _addend(line: Line, sure: bool) -> str:
    if line.unknown:
        return "?"
    return _bare(line.holding.share) if sure and line.firm else f"up to {decimal(line.holding.share.maximum)}"


def written_sum(parts: Sequence[str], total: Share, comparison: str) -> str:
    """The sum as a person writes it: `40 + 10 = 50 >= 50`, `(25..50] may be >= 50`. Addends past twelve are counted."""
    shown = [*parts[:12], f"{len(parts) - 12} more"] if len(parts) > 12 else list(parts)
    whole = _bare(total)
    left = " + ".join(shown)
    if not left or left in (whole, "?") or (len(parts) == 1 and left.startswith("up to ")):
        return f"{left or whole} {comparison}"
    return f"{left} = {whole} {comparison}" if len(parts) > 1 else f"{left}, beside the others {whole} {comparison}"


def _bare(share: Share) -> str:
    return decimal(share.minimum) if share.exact else str(share)


LinesOf = Callable[[int], Iterable[Line]]


def counting(world: World, registers: Sequence[str], reading: Reading, limb: frozenset[str] = frozenset()) -> LinesOf:
    """The lines of a company's book by which an owner has a part in it, under a reading."""
    certain = reading is Reading.CERTAIN

    def lines_of(subject: int) -> Iterable[Line]:
        book = world.book(subject)
        for register in registers:
            for line in counted(book, register, certain=certain):
                if (line.firm and (line.low or line.low_open)) if certain else line.high:
                    yield line
        yield from control_lines(book, limb) if limb else ()
        yield from () if certain else book.lines.get(CONSOLIDATION, ())

    return lines_of


def sources(world: World, members: Members, lines_of: LinesOf) -> Mapping[int, frozenset[int]]:
    """The listed parties behind every member: those whose holdings, straight or through other members, count in it."""
    found: dict[int, frozenset[int]] = {one: frozenset((one,)) for one, rank in members.items() if rank == 0}
    queue = deque(sorted((one for one, rank in members.items() if rank > 0), key=members.__getitem__))
    waiting = set(queue)
    while queue:
        subject = queue.popleft()
        waiting.discard(subject)
        behind = {found[line.owner] for line in lines_of(subject) if line.owner in found}
        union = next(iter(behind)) if len(behind) == 1 else frozenset().union(*behind)
        if union == found.get(subject):
            continue
        found[subject] = union
        for company in world.held(subject):
            if members.get(company, 0) > 0 and company in found and company not in waiting and company != subject:
                waiting.add(company)
                queue.append(company)
    return found
