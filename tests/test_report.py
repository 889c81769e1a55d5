"""The report: its columns and order, cells that no spreadsheet runs, the same bytes for the same rows, and its wording."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver import report
from resolver.errors import InputError
from resolver.model import Verdict
from resolver.report import ReportRow, tabular

PUBLISHED = (
    "finding_id, party, verdict, level, regime, rule_status, match_status, match_name, match_name_kind, match_score, "
    "match_reason, match_entity, listed_party, list, list_entry_id, program, measure, legal_effect, listing_date, citation, "
    "licence_requirement, licence_policy, share_minimum, share_maximum, threshold, path, edge_sources, edge_dates, "
    "authority, reason, next_step, decision, decided_by, decided_at, decision_reason, list_date, list_stale, source_url, "
    "snapshot, rules_version, software_version, as_of, error"
)


def row(verdict: Verdict, status: str = "potential", score: str = "0.9", **cells: str) -> ReportRow:
    return {"verdict": verdict.value, "match_status": status, "match_score": score, **cells}


def csv_text(rows: list[ReportRow], *columns: str, excel: bool = False) -> str:
    stream = io.StringIO(newline="")
    report.write_csv(rows, columns, stream, excel=excel)
    return stream.getvalue()


def one_cell(cell: str) -> str:
    return next(csv.DictReader(io.StringIO(csv_text([{"name": cell}], "name"), newline="")))["name"]


def test_the_columns_are_the_published_ones() -> None:
    assert ", ".join(report.COLUMNS) == PUBLISHED


def test_input_columns_come_first_and_yield_their_names() -> None:
    inputs = {"id": "7", "name": "Acme", "party": "mine", "error": "old", "input_party": "also mine"}
    assert report.header(inputs)[:6] == ["id", "name", "input_input_party", "input_error", "input_party", "finding_id"]
    combined = report.with_inputs({"verdict": "LISTED", "party": "bank:X"}, inputs)
    assert (combined["input_input_party"], combined["input_party"], combined["party"]) == ("mine", "also mine", "bank:X")
    assert len(set(report.header(inputs))) == 5 + len(report.COLUMNS)


def test_csv_is_rfc_4180() -> None:
    text = csv_text([{"name": 'A "B", Ltd', "verdict": "LISTED", "reason": "one\ntwo"}, {}], "name")
    lines = text.split("\r\n")
    assert lines[0] == "name," + ",".join(report.COLUMNS)
    assert lines[1].startswith('"A ""B"", Ltd",,,LISTED,') and '"one\ntwo"' in lines[1]
    assert lines[2] == "," * len(report.COLUMNS) and lines[3] == ""
    assert csv_text([]) == ",".join(report.COLUMNS) + "\r\n"


def test_excel_gets_a_byte_order_mark() -> None:
    assert csv_text([], excel=True).startswith("\ufefffinding_id,")
    assert not csv_text([]).startswith("\ufeff")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r'=1"),
        ("  =1", "'  =1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("first\n=1+1", "'first\n'=1+1"),
        ("first\r\n@x", "'first\r\n'@x"),
        ("-", "'-"),
        ("'=1", "'=1"),
        ("-5", "-5"),
        ("+5", "+5"),
        ("-0.25", "-0.25"),
        ("-1e-9", "-1e-9"),
        ("A-B = C @ D", "A-B = C @ D"),
        ("first\nsecond", "first\nsecond"),
        ("商汤集团有限公司", "商汤集团有限公司"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert tabular.as_text(cell) == written


@given(st.text(alphabet="=+-@\t\r\n 1a'\"", max_size=8))
def test_whatever_a_stranger_writes_is_text(cell: str) -> None:
    back = one_cell(cell)
    number = re.fullmatch(r"[+-]?\d+", back)
    assert number or not back.startswith(tuple("=+-@\t\r"))
    assert number or not re.search(r"[\r\n]\s*[=+\-@]", back)
    assert back.replace("'", "") == cell.replace("'", "")


def test_an_input_header_is_text_too() -> None:
    assert csv_text([], "=cmd").startswith("'=cmd,")


def test_what_utf8_cannot_hold_is_replaced() -> None:
    assert csv_text([{"name": "A\ud800B"}], "name").encode("utf-8")
    assert one_cell("A\ud800B") == "A?B"


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [row(Verdict.LISTED, reason="商", as_of="2026-11-23")]
    assert csv_text(rows) == csv_text(rows)
    for name in ("a.xlsx", "b.xlsx"):
        report.write_xlsx(rows, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_json_is_one_array_or_lines() -> None:
    rows = [row(Verdict.LISTED, name='=1 "商"'), row(Verdict.OWNED)]
    array, lines = io.StringIO(), io.StringIO()
    report.write_json(rows, array, input_columns=["name"])
    report.write_json(rows, lines, input_columns=["name"], lines=True)
    read = json.loads(array.getvalue())
    assert [json.loads(line) for line in lines.getvalue().splitlines()] == read
    assert list(read[0]) == ["name", *report.COLUMNS]
    assert read[0]["name"] == '=1 "商"' and read[1]["verdict"] == "OWNED" and read[1]["error"] == ""
    empty = io.StringIO()
    report.write_json([], empty)
    assert json.loads(empty.getvalue()) == []


def sheet(path: Path, number: int = 1) -> str:
    with zipfile.ZipFile(path) as workbook:
        return workbook.read(f"xl/worksheets/sheet{number}.xml").decode()


def strings(path: Path) -> str:
    with zipfile.ZipFile(path) as workbook:
        return workbook.read("xl/sharedStrings.xml").decode()


def test_a_workbook_has_numbers_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    cells = {
        "name": "=1+1",
        "code": "00123",
        "share_minimum": "62.07",
        "share_maximum": "100/3",
        "source_url": "https://x.example",
    }
    report.write_xlsx([row(Verdict.LISTED, **cells)], path, input_columns=["name", "code"])
    xml = sheet(path)
    assert "<f>" not in xml and "hyperlink" not in xml
    assert "<v>62.07</v>" in xml and "<v>0.9</v>" in xml
    assert ">=1+1<" in strings(path) and ">00123<" in strings(path) and ">100/3<" in strings(path)


def test_a_workbook_of_nothing_has_its_header(tmp_path: Path) -> None:
    report.write_xlsx([], tmp_path / "report.xlsx", input_columns=["name"])
    assert ">finding_id<" in strings(tmp_path / "report.xlsx")


def test_a_workbook_goes_on_in_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAXIMUM_ROWS", 2)
    report.write_xlsx([row(Verdict.LISTED)] * 5, tmp_path / "report.xlsx")
    assert [sheet(tmp_path / "report.xlsx", number).count("<row ") for number in (1, 2, 3)] == [3, 3, 2]


def test_a_cell_too_long_for_a_workbook_is_cut(tmp_path: Path) -> None:
    report.write_xlsx([row(Verdict.LISTED, reason="x" * 40_000)], tmp_path / "report.xlsx")
    assert f"{'x' * 32_763} ...<" in strings(tmp_path / "report.xlsx")


def test_a_workbook_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written"):
        report.write_xlsx([], tmp_path / "nowhere" / "report.xlsx")


def test_a_finding_keeps_its_name() -> None:
    one = report.finding_id("7", "", "us-bis-el-x", "us-bis", "us-bis-el-x")
    assert one == "4b647cc0cc329da0"
    assert re.fullmatch(r"[0-9a-f]{16}", one)
    assert one != report.finding_id("7", "us-bis-el-x", "", "us-bis", "us-bis-el-x")
    assert report.finding_id("a", "b", "", "", "") != report.finding_id("ab", "", "", "", "")


def test_what_was_not_screened_comes_first_and_vendors_stay_together() -> None:
    vendors = [
        [row(Verdict.NO_FINDING, name="calm")],
        [row(Verdict.MINORITY, name="mixed"), row(Verdict.LISTED, score="0.8", name="mixed")],
        [row(Verdict.NOT_SCREENED, name="broken")],
        [row(Verdict.LISTED, score="0.99", name="alike"), row(Verdict.LISTED, score="0.75", name="alike")],
        [row(Verdict.LISTED, "identifier", "1.0", name="sure")],
        [],
    ]
    names = [one["name"] for one in report.arranged(vendors)]
    assert names == ["broken", "sure", "mixed", "mixed", "alike", "alike", "calm"]
    mixed = [one["verdict"] for one in report.arranged(vendors) if one["name"] == "mixed"]
    assert mixed == ["LISTED", "MINORITY"]


@pytest.mark.parametrize("status", ["identifier", "judged"])
def test_confirmed_comes_before_potential(status: str) -> None:
    rows = [
        row(Verdict.LISTED, "potential", "0.99"),
        row(Verdict.LISTED, status, "0.80"),
        row(Verdict.LISTED, "potential", "1.0"),
    ]
    assert [one["match_score"] for one in sorted(rows, key=report.order)] == ["0.80", "1.0", "0.99"]


def test_the_order_does_not_depend_on_the_order_met() -> None:
    rows = [row(verdict, regime=regime) for verdict in Verdict for regime in ("us-bis", "us-ofac", "eu")]
    backwards = list(reversed(rows))
    assert sorted(rows, key=report.order) == sorted(backwards, key=report.order)


EFFECTS = (
    "",
    "blocking",
    "debt and equity",
    "investment ban",
    "by menu item",
    "correspondent accounts",
    "transactions with listed members",
    "transactions of foreign sanctions evaders",
    "licence required",
    "licence exceptions suspended",
    "export privileges denied",
    "debarred",
    "nonproliferation",
    "procurement",
    "procurement; equipment authorisation",
    "import ban",
    "asset freeze",
    "sectoral",
    "inform, licence",
    "counter-measures",
    "something new",
    "licence required; investment ban",
)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("effect", EFFECTS)
def test_every_next_step_asks_and_accuses_nobody(verdict: Verdict, effect: str) -> None:
    for confirmed in (False, True):
        text = report.next_step(verdict, effect, "Acme {Ltd}", confirmed=confirmed)
        assert re.search(r"\b[Aa]sk\b", text) and text.endswith((".", "?")) and "{name}" not in text
        assert not re.search(
            r"\b(criminal|guilty|clear|cleared|safe|innocent|illegal|sanctions evader)\b", text, re.IGNORECASE
        )
    if verdict not in (Verdict.NOT_SCREENED, Verdict.NO_FINDING):
        assert "Acme {Ltd}" in report.next_step(verdict, effect, "Acme {Ltd}")
    assert "{name}" not in report.next_step(verdict, effect, "") and "  " not in report.next_step(verdict, effect, "")


def test_every_question_names_a_document() -> None:
    documents = r"register|articles|statement|contract|licence|lease|chart|vendor file|record"
    assert all(re.search(documents, report.next_step(verdict, "", "Acme")) for verdict in Verdict)


def test_every_effect_of_the_lists_has_its_note() -> None:
    plain = report.next_step(Verdict.LISTED, "", "Acme")
    assert all(
        report.next_step(Verdict.LISTED, effect, "Acme") != plain
        for effect in EFFECTS
        if effect not in ("", "something new")
    )


@pytest.mark.parametrize(("effect", "word"), [("investment ban", "securities"), ("procurement", "US government")])
def test_a_narrow_list_holds_up_no_trade(effect: str, word: str) -> None:
    for verdict in (Verdict.LISTED, Verdict.LISTED_OWNER, Verdict.SISTER_OF_LISTED):
        text = report.next_step(verdict, effect, "Acme")
        assert word in text and "Hold the transaction" not in text
    assert "Hold the transaction" in report.next_step(Verdict.LISTED, f"licence required; {effect}", "Acme")


def test_an_unknown_share_under_the_ear_is_red_flag_29() -> None:
    assert "Red Flag 29" in report.next_step(Verdict.UNKNOWN_SHARE, "licence required", "Acme")
    assert "Red Flag 29" not in report.next_step(Verdict.UNKNOWN_SHARE, "blocking", "Acme")


STORY = row(
    Verdict.LISTED,
    match_name="商湯集團有限公司",
    regime="us-ofac-cmic",
    listed_party="SENSETIME GROUP LIMITED",
    list="us-ofac-cmic",
    program="CMIC-EO13959",
    listing_date="2021-12-10",
    reason="the name is the listed party's own in Chinese",
    path="SenseTime Group Inc. -[100]-> SENSETIME GROUP LIMITED",
    authority="E.O. 13959",
    rule_status="in force",
    next_step=report.next_step(Verdict.LISTED, "investment ban", "商汤集团有限公司"),
    as_of="2026-11-23",
    snapshot="20261123-0800",
    rules_version="2026.11",
)


@pytest.mark.parametrize("width", [60, 72, 100, 200])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    text = report.table([STORY, STORY | {"match_name": "一" * 90, "reason": "二" * 300}], width)
    assert max(map(report.displayed_width, text.splitlines())) <= width


def test_the_table_says_what_then_why_then_what_next() -> None:
    text = report.table([STORY], 100)
    places = [text.index(word) for word in ("LISTED  ", "why ", "path ", "rule ", "list ", "next ", "As of 2026-11-23")]
    assert places == sorted(places)
    assert "potential match" in text.lower() and report.DISCLAIMER.split(".")[0] in " ".join(text.split())
    assert "SENSETIME GROUP LIMITED: us-ofac-cmic (CMIC-EO13959, 2021-12-10)" in text


def test_wide_characters_keep_the_columns() -> None:
    text = report.table([STORY, STORY | {"match_name": "SenseTime"}], 100).splitlines()
    heads = [line for line in text if line.startswith("LISTED")]
    assert len({report.displayed_width(line[: line.rindex("name 0.9")]) for line in heads}) == 1
    assert report.displayed_width("商湯e\u0301") == 5


def test_nothing_in_a_name_steers_the_terminal() -> None:
    text = report.table([STORY | {"match_name": "\x1b[31mred\x07", "reason": "a\u2028b\x9b2J"}], 100)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", text)


def test_vendors_of_a_file_have_their_heading() -> None:
    rows = [
        STORY | {"id": "V1", "name": "Acme"},
        STORY | {"id": "V1", "name": "Acme"},
        STORY | {"id": "V2", "name": "Other"},
    ]
    text = report.table(rows, 100)
    assert text.count("\nV1 Acme:\n") == 1 and text.count("\nV2 Other:\n") == 1


def test_a_stale_list_and_a_decision_are_told() -> None:
    decided = {"decision": "accept", "decided_by": "jo", "decided_at": "2026-11-20", "decision_reason": "another company"}
    text = report.table([STORY | {"list_stale": "us_ofac_cons: could not be fetched"} | decided], 100)
    assert "  stale  us_ofac_cons: could not be fetched" in text
    assert "  done   accept, jo 2026-11-20, another company" in text


def test_parties_of_a_vendor_have_their_heading() -> None:
    assert "\nbank:Example Bank:\n" in report.table([STORY, STORY | {"party": "bank:Example Bank"}], 100)
    assert report.table([], 100) == ""


def test_pandas_is_imported_only_for_a_workbook() -> None:
    code = "import sys, resolver.report; sys.exit(bool({'pandas', 'numpy', 'xlsxwriter'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_overview_is_one_line_a_row_in_any_width() -> None:
    rows = [
        {"id": "V1", "name": "上海商汤智能科技有限公司", "verdict": "SISTER_OF_LISTED", "regime": "us-bis",
         "listed_party": "Beijing SenseTime Technology Development Co., Ltd."},
        {"id": "V2", "name": "Acme\x1b[2J", "verdict": "POSSIBLY_OWNED", "regime": "eu", "share_minimum": "25",
         "share_maximum": "50", "as_of": "2026-11-23"},
    ]  # fmt: skip
    for width in (20, 60, 100, 200):
        lines = report.overview(rows, width).splitlines()
        assert len([line for line in lines if "us-bis" in line or "25..50" in line]) == 2
        assert all(report.displayed_width(line) <= max(width, 60) for line in lines)
        assert "\x1b" not in "".join(lines)
    assert report.overview([]) == ""
