"""The columns of the report, what names a finding from night to night, and the order of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from resolver.model import Verdict

ReportRow = dict[str, str]
"""Texts by column; a column that is absent is empty."""

COLUMNS = (
    "finding_id", "party", "verdict", "level", "regime", "rule_status",
    "match_status", "match_name", "match_name_kind", "match_score", "match_reason", "match_entity",
    "listed_party", "list", "list_entry_id", "program", "measure", "legal_effect", "listing_date", "citation",
    "licence_requirement", "licence_policy",
    "share_minimum", "share_maximum", "threshold", "path", "edge_sources", "edge_dates", "authority", "reason", "next_step",
    "decision", "decided_by", "decided_at", "decision_reason",
    "list_date", "list_stale", "source_url", "snapshot", "rules_version", "software_version", "as_of", "error",
)  # fmt: skip
"""The report's columns, after the input columns."""

CONFIRMED = frozenset(("identifier", "judged"))
_RANKS = {verdict.value: verdict.rank for verdict in Verdict}
_LAST = len(_RANKS)


def output_names(input_columns: Iterable[str]) -> dict[str, str]:
    """What each input column is called in the report: the name of a report column gets the prefix `input_`."""
    columns = list(input_columns)
    taken = {*COLUMNS, *(column for column in columns if column not in COLUMNS)}
    names: dict[str, str] = {}
    for column in columns:
        name = column
        while name in COLUMNS or (name != column and name in taken):
            name = f"input_{name}"
        names[column] = name
        taken.add(name)
    return names


def header(input_columns: Iterable[str]) -> list[str]:
    """The report's header: the input columns under their names in the report, then the report's own."""
    return [*output_names(input_columns).values(), *COLUMNS]


def with_inputs(row: Mapping[str, str], inputs: Mapping[str, str]) -> ReportRow:
    """A row of the report with the cells of its input row beside it."""
    names = output_names(inputs)
    return {**{names[column]: cell for column, cell in inputs.items()}, **row}


def finding_id(vendor: str, party: str, entity: str, regime: str, listed_party: str) -> str:
    """The name of a finding, the same every night: the verdict, which may change, takes no part in it.

    `vendor` is the vendor's id, or its name where it has none; `party` as in the column; `entity` and `listed_party` ids.
    """
    parts = (vendor, party, entity, regime, listed_party)
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def order(row: Mapping[str, str]) -> tuple[object, ...]:
    """Sorts the rows of one vendor: the most serious verdict first, then what is confirmed, then the better match.

    A verdict that its row shows at level all only (HEADQUARTERS without an ECCN) comes after what is for review.
    """
    return (
        row.get("level") == "all",
        _RANKS.get(row.get("verdict", ""), _LAST),
        row.get("match_status", "") not in CONFIRMED,
        -_number(row.get("match_score", "")),
        *(row.get(column, "") for column in ("party", "regime", "listed_party", "match_entity", "finding_id")),
    )


def arranged(vendors: Iterable[Sequence[Mapping[str, str]]]) -> list[Mapping[str, str]]:
    """The rows of a report, given the rows of each vendor in the order of the file.

    A vendor's rows stay together. Vendors come by their first row: NOT_SCREENED, then the most serious verdict, what is
    confirmed before what is potential; where these are the same, in the order of the file.
    """
    groups = [sorted(rows, key=order) for rows in vendors if rows]
    groups.sort(key=lambda rows: order(rows[0])[:3])
    return [row for rows in groups for row in rows]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
