"""The red flags of one regime: listed or owned holders below the threshold, and what is close to ownership without it.

MINORITY asks for a look, and presumes nothing. Its reason says which of these it is: a holding of LEAST_MINORITY per cent
or more; a control right where no control limb takes it up; a divestment of the last year (OFAC FAQ 402); a ring of
cross-holdings; holdings under two programmes that must not be added (OFAC FAQ 373).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from resolver.model import Finding, Verdict
from resolver.rules.fixpoint import Reading, counted, share_of, surely
from resolver.rules.proof import KINDS, Carriers, Step, addends, proof, steps, written_sum
from resolver.rules.ruling import Ruling
from resolver.rules.said import made, names, percent
from resolver.rules.world import CONSOLIDATION, PERHAPS, Line
from resolver.share import Answer, Share, decimal

LEAST_MINORITY = Fraction(10)
"""Per cent from which a listed holder below the threshold is shown."""

_NO_RIGHT = frozenset(("shareholding", CONSOLIDATION, PERHAPS, "unknownInterest", "unpublishedInterest"))


@dataclass(frozen=True, slots=True)
class Divestment:
    """What listed parties held until lately, and the day from which they no longer did."""

    share: Share
    day: date
    owners: tuple[int, ...]


def divested(ruling: Ruling, holders: Collection[int]) -> Mapping[int, Divestment]:
    """The companies that a holding ended within the last year would have made owned, with the latest such day."""
    found: dict[int, Divestment] = {}
    if not ruling.binds:
        return found
    world, test = ruling.world, ruling.test
    for row in world.ended:
        owner, subject = world.number.get(row.interested_party), world.number.get(row.subject)
        if row.end_date is None or owner is None or subject is None:
            continue
        if owner not in holders or row.type not in test.registers:
            continue
        book = world.book_on(subject, row.end_date - timedelta(days=1))
        members: Collection[int] = {owner} if test.joint_adds else holders
        lines = counted(book, row.type, certain=True)
        amount, is_open = surely(lines, members, book.scale, test.joint_adds)
        if test.enough(amount, is_open, book.scale, at_least=True):
            share = share_of(book, row.type, members, members, test.joint_adds)
            found[subject] = Divestment(
                share, row.end_date, tuple(sorted({line.owner for line in lines if line.owner in members}))
            )
    return found


def minority(
    ruling: Ruling, subject: int, holders: Collection[int], past: Divestment | None, mixed: frozenset[int]
) -> Finding | None:
    """The red flag on a party, None where there is none."""
    book = ruling.world.book(subject)
    share, register = _largest(ruling, subject, holders)
    sized = share.maximum > LEAST_MINORITY or (share.maximum == LEAST_MINORITY and not share.exclusive_maximum)
    rights = _rights(ruling, subject, holders)
    ring = ruling.rings.get(subject, Fraction(0))
    ringed = ring > 0 and ring >= ruling.test.threshold
    if not (sized or rights or ringed or past):
        return None
    lines = [line for line in counted(book, register, certain=False) if line.owner in holders and line.high]
    direct = [*(lines if sized or ringed else ()), *rights] or (_ring_lines(ruling, subject) if ringed else [])
    shown = proof(ruling.world, subject, _upwards(ruling, subject, direct, holders), ruling.listed)
    behind = {line.owner for line in direct if line.owner in holders} or set(past.owners if past else ())
    listed = _behind(ruling, behind | (_into_ring(ruling, holders) if ringed else set()))
    parts = addends(counted(book, register, certain=False), holders, ruling.half_test, certain=False)
    text = written_sum(parts, share, _comparison(ruling, share)) if sized else ""
    reasons = [_holding_words(ruling, share, register, text)] if sized else []
    reasons += [f"{_kinds(rights)} without a share that reaches the test"] if rights else []
    reasons += [_ring_words(ruling, subject, ring)] if ringed else []
    reasons += [_past_words(past)] if past else []
    reasons += _mixed_words(ruling, subject, mixed)
    reason = f"{names(ruling, listed)}: {'; '.join(reasons)}: a red flag, no presumption"
    return made(ruling, subject, Verdict.MINORITY, share if share.maximum else None, listed, shown, reason, text)


def _largest(ruling: Ruling, subject: int, holders: Collection[int]) -> tuple[Share, str]:
    book = ruling.world.book(subject)
    shares = [(share_of(book, kind, holders, holders), kind) for kind in ruling.test.registers]
    return max(shares, key=lambda pair: (pair[0].maximum, pair[0].minimum))


def _rights(ruling: Ruling, subject: int, holders: Collection[int]) -> list[Line]:
    """The rights other than ownership that a listed or owned party has; votes from LEAST_MINORITY per cent on."""
    book = ruling.world.book(subject)
    rights = []
    for kind, lines in sorted(book.lines.items()):
        if kind in _NO_RIGHT or kind in ruling.test.registers:
            continue
        least = LEAST_MINORITY * book.scale if kind == "votingRights" else 1
        rights += [line for line in lines if line.owner in holders and line.high >= least]
    return rights


def _kinds(rights: Sequence[Line]) -> str:
    kinds = {line.holding.type: line for line in rights}
    return ", ".join(sorted(KINDS.get(kind, kind) for kind in kinds))


def _comparison(ruling: Ruling, share: Share) -> str:
    """How the sum stands to the test: `< 50`, or `may be >= 50` where no rule binds that could be open."""
    test = ruling.test if ruling.binds else ruling.half_test
    if share.reaches(test.threshold, test.strictly) is Answer.IMPOSSIBLE:
        return f"{'<=' if test.strictly else '<'} {decimal(test.threshold)}"
    return f"may be {test}"


def _holding_words(ruling: Ruling, share: Share, register: str, text: str) -> str:
    of = "" if register == "shareholding" else f" of the {KINDS.get(register, register)}"
    held = f"listed or owned holders have {percent(share)}{of} ({text})"
    if not ruling.binds:
        return f"{held}; {ruling.regime.code}: {ruling.status}"
    if share.reaches(ruling.test.threshold, ruling.test.strictly) is Answer.IMPOSSIBLE:
        limb = "; the control limb is to be looked at as well" if ruling.regime.control_limb else ""
        return f"{held}, below the threshold{limb}"
    return f"{held}; what the rule counts of it does not decide"


def _past_words(past: Divestment) -> str:
    return f"recent divestment: until {past.day.isoformat()} they held {percent(past.share)}, which was enough"


def _ring_words(ruling: Ruling, subject: int, ring: Fraction) -> str:
    world = ruling.world
    others = sorted({world.caption(line.owner) for line in _ring_lines(ruling, subject)})
    return (
        f"a ring of cross-holdings ({world.caption(subject)} with {', '.join(others)}): integrated ownership is "
        f"{decimal(ring)} %, although the cascade does not reach the threshold"
    )


def _ring_lines(ruling: Ruling, subject: int) -> list[Line]:
    lines = ruling.world.book(subject).lines.get("shareholding", [])
    return [line for line in lines if line.owner in ruling.rings and line.low]


def _into_ring(ruling: Ruling, holders: Collection[int]) -> set[int]:
    books = (ruling.world.book(company) for company in ruling.rings)
    return {line.owner for book in books for line in book.lines.get("shareholding", ()) if line.owner in holders}


def _mixed_words(ruling: Ruling, subject: int, mixed: Collection[int]) -> list[str]:
    """SDN and SSI holdings, or those under several directives, that would be enough if they were added (FAQ 373)."""
    book = ruling.world.book(subject)
    amount, is_open = surely(counted(book, "shareholding", certain=True), mixed, book.scale)
    if not mixed or not ruling.test.enough(amount, is_open, book.scale, at_least=True):
        return []
    return [
        f"with holders listed under other programs it comes to {decimal(Fraction(amount, book.scale))} %, which is not added"
    ]


def _behind(ruling: Ruling, direct: Iterable[int]) -> frozenset[int]:
    """The listed parties that some holders are, or that own them."""
    found: set[int] = set()
    for holder in direct:
        if holder in ruling.listed:
            found.add(holder)
        for group in ruling.possibly(holder):
            if holder in group.certain and holder not in ruling.listed:
                found |= ruling.behind(group.certain, holder, ruling.counting(Reading.CERTAIN))
    return frozenset(found)


def _upwards(ruling: Ruling, subject: int, direct: Sequence[Line], holders: Collection[int]) -> Carriers:
    """From the holdings shown up to the listed parties: through owned holders, or round the ring to a listed one."""

    def carriers(company: int) -> Sequence[Step]:
        if company == subject:
            return steps(ruling.world, direct)
        for group in ruling.possibly(company):
            if company in group.certain:
                return ruling.carriers(group.certain, Reading.CERTAIN)(company)
        lines = ruling.world.book(company).lines.get("shareholding", ())
        return steps(ruling.world, [line for line in lines if line.owner in holders] or _ring_lines(ruling, company))

    return carriers
