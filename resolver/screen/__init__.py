"""index > match > graph > rules: one question, or a file of them.

A question is answered in rows of the report: what lists and rules say of each party that it may mean; else that listed
parties share its brand; else that nothing was found, with or without anyone knowing who owns it. Nothing found is not a
clearance, and no row says that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resolver import regimes, report, rules
from resolver.errors import EmptyStoreError
from resolver.graph import Graph, current, is_current
from resolver.index import Directory
from resolver.model import Entity, Level, Listing, Match, Query, Verdict
from resolver.names import is_form_alone
from resolver.report import ReportRow
from resolver.rules.minority import LEAST_MINORITY
from resolver.screen.around import Surroundings, around, small_holders
from resolver.screen.hits import Hit, Hits, find
from resolver.screen.options import Options
from resolver.screen.rows import Asked, Told, base_row, family_row, finding_rows, match_columns
from resolver.screen.vendors import Party, Vendor
from resolver.store import Snapshot

__all__ = ["Hit", "Hits", "Options", "Party", "Screener", "Screening", "Surroundings", "Vendor", "as_reported"]


NOTHING = (Verdict.NO_FINDING.value, Verdict.NO_OWNERSHIP_DATA.value)


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer to one question: the parties it may mean, and every row, of all levels."""

    hits: Hits
    rows: tuple[ReportRow, ...]


class Screener:
    """An open snapshot with its index and graph, for one question or many."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises EmptyStoreError for a snapshot that holds no list: nothing could be found in it."""
        if not any(held.lists for held in snapshot.manifest.datasets):
            raise EmptyStoreError("no list is held, only registers and files of your own: run `resolver refresh`")
        self.snapshot = snapshot
        self.names = Directory(snapshot.joined)
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
        hits = find(self.snapshot, self.names, self.graph, party.query, options.threshold)
        answers = [Answer(hit, tuple(self._told(asked, hit))) for hit in _one_per_party(hits.hits)]
        kept = list(meant(answers))
        rows = [told.row for answer in kept for told in answer.told]
        seated, unknown = self._seated(asked, [answer.hit for answer in kept])
        rows += seated
        if all(row["level"] == Level.ALL.value or row["verdict"] == Verdict.HEADQUARTERS.value for row in rows):
            rows += self._family_rows(asked, hits)
        rows += self._sharing_addresses(asked, [answer.hit for answer in answers], rows)
        rows = sorted(rows or [self._nothing(asked, hits)], key=report.order)
        for more in filter(None, (unknown, self._small_holders(answers, options))):
            rows[0] = rows[0] | {"reason": f"{rows[0]['reason']}; {more}"}
        return Screening(hits, tuple(rows))

    def vendor(self, vendor: Vendor, options: Options) -> list[ReportRow]:
        """Every row of a vendor: at least one, whatever is wrong with it."""
        if not vendor.parties:
            asked = Asked(vendor.id, Party("", Query(())), options, self.snapshot)
            row = base_row(asked, Verdict.NOT_SCREENED, vendor.error)
            return [row | {"error": vendor.error}]
        rows = [row for party in vendor.parties for row in self.screen(vendor.id, party, options).rows]
        found = [row for row in rows if row["verdict"] not in NOTHING] or rows
        reported = as_reported(sorted(found, key=report.order), options)
        return [row | {"error": "; ".join(filter(None, (row["error"], vendor.error)))} for row in reported]

    def _told(self, asked: Asked, hit: Hit) -> list[Told]:
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

    def _seated(self, asked: Asked, hits: Sequence[Hit]) -> tuple[Sequence[ReportRow], str]:
        """The HEADQUARTERS rows, and what is not known of the ultimate parent; their code is not loaded for nothing."""
        if not asked.party.eccn and asked.options.level is not Level.ALL:
            return (), ""
        from resolver.screen.headquarters import headquarters

        answer = headquarters(asked, hits, self.around)
        return answer.rows, answer.unknown

    def _sharing_addresses(self, asked: Asked, hits: Sequence[Hit], rows: Sequence[ReportRow]) -> list[ReportRow]:
        """The SHARED_ADDRESS rows that add to the others."""
        if not asked.party.query.addresses and not any(hit.entity.addresses for hit in hits):
            return []
        from resolver.screen.addresses import at_listed_addresses

        return list(at_listed_addresses(asked, hits, rows))

    def _family_rows(self, asked: Asked, hits: Hits) -> list[ReportRow]:
        """One row per brand and list, for the nearest listed party of the brand."""
        groups: dict[tuple[str, str], list[tuple[Entity, Match, Listing]]] = {}
        for entity, match in hits.family:
            for listing in self.snapshot.listings(entity.id):
                stands = is_current(listing.listing_date, listing.end_date, asked.options.as_of)
                if stands and _asked(listing, asked.options):
                    groups.setdefault((match.brand or "", listing.list), []).append((entity, match, listing))
        rows = []
        for _, members in sorted(groups.items()):
            entity, match, listing = members[0]
            canonical = self.snapshot.links_file.canonical
            others = len({canonical(other.id) for other, _, _ in members} - {canonical(entity.id)})
            rows.append(family_row(asked, entity, match, listing, others))
        return rows

    def _nothing(self, asked: Asked, hits: Hits) -> ReportRow:
        query = asked.party.query
        if not hits.hits and not query.identifiers and all(map(is_form_alone, (name.text for name in query.names))):
            error = f"the name {query.names[0].text!r} is a legal form and nothing else: give the full legal name"
            return base_row(asked, Verdict.NOT_SCREENED, error) | {"error": error}
        known = next((hit for hit in hits.hits if hit.named and self._owners_known(hit.canonical, asked.options)), None)
        hit = known or next(iter(hits.hits), None)
        if known is not None:
            reason = "nothing found on the lists or among the owners that the sources held here name; this is no clearance"
        else:
            reason = "no match on the lists, and no source held here says who owns this party; this is no clearance"
        if asked.options.regimes:
            reason += f"; asked of {', '.join(asked.options.regimes)} alone"
        if hits.dropped:
            reason += f"; {hits.dropped:,} more unlisted parties resemble the name and were not followed"
        cut = sum(self.around(one.canonical).cut for one in _one_per_party(hits.hits))
        if cut:
            reason += f"; {cut:,} parties above were left out, so that the answer is incomplete"
        row = base_row(asked, Verdict.NO_FINDING if known is not None and not cut else Verdict.NO_OWNERSHIP_DATA, reason)
        lists = [held for held in self.snapshot.manifest.datasets if held.lists]
        row["list_date"] = min((held.list_date for held in lists), default="")
        row["list_stale"] = "; ".join(filter(None, (held.stale(asked.options.as_of) for held in lists)))
        if hit is not None:
            row.update(match_columns(hit.match, hit.status))
        return row

    def _small_holders(self, answers: Sequence[Answer], options: Options) -> str:
        """The listed holders of the party named that are too small for a row of their own, in one line."""
        named = (answer.hit.canonical for answer in answers if answer.hit.named and not answer.found)
        count = sum(small_holders(self.around(canonical), canonical, options.as_of) for canonical in named)
        who = "one listed party holds" if count == 1 else f"{count:,} listed parties hold"
        return f"{who} less than {LEAST_MINORITY} % of it{' each' if count > 1 else ''}" if count else ""

    def _owners_known(self, canonical: str, options: Options) -> bool:
        """Whether a source says who holds an interest in the party on that day."""
        interests = self.around(canonical).neighbourhood.interests
        return any(one.subject == canonical for one in current(interests, options.as_of))


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of one party that the question may mean."""

    hit: Hit
    told: tuple[Told, ...]

    @property
    def found(self) -> bool:
        """Whether anything of it is to be reviewed or acted on."""
        return any(told.row["level"] != Level.ALL.value for told in self.told)


def meant(answers: Sequence[Answer]) -> Iterator[Answer]:
    """The answers, less what a better one makes idle, so that nothing found is lost:

    * a listed relative of a party that is known by the very name asked, once the findings of that party cite the relative's
      entries: `SenseTime Group Inc.` resembles its listed subsidiary, and a register knows the two apart;
    * a party that merely resembles the name, once something was found of one that bears it;
    * a row by which a party is LISTED by a name tie alone, where the listed party's own row says it.
    """
    known = [answer for answer in answers if answer.hit.named and answer.found]
    cited = {entry for answer in known if not answer.hit.listed for told in answer.told for entry in told.entries}
    direct = [told for answer in answers for told in answer.told if _listed(told) and not told.by_name]
    own = {entry for told in direct for entry in told.entries}
    for answer in answers:
        if not answer.hit.named and answer.hit.status == "potential":
            entries = {entry for told in answer.told for entry in told.entries}
            if (answer.hit.listed and entries <= cited) or (not answer.hit.listed and known):
                continue
        said = (one for one in answer.told if not (_listed(one) and one.by_name and one.entries <= own))
        yield Answer(answer.hit, tuple(said))


def _listed(told: Told) -> bool:
    return told.row["verdict"] == Verdict.LISTED.value


def _asked(listing: Listing, options: Options) -> bool:
    """Whether the regimes asked for take the list."""
    known = regimes.LISTS.get(listing.list)
    return not options.regimes or bool({listing.list, *(known.regimes if known else ())} & set(options.regimes))
