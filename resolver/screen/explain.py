"""A party's ownership neighbourhood as text, and the proof of each finding."""

from __future__ import annotations

from collections.abc import Iterator

from resolver import graph, rules
from resolver.errors import InputError
from resolver.model import Match, Name, Query
from resolver.report import ReportRow
from resolver.screen import Screener, as_reported
from resolver.screen.around import Surroundings
from resolver.screen.hits import Hit, Hits
from resolver.screen.options import Options
from resolver.screen.rows import Asked, finding_rows
from resolver.screen.vendors import Party
from resolver.store import Snapshot

DEPTH = 8


def explain(snapshot: Snapshot, party: str, options: Options) -> tuple[str, list[ReportRow]]:
    """The explanation of the party of that id, or of the best match of that name, and the rows it explains.

    Raises InputError where neither is held.
    """
    screener = Screener(snapshot)
    hit, others = _hit(screener, party, options)
    surroundings = screener.around(hit.canonical)
    findings = rules.findings(
        surroundings.neighbourhood,
        surroundings.listings,
        options.as_of,
        regimes=options.regimes or None,
        subjects=(hit.canonical,),
        overrides=options.overrides,
    )
    asked = Asked(party, Party("", Query((Name(party),))), options, snapshot)
    rows = [told.row for told in finding_rows(asked, hit, surroundings, findings)]
    lines = [*_head(hit, others, options, snapshot), *_tree(surroundings, hit.canonical, options), ""]
    for finding in findings:
        lines += [
            f"{finding.verdict.value} under {finding.regime} ({finding.rule_status or 'in force'})",
            f"  {finding.reason}",
        ]
        lines += [f"  path: {finding.path}"] if finding.path else []
        lines += [f"  arithmetic: {finding.arithmetic}"] if finding.arithmetic else []
        lines += [f"  authority: {finding.authority}"]
        lines += [f"  evidence: {line}" for line in _evidence(surroundings, finding.interests)]
    if not findings:
        lines.append("no finding; this is no clearance")
    return "\n".join(lines), as_reported(rows, options)


def _hit(screener: Screener, party: str, options: Options) -> tuple[Hit, int]:
    snapshot = screener.snapshot
    entity = snapshot.entity(party)
    if entity is not None:
        canonical = snapshot.links_file.canonical(entity.id)
        name = entity.names[0] if entity.names else Name(party)
        match = Match(party, entity.id, name, 1.0)
        return Hit(entity, canonical, match, "identifier", bool(snapshot.listings(party)), True), 0
    hits: Hits = screener.screen(party, Party("", Query((Name(party),))), options).hits
    if not hits.hits:
        raise InputError(f"no party of the id or the name {party!r} is held: `resolver screen` says what comes near")
    return hits.hits[0], len({hit.canonical for hit in hits.hits}) - 1


def _head(hit: Hit, others: int, options: Options, snapshot: Snapshot) -> Iterator[str]:
    yield f"{hit.entity.caption}  ({hit.canonical})"
    if hit.status == "potential":
        yield f"  potential match of the name asked, score {hit.match.score:.2f}" + (
            f"; {others} other parties match" if others else ""
        )
    yield f"  as of {options.as_of}, snapshot {snapshot.version}"
    yield ""


def _tree(surroundings: Surroundings, root: str, options: Options) -> Iterator[str]:
    """Owners above the party, and what lies below it, a line each, with shares and listings; then the ties."""
    drawn = graph.drawn(surroundings.neighbourhood, options.as_of)
    holdings = [edge for edge in drawn.edges(keys=True, data=True) if "share" in edge[3]]
    above: dict[str, list[tuple[str, dict[str, str]]]] = {}
    below: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for owner, subject, _, said in sorted(holdings, key=lambda edge: (edge[0], edge[1], edge[2])):
        above.setdefault(subject, []).append((owner, said))
        below.setdefault(owner, []).append((subject, said))
    yield "Owned by:" if root in above else "Owned by: no source held here says"
    yield from _branches(surroundings, above, root, "  ", {root})
    if root in below:
        yield "Holds (ways to listed parties):"
        yield from _branches(surroundings, below, root, "  ", {root})
    for subject, other, said in drawn.edges(data=True):
        if "share" not in said:
            ends = (drawn.nodes[subject]["name"], drawn.nodes[other]["name"])
            yield f"Tie: {ends[0]} {said['kind'].replace('_', ' ')} {ends[1]} [{said['source']}]"


def _branches(
    surroundings: Surroundings, edges: dict[str, list[tuple[str, dict[str, str]]]], node: str, indent: str, seen: set[str]
) -> Iterator[str]:
    for other, said in edges.get(node, ()):
        again = other in seen
        share = said["share"] or ("[consolidates]" if said["kind"] == "consolidation" else "[?]")
        kind = "" if said["kind"] == "shareholding" else f" {said['kind']}"
        name = surroundings.neighbourhood.entities[other].caption
        mark = f"{_listed(surroundings, other)}{'  (again)' if again else ''}"
        yield f"{indent}{share}{kind}  {name}{mark}  {said['source']}".rstrip()
        if not again and len(indent) < 2 * DEPTH:
            seen.add(other)
            yield from _branches(surroundings, edges, other, indent + "  ", seen)


def _listed(surroundings: Surroundings, id: str) -> str:
    lists = sorted({listing.list for listing in surroundings.listings.get(id, ())})
    return f"  ** {', '.join(lists)} **" if lists else ""


def _evidence(surroundings: Surroundings, ids: tuple[str, ...]) -> Iterator[str]:
    by_id = {one.id: one for one in surroundings.neighbourhood.interests}
    entities = surroundings.neighbourhood.entities
    for id in ids:
        if id in by_id:
            one = by_id[id]
            ends = f"{entities[one.interested_party].caption} -{one.share or '[?]'}-> {entities[one.subject].caption}"
            yield f"{ends} ({one.type}) {one.source}".rstrip()
