"""Above and beside a listed party: its parents, and the others below those parents.

Neither is ownership by a listed party: each is for review, carries the listing's regime, and presumes nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator

from resolver.model import Entity, Finding, Schema, Verdict
from resolver.rules.proof import LONGEST, Proof, label
from resolver.rules.ruling import Ruling
from resolver.rules.said import made, names
from resolver.rules.world import CONSOLIDATION, Line, World

_WIDE = re.compile(
    r"state[- ]owned assets|\bSASAC\b|国有资产监督管理|国资委|central huijin|中央汇金|\bministry of\b|\bgovernment of\b"
    r"|people'?s (republic|government)|人民政府|财政部|\brepublic of\b|\bfederation\b|\bkingdom of\b|\bstate of\b"
    r"|\bnominees?\b|\bfunds?\b|\bETF\b|基金|\bcustodian\b|\bdepository\b|\bsovereign wealth\b|state asset",
    re.IGNORECASE,
)
_WIDE_TOPICS = ("gov", "gov.national", "gov.state", "fin.fund")


class Kinship:
    """Who holds half or more of whom, or consolidates it; each company is looked at when it is first asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._parents: dict[int, list[tuple[int, Line]]] = {}
        self._wide: dict[int, bool] = {}

    def parents(self, company: int) -> list[tuple[int, Line]]:
        """The nearest parties that hold half or more of a company or consolidate it, each with the holding that does."""
        found = self._parents.get(company)
        if found is None:
            found = self._parents[company] = list(self._holding_half(company))
        return found

    def _holding_half(self, company: int) -> Iterator[tuple[int, Line]]:
        book = self.world.book(company)
        half = 50 * book.scale
        shares: dict[int, int] = {}
        lines: dict[int, Line] = {}
        for line in book.lines.get("shareholding", ()):
            shares[line.owner] = shares.get(line.owner, 0) + line.low
            lines[line.owner] = max(lines.get(line.owner, line), line, key=lambda one: one.low)
        parents = {owner for owner, low in shares.items() if low >= half}
        for line in book.lines.get(CONSOLIDATION, ()):
            lines.setdefault(line.owner, line)
            parents.add(line.owner)
        if not parents and len(shares) > 1:
            parents = self._through_companies(shares, half)
        for owner in sorted(parents, key=self.world.ids.__getitem__):
            if owner != company:
                yield owner, lines.get(owner) or max((lines[one] for one in shares), key=lambda one: one.low)

    def _through_companies(self, shares: dict[int, int], half: int) -> set[int]:
        """Parties that hold half by several companies of theirs, none of which holds it alone."""
        together: dict[int, int] = {}
        for owner, low in shares.items():
            for above in self._above(owner):
                together[above] = together.get(above, 0) + low
        return {above for above, low in together.items() if low >= half}

    def _above(self, company: int) -> set[int]:
        found, queue = {company}, deque([company])
        while queue and len(found) < 50:
            book = self.world.book(queue.popleft())
            for line in book.lines.get("shareholding", ()):
                if line.low >= 50 * book.scale and line.owner not in found:
                    found.add(line.owner)
                    queue.append(line.owner)
        return found

    def wide(self, party: int) -> bool:
        """Whether a party stands above too much for that to tie: a state, a state asset manager, a fund, a nominee."""
        if party not in self._wide:
            self._wide[party] = _is_wide(self.world.entity(party), self.world.ids[party])
        return self._wide[party]


def _is_wide(entity: Entity | None, id: str) -> bool:
    if entity is None:
        return bool(_WIDE.search(id))
    if entity.schema is Schema.PUBLIC_BODY or any(topic in _WIDE_TOPICS for topic in entity.topics):
        return True
    return any(_WIDE.search(name.text) for name in entity.names)


def kin(
    ruling: Ruling, kinship: Kinship, settled: Collection[int], wanted: Collection[int] | None = None
) -> Iterator[Finding]:
    """PARENT_OF_LISTED and SISTER_OF_LISTED under one regime, of the wanted parties, or of all.

    A party in `settled` has a more serious finding there.
    """
    family = _Family(ruling, kinship)
    for parent in sorted(family.below):
        if parent not in settled and (wanted is None or parent in wanted):
            yield family.parent(parent)
    for sister in family.sisters():
        if sister not in settled and (wanted is None or sister in wanted):
            yield family.sister(sister)


class _Family:
    """The parents of a regime's listed parties, and what else is below those parents.

    `step`: the next company on the way from a parent down to a listed party. `below`: the listed parties below a parent.
    `clean`: the parents to which no state, fund or nominee leads, so that sharing one of them ties. `origin`, `down`: of a
    company below a clean parent, the nearest such parent, and the holding that leads there.
    """

    def __init__(self, ruling: Ruling, kinship: Kinship) -> None:
        self.ruling = ruling
        self.world = ruling.world
        self.kinship = kinship
        self.step: dict[int, tuple[int, Line]] = {}
        self._texts: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._ways: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._holders: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._reasons: dict[int, str] = {}
        self.below: dict[int, set[int]] = {}
        self.clean: set[int] = set()
        self.origin: dict[int, int] = {}
        self.down: dict[int, tuple[int, Line]] = {}
        for listed in sorted(ruling.listed, key=self.world.ids.__getitem__):
            self._climb(listed)

    def _climb(self, listed: int) -> None:
        queue, reached, clean = deque([listed]), {listed}, {listed}
        while queue:
            company = queue.popleft()
            for parent, line in self.kinship.parents(company):
                if company in clean and parent not in clean and not self.kinship.wide(parent):
                    clean.add(parent)
                    if parent in reached:
                        queue.append(parent)
                if parent in reached:
                    continue
                reached.add(parent)
                queue.append(parent)
                if parent not in self.ruling.listed:
                    self.step.setdefault(parent, (company, line))
                    self.below.setdefault(parent, set()).add(listed)
        self.clean |= clean

    def parent(self, parent: int) -> Finding:
        """The finding that listed parties are below a party."""
        listed = self.below[parent]
        path, interests = self._way_down(parent)
        line = self.step[parent][1]
        which = f"the listed {names(self.ruling, listed)}"
        reason = f"holds half or more of {which}, or consolidates it, straight or through companies held alike: listed below"
        share = None if line.unknown else line.holding.share
        return made(self.ruling, parent, Verdict.PARENT_OF_LISTED, share, listed, Proof(path, interests), reason)

    def _way_down(self, parent: int) -> tuple[str, tuple[str, ...]]:
        """From a parent down to a listed party, with the ids of the interests; each way is written once."""
        if parent in self._ways:
            return self._ways[parent]
        texts, company = [self.world.caption(parent)], parent
        ids: list[str] = []
        seen: set[int] = set()
        while company in self.step and company not in seen and len(seen) < LONGEST:
            seen.add(company)
            text, interests = self._text(company)
            company = self.step[company][0]
            texts.append(text)
            ids.extend(interests)
        found = self._ways[parent] = (" ".join(texts), tuple(ids))
        return found

    def _text(self, company: int) -> tuple[str, tuple[str, ...]]:
        found = self._texts.get(company)
        if found is None:
            below, line = self.step[company]
            text = f"-{label(line)}-> {self.world.caption(below)}"
            found = self._texts[company] = (text, tuple(interest.id for interest in line.holding.interests))
        return found

    def sisters(self) -> list[int]:
        """The companies below a clean parent that are neither listed nor above a listed party, nearest parent first."""
        found: list[int] = []
        starts = [parent for parent in self.clean if parent not in self.ruling.listed]
        self.origin.update({parent: parent for parent in starts})
        queue = deque(sorted(starts, key=self.world.ids.__getitem__))
        while queue:
            above = queue.popleft()
            for company in sorted(set(self.world.held(above)), key=self.world.ids.__getitem__):
                if company in self.origin or company in self.ruling.listed or company in self.below:
                    continue
                held = next((pair for pair in self.kinship.parents(company) if pair[0] in self.origin), None)
                if held is None:
                    continue
                self.origin[company], self.down[company] = self.origin[held[0]], held
                found.append(company)
                if not self.kinship.wide(company):
                    queue.append(company)
        return found

    def sister(self, sister: int) -> Finding:
        """The finding that listed parties are beside a party, with their count."""
        parent = self.origin[sister]
        listed = self.below[parent]
        path, interests = self._way_down(parent)
        texts, company = [self.world.caption(sister)], sister
        ids: list[str] = []
        while company != parent and len(texts) < LONGEST:
            text, evidence = self._held(company)
            texts.append(text)
            ids += evidence
            company = self.down[company][0]
        line = self.down[sister][1]
        shown = Proof(f"{' '.join(reversed(texts))}; {path}", (*reversed(ids), *interests))
        share = None if line.unknown else line.holding.share
        return made(self.ruling, sister, Verdict.SISTER_OF_LISTED, share, listed, shown, self._beside(parent))

    def _held(self, company: int) -> tuple[str, tuple[str, ...]]:
        """The holding by which a sister is held, as it stands on a path, with the ids of its interests."""
        found = self._holders.get(company)
        if found is None:
            above, line = self.down[company]
            text = f"{self.world.caption(above)} -{label(line)}->"
            found = self._holders[company] = (text, tuple(interest.id for interest in line.holding.interests))
        return found

    def _beside(self, parent: int) -> str:
        """Why a company is beside the listed parties below a parent."""
        found = self._reasons.get(parent)
        if found is None:
            listed = self.below[parent]
            count = len(listed)
            which = f"{count} listed part{'y' if count == 1 else 'ies'} ({names(self.ruling, listed)})"
            found = (
                f"{self.world.caption(parent)} holds half or more of it and of {which}, or consolidates them: listed beside"
            )
            self._reasons[parent] = found
        return found
