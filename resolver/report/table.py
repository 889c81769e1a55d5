"""The report for a terminal: what was found, then why, then what to do next. Wide characters take two places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

DISCLAIMER = (
    "A potential match is for a person to decide. Nothing found is no clearance: the sources are not complete. This is not "
    "legal advice."
)
NARROWEST = 60
_GAP = "  "
_LABEL = 7
_DETAILS = (
    ("why", "reason"),
    ("match", "match_reason"),
    ("path", "path"),
    ("rule", "authority"),
    ("list", "list"),
    ("stale", "list_stale"),
    ("next", "next_step"),
    ("done", "decision"),
    ("error", "error"),
    ("id", "finding_id"),
)


def displayed_width(text: str) -> int:
    """The places that a text takes in a terminal (Unicode TR 11: wide and full-width two, combining none)."""
    return sum(map(_places, text))


def _places(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(rows: Iterable[Mapping[str, str]], width: int = 100) -> str:
    """The rows in `width` places, the footer with the day, the snapshot and the rules. Empty without rows.

    Control characters of the data are shown as `?`: nothing in a name may steer the terminal.
    """
    every = [{column: _plain(cell) for column, cell in row.items()} for row in rows]
    if not every:
        return ""
    width = max(width, NARROWEST)
    widths = _widths(every, width)
    lines = [_line(("VERDICT", "REGIME", "POTENTIAL MATCH", "MATCHED BY"), widths).rstrip()]
    heading = ""
    for row in every:
        if (now := _heading(row)) != heading:
            heading = now
            lines += ["", *_wrapped(f"{heading or 'itself'}:", width)]
        lines += ["", *_block(row, widths, width)]
    return "\n".join([*lines, "", *_footer(every[0], width), ""])


def overview(rows: Iterable[Mapping[str, str]], width: int = 100) -> str:
    """One line a row, for a whole vendor file at a glance: who, the verdict, the regime, the listed party and the share.

    Empty without rows. Control characters of the data are shown as `?`.
    """
    every = [{column: _plain(cell) for column, cell in row.items()} for row in rows]
    if not every:
        return ""
    lines = [("VENDOR", "VERDICT", "REGIME", "SHARE", "LISTED PARTY")]
    lines += [
        (_heading(row) or "-", row["verdict"], row.get("regime", "") or "-", _share(row), row.get("listed_party", ""))
        for row in every
    ]
    fixed = [max(displayed_width(line[place]) for line in lines) for place in (1, 2, 3)]
    left = max(width, NARROWEST) - sum(fixed) - 4 * len(_GAP)
    widths = (left * 3 // 5, *fixed, left - left * 3 // 5)
    return "\n".join([*(_line(line, widths).rstrip() for line in lines), "", *_footer(every[0], max(width, NARROWEST)), ""])


def _share(row: Mapping[str, str]) -> str:
    low, high = row.get("share_minimum", ""), row.get("share_maximum", "")
    return low if low == high else f"{low}..{high}"


def _heading(row: Mapping[str, str]) -> str:
    """Whom the row is about, in a report of several vendors or of a vendor's parties."""
    return " ".join(filter(None, (row.get("id", ""), row.get("name", ""), row.get("party", ""))))


def _block(row: Mapping[str, str], widths: Sequence[int], width: int) -> Iterator[str]:
    status, match = row.get("match_status", ""), row.get("match_name", "") or "-"
    by = f"name {row.get('match_score', '')[:4]}" if status == "potential" else status
    yield _line((row.get("verdict", ""), row.get("regime", "") or "-", match, by), widths).rstrip()
    details = dict(row)
    dates = ", ".join(filter(None, (row.get("program", ""), row.get("listing_date", ""), row.get("citation", ""))))
    listed = " ".join(filter(None, (row.get("list", ""), f"({dates})" if dates else "")))
    details["list"] = ": ".join(filter(None, (row.get("listed_party", ""), listed)))
    decided = " ".join(filter(None, (row.get("decided_by", ""), row.get("decided_at", ""))))
    details["decision"] = ", ".join(filter(None, (row.get("decision", ""), decided, row.get("decision_reason", ""))))
    if row.get("rule_status"):
        details["authority"] = " - ".join(filter(None, (row.get("authority", ""), row["rule_status"])))
    for label, column in _DETAILS:
        if text := details.get(column, ""):
            indent = _GAP + label.ljust(_LABEL)
            for number, line in enumerate(_wrapped(text, width - len(indent))):
                yield (indent if number == 0 else " " * len(indent)) + line


def _footer(row: Mapping[str, str], width: int) -> list[str]:
    facts = [f"As of {row['as_of']}"] if row.get("as_of") else []
    facts += [
        f"{label} {row[column]}"
        for label, column in (("snapshot", "snapshot"), ("rules", "rules_version"))
        if row.get(column)
    ]
    return _wrapped(". ".join(filter(None, (", ".join(facts), DISCLAIMER))), width)


def _widths(rows: Sequence[Mapping[str, str]], width: int) -> tuple[int, int, int, int]:
    verdict = max([7, *(displayed_width(row.get("verdict", "")) for row in rows)])
    regime = min(max([6, *(displayed_width(row.get("regime", "")) for row in rows)]), width // 5)
    by = len("MATCHED BY")
    return verdict, regime, max(10, width - verdict - regime - by - 3 * len(_GAP)), by


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(_fitted(cell, width) for cell, width in zip(cells, widths, strict=True))


def _fitted(text: str, width: int) -> str:
    """The text in exactly so many places: filled up, or cut with an ellipsis."""
    if displayed_width(text) > width:
        kept, places = "", 0
        for character in text:
            places += _places(character)
            if places > width - 1:
                break
            kept += character
        text = f"{kept}\u2026"
    return text + " " * (width - displayed_width(text))


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many places, broken at spaces, and inside a word that is longer than a line."""
    lines, line = [], ""
    for word in text.split():
        if line and displayed_width(line) + 1 + displayed_width(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while displayed_width(line) > width:
            cut = _cut(line, width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def _cut(text: str, width: int) -> int:
    """How many characters of the text fit, one at least."""
    places = 0
    for position, character in enumerate(text):
        places += _places(character)
        if places > width:
            return max(position, 1)
    return len(text)


def _plain(text: str) -> str:
    return "".join(
        " "
        if character in "\t\r\n"
        else "?"
        if unicodedata.category(character) in ("Cc", "Cs", "Co", "Zl", "Zp")
        else character
        for character in text
    )
