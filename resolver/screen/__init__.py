"""index > match > graph > rules: one question, or a file of them.

A question is answered in rows of the report: what lists and rules say of each party that it may mean; else that listed
parties share its brand; else that nothing was found, with or without anyone knowing who owns it. Nothing found is not a
clearance, and no row says that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resolver import regimes, report, rules
from resolver.graph import Graph
from resolver.index import Index
from resolver.model import Entity, Level, Listing, Match, Query, Verdict
from resolver.report import ReportRow
from resolver.screen.around import Surroundings, around
from resolver.screen.headquarters import headquarters
from resolver.screen.hits import Hit, Hits, find
from resolver.screen.options import Options
from resolver.screen.rows import Asked, base_row, family_row, finding_rows, match_columns
from resolver.screen.vendors import Party, Vendor
from resolver.store import Snapshot

__all__ = ["Hit", "Hits", "Options", "Party", "Screener", "Screening", "Surroundings", "Vendor", "as_reported"]


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to one question: the parties it may mean, and every row, of all levels."""

    hits: Hits
    rows: tuple[ReportRow, ...]


class Screener:
    """An open snapshot with its index and graph, for one question or many."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.names = Index(snapshot.joined / "names")
        self.graph = Graph(snapshot.joined / "graph")
        self._around: dict[str, Surroundings] = {}

    def around(self, canonical: str) -> Surroundings:
        """The surroundings of a canonical party, kept for the next question about it."""
        if canonical not in self._around:
            if len(self._around) > 1_000:
                self._around.clear()
            self._around[canonical] = around(self.snapshot, self.graph, canonical)
        return self._around[canonical]

    def screen(self, vendor: str, party: Party, options: Options) -> Screening:
        """Screens one party of a vendor."""
        asked = Asked(vendor, party, options, self.snapshot)
        hits = find(self.snapshot, self.names, party.query, options.threshold)
        rows: list[ReportRow] = []
        meant = list(_one_per_party(self._meant(hits.hits)))
        for hit in meant:
            rows += self._hit_rows(asked, hit)
        rows = _once(rows)
        seated = headquarters(asked, meant, self.around)
        rows += seated.rows
        if all(row["level"] == Level.ALL.value or row["verdict"] == Verdict.HEADQUARTERS.value for row in rows):
            rows += self._family_rows(asked, hits)
        rows = sorted(rows or [self._nothing(asked, hits)], key=report.order)
        if seated.unknown:
            rows[0] = rows[0] | {"reason": f"{rows[0]['reason']}; {seated.unknown}"}
        return Screening(hits, tuple(rows))

    def vendor(self, vendor: Vendor, options: Options) -> list[ReportRow]:
        """Every row of a vendor: at least one, whatever is wrong with it."""
        if not vendor.parties:
            asked = Asked(vendor.id, Party("", Query(())), options, self.snapshot)
            row = base_row(asked, Verdict.NOT_SCREENED, vendor.error)
            return [row | {"error": vendor.error}]
        rows = [row for party in vendor.parties for row in self.screen(vendor.id, party, options).rows]
        return [row | {"error": vendor.error} for row in as_reported(rows, options)]

    def _meant(self, hits: Sequence[Hit]) -> Iterator[Hit]:
        """The hits without the listed relatives of a party that is known by exactly the name asked.

        `SenseTime Group Inc.` resembles its listed subsidiary, and a register knows the two apart: what the subsidiary's
        listing means for it is then for the rules to say, and not a match of names.
        """
        relatives: set[str] = set()
        for hit in hits:
            if hit.named and not hit.listed:
                around = self.around(hit.canonical)
                others = [id for id in around.neighbourhood.entities if id != hit.canonical]
                relatives.update(others)
                relatives.update(one.entity for id in others for one in around.listings.get(id, ()))
        for hit in hits:
            if hit.named or hit.status != "potential" or not {hit.entity.id, hit.canonical} & relatives:
                yield hit

    def _hit_rows(self, asked: Asked, hit: Hit) -> list[ReportRow]:
        surroundings = self.around(hit.canonical)
        findings = rules.findings(
            surroundings.neighbourhood,
            surroundings.listings,
            asked.options.as_of,
            regimes=asked.options.regimes or None,
            subjects=(hit.canonical,),
            overrides=asked.options.overrides,
        )
        return finding_rows(asked, hit, surroundings, findings)

    def _family_rows(self, asked: Asked, hits: Hits) -> list[ReportRow]:
        """One row per brand and list, for the nearest listed party of the brand."""
        groups: dict[tuple[str, str], list[tuple[Entity, Match, Listing]]] = {}
        for entity, match in hits.family:
            for listing in self.snapshot.listings(entity.id):
                if _current(listing, asked.options) and _asked(listing, asked.options):
                    groups.setdefault((match.brand or "", listing.list), []).append((entity, match, listing))
        rows = []
        for _, members in sorted(groups.items()):
            entity, match, listing = members[0]
            canonical = self.snapshot.links_file.canonical
            others = len({canonical(other.id) for other, _, _ in members} - {canonical(entity.id)})
            rows.append(family_row(asked, entity, match, listing, others))
        return rows

    def _nothing(self, asked: Asked, hits: Hits) -> ReportRow:
        known = next((hit for hit in hits.hits if self.graph.has_owners(hit.canonical)), None)
        hit = known or next(iter(hits.hits), None)
        if known is not None:
            reason = "nothing found on the lists or among the owners that the sources held here name; this is no clearance"
            row = base_row(asked, Verdict.NO_FINDING, reason)
        else:
            reason = "no match on the lists, and no source held here says who owns this party; this is no clearance"
            row = base_row(asked, Verdict.NO_OWNERSHIP_DATA, reason)
        if hit is not None:
            row.update(match_columns(hit.match, hit.status))
        return row


def as_reported(rows: Sequence[ReportRow], options: Options) -> list[ReportRow]:
    """The rows of the level asked for; where there is none, the most serious of the others: no vendor is left out."""
    return [row for row in rows if options.shows(Level(row["level"]))] or list(rows[:1])


def _one_per_party(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The best hit of each canonical party: its records are one party, and are screened once."""
    seen: set[str] = set()
    for hit in hits:
        if hit.canonical not in seen:
            seen.add(hit.canonical)
            yield hit


def _once(rows: list[ReportRow]) -> list[ReportRow]:
    """Without the rows that say again, through a name tie, what the listed party's own row says."""
    said = {(row["regime"], row["list_entry_id"]) for row in rows if row["verdict"] == "LISTED" and not _by_tie(row)}
    return [
        row
        for row in rows
        if not (row["verdict"] == "LISTED" and _by_tie(row) and (row["regime"], row["list_entry_id"]) in said)
    ]


def _by_tie(row: ReportRow) -> bool:
    return "by name alone" in row["reason"]


def _asked(listing: Listing, options: Options) -> bool:
    """Whether the regimes asked for take the list."""
    known = regimes.LISTS.get(listing.list)
    return not options.regimes or bool({listing.list, *(known.regimes if known else ())} & set(options.regimes))


def _current(listing: Listing, options: Options) -> bool:
    started = listing.listing_date is None or listing.listing_date <= options.as_of
    return started and (listing.end_date is None or options.as_of < listing.end_date)
