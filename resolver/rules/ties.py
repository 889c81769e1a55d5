"""Ties that are not ownership: services to a listed party, directors shared with one, an address that is itself listed,
and branches, which are the same legal person as their head office."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from resolver.model import Finding, Schema, Verdict
from resolver.rules.fixpoint import Reading
from resolver.rules.proof import Proof
from resolver.rules.ruling import Ruling
from resolver.rules.said import made, names
from resolver.rules.world import World

SERVICES = {"provides_compute_to": "provides compute to", "supplies": "supplies"}
_DIRECTING = ("boardMember", "boardChair", "seniorManagingOfficial")


def serving(ruling: Ruling) -> Iterator[Finding]:
    """SERVES_LISTED: a documented service to a party that is listed, or surely owned where the rule binds; or to one that
    gives such a party a documented service itself."""
    world, holders = ruling.world, ruling.holders()
    services: dict[int, list[_Service]] = {}
    for link in world.links:
        if link.kind in SERVICES:
            one = _Service(world.numbered(link.subject), SERVICES[link.kind], world.numbered(link.object), link.id)
            if one.subject != one.customer and one.subject not in ruling.listed:
                services.setdefault(one.subject, []).append(one)
    for ties in services.values():
        ties.sort(key=lambda tie: (world.ids[tie.customer], tie.kind, tie.link))
    served = {subject: [tie for tie in ties if tie.customer in holders] for subject, ties in sorted(services.items())}
    for subject, ties in served.items():
        straight = {party for tie in ties for party in _listed_behind(ruling, tie.customer)}
        if ties:
            yield _served_straight(ruling, subject, ties, straight)
        steps = [
            (first, second)
            for first in services[subject]
            if first.customer not in holders
            for second in served.get(first.customer, ())
            if second.customer != subject and not _listed_behind(ruling, second.customer) <= straight
        ]
        if steps:
            yield _served_through(ruling, subject, steps)


class _Service(NamedTuple):
    """Who serves whom, how, and the id of the link that says so."""

    subject: int
    kind: str
    customer: int
    link: str

    def text(self, world: World) -> str:
        return f" -[{self.kind}]-> {world.caption(self.customer)}"


def _served_straight(ruling: Ruling, subject: int, ties: Sequence[_Service], listed: set[int]) -> Finding:
    world = ruling.world
    path = "; ".join(world.caption(subject) + tie.text(world) for tie in ties)
    kinds = sorted({tie.kind for tie in ties})
    customers = {tie.customer for tie in ties}
    reason = (
        f"{' and '.join(kinds)} {names(ruling, customers)}, which is listed or owned by listed parties: a documented tie"
    )
    links = tuple(tie.link for tie in ties)
    return made(ruling, subject, Verdict.SERVES_LISTED, None, listed, Proof(path, ()), reason, links=links)


def _served_through(ruling: Ruling, subject: int, steps: Sequence[tuple[_Service, _Service]]) -> Finding:
    world = ruling.world
    path = "; ".join(world.caption(subject) + first.text(world) + second.text(world) for first, second in steps)
    between = {first.customer for first, _ in steps}
    customers = {second.customer for _, second in steps}
    kinds = [" and ".join(sorted({step[place].kind for step in steps})) for place in (0, 1)]
    reason = (
        f"two steps: {kinds[0]} {names(ruling, between)}, which {kinds[1]} {names(ruling, customers)}, listed or owned by "
        "listed parties: documented ties, of which the party itself has the first alone"
    )
    listed = {party for customer in customers for party in _listed_behind(ruling, customer)}
    links = tuple(dict.fromkeys(tie.link for pair in steps for tie in pair))
    return made(ruling, subject, Verdict.SERVES_LISTED, None, listed, Proof(path, ()), reason, links=links)


def _listed_behind(ruling: Ruling, party: int) -> set[int]:
    if party in ruling.listed:
        return {party}
    lines_of = ruling.counting(Reading.CERTAIN)
    groups = [group for group in ruling.possibly(party) if party in group.certain]
    return {one for group in groups for one in ruling.behind(group.certain, party, lines_of)}


def boards(world: World) -> dict[int, dict[int, str]]:
    """For every director, the companies directed, each with the id of the link or interest that says so."""
    found: dict[int, dict[int, str]] = {}
    for link in world.links:
        if link.kind == "directorship":
            found.setdefault(world.numbered(link.subject), {})[world.numbered(link.object)] = link.id
    for row in world.rows_of(_DIRECTING):
        found.setdefault(world.numbered(row.interested_party), {})[world.numbered(row.subject)] = row.id
    return found


def sharing_directors(ruling: Ruling, directed: dict[int, dict[int, str]], settled: Collection[int]) -> Iterator[Finding]:
    """MINORITY by shared directors, where the regime has no control limb (15 CFR part 744: a red flag, no presumption)."""
    if ruling.regime.control_limb:
        return
    world = ruling.world
    shared: dict[int, list[tuple[int, int]]] = {}
    for director, companies in directed.items():
        listed = [company for company in companies if company in ruling.listed]
        for company in companies if listed else ():
            if company not in ruling.listed and company not in settled:
                shared.setdefault(company, []).extend((director, one) for one in listed)
    for company, pairs in sorted(shared.items()):
        pairs.sort(key=lambda pair: (world.ids[pair[0]], world.ids[pair[1]]))
        directors = {director for director, _ in pairs}
        listed_parties = {listed for _, listed in pairs}
        path = "; ".join(
            f"{world.caption(director)} -[director]-> {world.caption(one)}"
            for director, listed in pairs
            for one in (listed, company)
        )
        evidence = tuple(dict.fromkeys(directed[director][one] for director, listed in pairs for one in (listed, company)))
        reason = (
            f"shares the director {names(ruling, directors)} with the listed {names(ruling, listed_parties)}; "
            f"{ruling.regime.code} has no control limb: a red flag, no presumption"
        )
        finding = made(ruling, company, Verdict.MINORITY, None, listed_parties, Proof(path, ()), reason)
        links = {link.id for link in world.links}
        yield replace(
            finding,
            links=tuple(one for one in evidence if one in links),
            interests=tuple(one for one in evidence if one not in links),
        )


def at_listed_addresses(ruling: Ruling, settled: Collection[int]) -> Iterator[Finding]:
    """LISTED, basis address: an Entity List entry that is an address reaches whoever uses it (15 CFR 744.16(a))."""
    world = ruling.world
    for link in sorted(world.links, key=lambda link: link.id):
        if link.kind != "same_address":
            continue
        subject, address = world.numbered(link.subject), world.numbered(link.object)
        entries = [listing for _, listing in ruling.listed.get(address, ()) if listing.list == "us-bis-el"]
        entity = world.entity(address)
        if not entries or entity is None or entity.schema is not Schema.ADDRESS or subject in settled:
            continue
        path = f"{world.caption(subject)} -[uses the address]-> {entity.caption}"
        reason = f"basis address: it uses {entity.caption}, an address that is itself on us-bis-el (15 CFR 744.16(a))"
        yield made(ruling, subject, Verdict.LISTED, None, {address}, Proof(path, ()), reason, links=(link.id,))


def of_branches(ruling: Ruling, found: dict[int, list[Finding]]) -> Iterator[Finding]:
    """What is found of a head office, for its branches. While the BIS rule does not bind, a branch that the entry does not
    list is a red flag only (`regimes`, reading 8)."""
    world = ruling.world
    for branch, head in sorted(world.head.items()):
        number = world.number.get(head)
        for finding in found.get(number, ()) if number is not None else ():
            path = f"{world.caption_of(branch)} -[branch of]-> {finding.path}"
            reason = f"a branch of {world.caption_of(head)}, the same legal person: {finding.reason}"
            verdict = finding.verdict
            if verdict is Verdict.LISTED and ruling.regime.code == "us-bis" and (ruling.suspended or not ruling.binds):
                verdict = Verdict.LISTED_OWNER
                reason += "; the entry does not list the branch, and the rule does not bind on that day: a red flag"
            links = tuple(link.id for link in world.links if link.kind == "branch" and link.subject == branch)
            yield replace(finding, subject=branch, verdict=verdict, path=path, reason=reason, links=(*finding.links, *links))
