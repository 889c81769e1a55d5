"""What one regime says of one party, in the order of seriousness, each verdict with its proof and its reason.

    LISTED > OWNED > CONTROLLED > POSSIBLY_OWNED > UNKNOWN_SHARE > SUSPENDED > LISTED_OWNER > MINORITY

The first that applies is the finding. No reason says that a party may be dealt with, nor that anyone broke the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resolver.model import Finding, Listing, Verdict
from resolver.rules.fixpoint import Group, Members, Reading, control_lines, counted, share_of, surely
from resolver.rules.minority import divested, minority
from resolver.rules.proof import KINDS, Proof, addends, label, proof, written_sum
from resolver.rules.ruling import Ruling
from resolver.rules.said import chained, made, names, percent
from resolver.rules.strictness import strictest
from resolver.rules.world import CONSOLIDATION, Line
from resolver.share import HUNDRED, UNKNOWN, Share


def judged(ruling: Ruling, wanted: Iterable[int] | None, mixed: frozenset[int] = frozenset()) -> Iterator[Finding]:
    """The finding on each wanted party that has one; None asks for every party.

    `mixed`: parties that are listed or owned under this regime or one whose holdings must not be added to its own
    (SDN and SSI): where they reach the threshold together, the reason says so.
    """
    holders = ruling.holders()
    past = divested(ruling, holders)
    for subject in _candidates(ruling, holders, past) if wanted is None else wanted:
        finding = _finding(ruling, subject) or minority(ruling, subject, holders, past.get(subject), mixed)
        if finding is not None:
            yield finding


def _candidates(ruling: Ruling, holders: Iterable[int], past: Iterable[int]) -> list[int]:
    found = {*ruling.listed, *ruling.by_possible, *ruling.by_controlled, *ruling.rings, *past}
    for members in ruling.half:
        found.update(members)
    for holder in holders:
        found.update(ruling.world.held(holder))
    return sorted(found)


def _finding(ruling: Ruling, subject: int) -> Finding | None:
    if subject in ruling.listed:
        return _listed(ruling, subject)
    possible = ruling.possibly(subject)
    certain = [group for group in possible if subject in group.certain]
    exempt = _exempt(ruling, subject)
    if certain and not exempt:
        return _owned(ruling, subject, certain)
    controlled = ruling.controlling(subject)
    if controlled and not exempt:
        return _controlled(ruling, subject, controlled)
    if possible and not exempt:
        return _possible(ruling, subject, possible)
    half = next((members for members in ruling.half if subject in members), None)
    return _half(ruling, subject, half, exempt) if half is not None else None


def _exempt(ruling: Ruling, subject: int) -> bool:
    if not ruling.regime.exempt:
        return False
    entity = ruling.world.entity(subject)
    return bool(entity and entity.jurisdiction and entity.jurisdiction[:2].lower() in ruling.regime.exempt)


def _listed(ruling: Ruling, subject: int) -> Finding:
    entries = [listing for _, listing in ruling.listed[subject]]
    directives = sorted({directive for directive, _ in ruling.listed[subject]} - {""})
    programs = sorted({program for listing in entries for program in listing.program})
    reason = f"it is itself on {', '.join(sorted({listing.list for listing in entries}))}"
    reason += f" ({', '.join(programs)})" if programs else ""
    reason += f", subject to {', '.join(directives)}" if directives else ""
    stricter = _stricter_owner(ruling, subject, entries)
    reason += f"; its listed owner {stricter} has the stricter requirement, which governs" if stricter else ""
    return made(ruling, subject, Verdict.LISTED, None, {subject}, Proof(ruling.world.caption(subject), ()), reason)


def _stricter_owner(ruling: Ruling, subject: int, own: Sequence[Listing]) -> str:
    """The name of the listed owner whose requirement is stricter than the listed party's own (us-bis), else empty."""
    if ruling.regime.code != "us-bis" or not ruling.binds or ruling.suspended:
        return ""
    book = ruling.world.book(subject)
    lines = counted(book, "shareholding", certain=True)
    for group in ruling.groups:
        holding = {line.owner for line in lines if line.owner in group.certain} - {subject}
        amount, is_open = surely(lines, holding, book.scale)
        if not holding or not ruling.test.enough(amount, is_open, book.scale, at_least=True):
            continue
        behind = {party for one in holding for party in _behind(ruling, group, one)} - {subject}
        entries = [listing for party in sorted(behind) for _, listing in ruling.listed[party]]
        found = strictest([*own, *entries])
        if found is not None and found not in own:
            return ruling.world.caption_of(found.entity)
    return ""


def _behind(ruling: Ruling, group: Group, subject: int) -> frozenset[int]:
    return ruling.behind(group.certain, subject, ruling.counting(Reading.CERTAIN))


def _owned(ruling: Ruling, subject: int, groups: list[Group]) -> Finding:
    regime = ruling.regime
    group, register, share = _deciding(ruling, subject, groups)
    listed = {one for each in groups for one in _behind(ruling, each, subject)}
    shown = proof(ruling.world, subject, ruling.carriers(group.certain, Reading.CERTAIN), group.seeds)
    kind = "" if register == "shareholding" else f" of the {KINDS.get(register, register)}"
    text = _sum(ruling, subject, register, group.certain, group.certain, certain=True)
    way = "directly or through companies they own" if ruling.test.cascade else "directly"
    reason = f"listed parties ({names(ruling, listed)}) hold {percent(share)}{kind}, {way} ({text})"
    if share.minimum > HUNDRED:
        reason += "; that is more than everything: two rows may tell one holding, which the sources should settle"
    labels = sorted({one.label for one in groups if one.label})
    reason += f", under {', '.join(labels)} only" if labels else ""
    if ruling.suspended:
        verdict = Verdict.SUSPENDED
        reason += f"; the rule is {ruling.status}: a red flag; while it is in force, {regime.effect}"
    else:
        verdict = regime.owned
        reason += f"; {regime.effect}"
    reason += _strictest(ruling, listed)
    reason += "; the indirect method is not prescribed" if regime.code == "eu" and chained(shown.path) else ""
    return made(ruling, subject, verdict, share, listed, shown, reason, text)


def _strictest(ruling: Ruling, listed: Iterable[int]) -> str:
    if ruling.regime.code != "us-bis":
        return ""
    found = strictest([listing for party in sorted(listed) for _, listing in ruling.listed[party]])
    if found is None:
        return ""
    terms = "; ".join(text for text in (found.licence_requirement, found.licence_policy) if text)
    return f"; the most restrictive is {ruling.world.caption_of(found.entity)} ({found.list}: {terms})"


def _controlled(ruling: Ruling, subject: int, groups: list[Group]) -> Finding:
    world, regime, group = ruling.world, ruling.regime, groups[0]
    lines_of = ruling.counting(Reading.CERTAIN, control=True)
    listed = {one for each in groups for one in ruling.behind(each.controlled, subject, lines_of)}
    shown = proof(world, subject, ruling.controllers(group), group.seeds)
    direct = [line for line in control_lines(world.book(subject), regime.control_limb) if line.owner in group.controlled]
    how = ", ".join(sorted({_right(line) for line in direct})) or "ownership by a company that they control"
    share = _share(ruling, subject, "shareholding", group.controlled, group.controlled)
    reason = f"controlled by listed parties ({names(ruling, listed)}): {how}; the ownership test is not met; {regime.effect}"
    return made(ruling, subject, Verdict.CONTROLLED, share if share.maximum else None, listed, shown, reason)


def _right(line: Line) -> str:
    kind = line.holding.type
    if kind == "shareholding":
        return f"by far the largest holder, with {label(line)}"
    if kind == CONSOLIDATION:
        return "accounting consolidation, an indicator of control"
    return KINDS.get(kind, kind) + ("" if line.unknown else f" {label(line).rpartition(' ')[2]}")


def _possible(ruling: Ruling, subject: int, groups: list[Group]) -> Finding:
    stated = [group for group in groups if subject in group.stated]
    reading = Reading.STATED if stated else Reading.POSSIBLE
    group, register, share = _deciding(ruling, subject, stated or groups)
    members = group.stated if stated else group.possible
    lines_of = ruling.counting(Reading.POSSIBLE)
    listed = {one for each in stated or groups for one in ruling.behind(each.possible, subject, lines_of)}
    shown = proof(ruling.world, subject, ruling.carriers(members, reading), group.seeds)
    who = names(ruling, listed)
    lines = counted(ruling.world.book(subject), register, certain=False)
    held = any(line.owner in group.possible and line.high for line in lines)
    text = _sum(ruling, subject, register, group.certain, group.possible, certain=False) if held else ""
    if stated:
        reason = f"listed parties ({who}) may own it: the stated figures leave both answers open ({text})"
        reason += f"; what settles it: {_question(ruling, subject, register, group)}"
    else:
        reason = (
            f"the answer hangs on an interest without any figure, on the way from {who}; what settles it: the exact share"
        )
        reason += _consolidated(ruling, subject, group)
        in_force = ruling.regime.code == "us-bis" and not ruling.suspended
        reason += "; Red Flag 29: resolve the percentage, or obtain a licence" if in_force else ""
    reason += f"; the rule is {ruling.status}" if ruling.suspended else ""
    verdict = Verdict.POSSIBLY_OWNED if stated else Verdict.UNKNOWN_SHARE
    return made(ruling, subject, verdict, share if held else UNKNOWN, listed, shown, reason, text)


def _question(ruling: Ruling, subject: int, register: str, group: Group) -> str:
    """The facts that would settle a possible answer."""
    asked = set()
    for line in counted(ruling.world.book(subject), register, certain=False):
        name = ruling.world.caption(line.owner)
        if line.owner not in group.possible or not line.high:
            continue
        if line.owner not in group.certain:
            asked.add(f"whether {name} is itself owned by listed parties")
        elif line.holding.type != register and line.holding.type not in ruling.test.registers:
            asked.add(f"whether the {label(line)} of {name} is ownership")
        elif not line.firm:
            asked.add(f"a register's word on the {label(line)} of {name}: the sources held do not decide alone")
        elif not line.holding.share.exact:
            asked.add(f"the exact share of {name} within {label(line)}")
    return " and ".join(sorted(asked)[:5]) or "the exact shares of all holders"


def _consolidated(ruling: Ruling, subject: int, group: Group) -> str:
    lines = ruling.world.book(subject).lines.get(CONSOLIDATION, ())
    by = sorted({ruling.world.caption(line.owner) for line in lines if line.owner in group.possible})
    return f" ({', '.join(by[:5])} consolidates its accounts, which states no share)" if by else ""


def _half(ruling: Ruling, subject: int, members: Members, exempt: bool) -> Finding:
    world, half = ruling.world, ruling.half_test
    book, joint_adds = world.book(subject), ruling.test.joint_adds
    shares = [(share_of(book, kind, members, members, joint_adds), kind) for kind in ruling.test.registers]
    share, register = max(shares, key=lambda pair: (pair[0].minimum, pair[0].maximum))
    listed = ruling.behind(members, subject, ruling.counting(Reading.POSSIBLE))
    shown = proof(world, subject, ruling.carriers(members, Reading.CERTAIN), ruling.listed)
    consolidated = share.maximum == 0
    parts = addends(counted(world.book(subject), register, certain=True), members, half, certain=True)
    text = "" if consolidated else written_sum(parts, share, ">= 50")
    held = "consolidate it (no share is stated)" if consolidated else f"hold {percent(share)} of it ({text})"
    reason = f"listed parties ({names(ruling, listed)}) {held}, directly or through companies held by half or more"
    reason += f"; {_why_only_half(ruling, exempt)}: for review"
    return made(ruling, subject, Verdict.LISTED_OWNER, UNKNOWN if consolidated else share, listed, shown, reason, text)


def _why_only_half(ruling: Ruling, exempt: bool) -> str:
    if exempt:
        return "it is organised in the United States, which the rule does not reach itself"
    if not ruling.regime.periods:
        return f"{ruling.regime.code} states no percentage rule"
    if not ruling.binds:
        return f"the ownership rule is {ruling.status} on that day"
    if ruling.regime.scoped:
        return "the entry's own words do not carry the rule to it"
    alone = ", each listed party on its own" if ruling.test.joint_adds else ""
    return f"the test ({ruling.test}{alone}{'' if ruling.test.cascade else ', held directly'}) is not met"


def _share(ruling: Ruling, subject: int, register: str, certain: Members, possible: Members) -> Share:
    return share_of(
        ruling.world.book(subject), register, certain, possible, ruling.test.joint_adds, direct=not ruling.test.cascade
    )


def _deciding(ruling: Ruling, subject: int, groups: Sequence[Group]) -> tuple[Group, str, Share]:
    """The group and register whose sum is the largest: in an aggregating regime there is one group."""
    shares: list[tuple[Share, int, Group, str]] = []
    for group in groups:
        for register in ruling.test.registers:
            share = _share(ruling, subject, register, group.certain, group.possible)
            shares.append((share, -len(shares), group, register))
    best = max(shares, key=lambda one: (one[0].minimum, one[0].maximum, one[1]))
    return best[2], best[3], best[0]


def _sum(ruling: Ruling, subject: int, register: str, low: Members, high: Members, *, certain: bool) -> str:
    """The deciding sum as a person writes it."""
    lines = counted(ruling.world.book(subject), register, certain=certain, direct=not ruling.test.cascade)
    parts = addends(lines, high, ruling.test, certain=certain, sure=low)
    total = _share(ruling, subject, register, low, high)
    return written_sum(parts, total, str(ruling.test) if certain else f"may be {ruling.test}")
