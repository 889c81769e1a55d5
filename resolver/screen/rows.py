"""A finding with its match and its listing as a row of the report; the columns are kept in `report`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from resolver import __version__, regimes, report
from resolver.model import Entity, Finding, Interest, Level, Listing, Match, Schema, Verdict
from resolver.report import ReportRow
from resolver.screen.around import Surroundings
from resolver.screen.hits import Hit
from resolver.screen.options import Options
from resolver.screen.vendors import Party
from resolver.share import decimal
from resolver.store import Snapshot

KINDS = {
    Verdict.LISTED: "listed",
    Verdict.SERVES_LISTED: "service",
    Verdict.PARENT_OF_LISTED: "parent",
    Verdict.SISTER_OF_LISTED: "sister",
    Verdict.HEADQUARTERS: "headquarters",
}
"""The kinds of finding that are not of ownership: OWNED today and SUSPENDED tomorrow are one finding."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose question a row answers."""

    vendor: str
    party: Party
    options: Options
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the report, the entries it rests on, and whether a name alone ties it to them."""

    row: ReportRow
    entries: frozenset[str]
    by_name: bool


def finding_rows(asked: Asked, hit: Hit, surroundings: Surroundings, findings: Sequence[Finding]) -> list[Told]:
    """One row per regime and listed party: its most serious verdict."""
    chosen: dict[tuple[str, str], tuple[Finding, str]] = {}
    for finding in sorted(findings, key=lambda one: one.verdict.rank):
        for party in finding.listed_parties or ("",):
            chosen.setdefault((finding.regime, party), (finding, party))
    return [_row(asked, hit, surroundings, finding, party) for finding, party in chosen.values()]


def _row(asked: Asked, hit: Hit, surroundings: Surroundings, finding: Finding, listed: str) -> Told:
    by_id = {listing.id: listing for listing in surroundings.listings.get(listed, ())}
    cited = [by_id[id] for id in finding.listings if id in by_id] or list(by_id.values())
    ties = (surroundings.proposals.get((listed, listing.id)) for listing in cited)
    tie = next((one for one in ties if one is not None), None)
    interests = {one.id: one for one in surroundings.neighbourhood.interests}
    carried = [interests[id] for id in finding.interests if id in interests]
    reason = finding.reason
    if hit.entity.schema is Schema.ADDRESS:
        reason = f"uses an address that is itself an entry, which reaches whoever uses it (15 CFR 744.16(a)): {reason}"
    if tie is not None:
        reason += f"; tied to the listed party by name alone: {tie.name!r} is a potential match of {tie.listed}"
        reason += f" (score {tie.score:.2f})"
    reason += _by_role(asked, finding)
    row = base_row(asked, finding.verdict, reason)
    itself = finding.verdict is Verdict.LISTED and tie is not None
    row.update(match_columns(hit.match, "potential" if itself else hit.status))
    if itself and tie is not None:
        row["match_score"] = f"{min(hit.match.score, tie.score):.4f}"
    row.update(listing_columns(asked, cited))
    row["listed_party"] = row["listed_party"] or _name(surroundings, listed)
    share = finding.share
    row.update(
        regime=finding.regime,
        rule_status=finding.rule_status,
        share_minimum=decimal(share.minimum) if share else "",
        share_maximum=decimal(share.maximum) if share else "",
        threshold=finding.threshold,
        path=finding.path,
        edge_sources=_joined(one.source or one.id for one in carried),
        edge_dates=_joined(_dates(one) for one in carried),
        authority=finding.authority,
        next_step=report.next_step(
            finding.verdict,
            row["legal_effect"],
            asked.party.query.names[0].text,
            confirmed=row["match_status"] != "potential",
        ),
        finding_id=report.finding_id(asked.vendor, asked.party.label, hit.canonical, finding.regime, _kind(finding.verdict)),
    )
    return Told(row, frozenset(listing.id for listing in cited), tie is not None)


def _kind(verdict: Verdict) -> str:
    """What names a finding beside its party and regime: the kind of it stays when its verdict grows or falls."""
    return KINDS.get(verdict, "ownership")


def _by_role(asked: Asked, finding: Finding) -> str:
    """The EAR's list rules bite by role (15 CFR 744.11, 744.16, 744.21): what is said where no role is stated."""
    if finding.regime != "us-bis" or finding.verdict.level is not Level.ACT or asked.party.role:
        return ""
    return "; the effect depends on its role (purchaser, consignee or end user), which is not stated"


def base_row(asked: Asked, verdict: Verdict, reason: str) -> ReportRow:
    """Every column, with what is the same for all rows of one question."""
    row = dict.fromkeys(report.COLUMNS, "")
    row.update(
        party=asked.party.label,
        verdict=verdict.value,
        level=verdict.level.value,
        reason=reason,
        snapshot=asked.snapshot.version,
        rules_version=regimes.RULES_VERSION,
        software_version=__version__,
        as_of=asked.options.as_of.isoformat(),
        next_step=report.next_step(verdict, "", asked.party.query.names[0].text if asked.party.query.names else ""),
        finding_id=report.finding_id(asked.vendor, asked.party.label, "", "", ""),
    )
    return row


def family_row(asked: Asked, entity: Entity, match: Match, listing: Listing, others: int) -> ReportRow:
    """A NAME_FAMILY row: the nearest listed party of the brand, and how many more there are."""
    more = f", as do {others} more listed parties" if others > 1 else ", as does one more listed party" if others else ""
    reason = (
        f"shares the distinctive brand {match.brand!r} with {entity.caption}, which is listed{more}; "
        "no register held here ties them, and a name alone proves nothing"
    )
    row = base_row(asked, Verdict.NAME_FAMILY, reason)
    row.update(match_columns(match, "potential"))
    row.update(listing_columns(asked, [listing]))
    regime = regime_of(listing)
    row.update(
        regime=regime, finding_id=report.finding_id(asked.vendor, asked.party.label, f"brand:{match.brand}", regime, "")
    )
    row["next_step"] = report.next_step(Verdict.NAME_FAMILY, row["legal_effect"], asked.party.query.names[0].text)
    return row


def regime_of(listing: Listing) -> str:
    """The regime that a listing's list seeds first, else the list itself."""
    known = regimes.LISTS.get(listing.list)
    return known.regimes[0] if known and known.regimes else listing.list


def match_columns(match: Match, status: str) -> dict[str, str]:
    """Who was matched, how well, and why."""
    return {
        "match_status": status,
        "match_name": match.name.text,
        "match_name_kind": match.name.kind.value,
        "match_score": f"{match.score:.4f}",
        "match_reason": "; ".join(feature.detail for feature in match.features if feature.detail),
        "match_entity": match.entity,
    }


def listing_columns(asked: Asked, listings: Sequence[Listing]) -> dict[str, str]:
    """What the list says; several entries of one party stand side by side."""
    facts = asked.snapshot.list_facts()
    if not listings:
        return {"listed_party": "", "legal_effect": ""}
    parties = [asked.snapshot.entity(listing.entity) for listing in listings]
    held = [asked.snapshot.held(listing.entity) for listing in listings]
    effects = [facts[one.list][0].legal_effect if one.list in facts else "" for one in listings]
    return {
        "listed_party": _joined(party.caption for party in parties if party),
        "list": _joined(one.list for one in listings),
        "list_entry_id": _joined(one.id for one in listings),
        "program": _joined(program for one in listings for program in one.program),
        "measure": _joined(one.measure for one in listings),
        "legal_effect": _joined(effects),
        "listing_date": _joined(one.listing_date.isoformat() for one in listings if one.listing_date),
        "citation": _joined(part.strip() for one in listings for part in one.citation.split(";")),
        "licence_requirement": _joined(one.licence_requirement for one in listings),
        "licence_policy": _joined(one.licence_policy for one in listings),
        "list_date": _joined(one.list_date for one in held if one),
        "list_stale": _joined(one.stale(asked.options.as_of) for one in held if one),
        "source_url": _joined(one.source_url for one in listings),
    }


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _dates(interest: Interest) -> str:
    start = interest.start_date.isoformat() if interest.start_date else ""
    end = interest.end_date.isoformat() if interest.end_date else ""
    return f"{start}..{end}" if start or end else ""


def _name(surroundings: Surroundings, id: str) -> str:
    parties: Mapping[str, Entity] = surroundings.neighbourhood.entities
    return parties[id].caption if id in parties else id
