"""`resolver ownership` below the command line: tables in, a table out, and what refuses a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from lists.own_ownership import COLUMNS
from resolver.calculate import ENTITY_COLUMNS, LISTED_COLUMNS, OUT_COLUMNS, as_text, calculate, jurisdiction, write
from resolver.errors import InputError
from tests.ownership_cases import Case, cases, edge_rows, entity_rows, expected, listed_rows

DAY = date(2026, 1, 15)


def table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def out(folder: Path, edges: str, listed: str, as_of: date = DAY, known: str = "", **more: object) -> list[dict[str, str]]:
    """The rows of OUT for facts in the notation of the cases, through files."""
    found = calculate(
        table(folder / "edges.csv", COLUMNS, edge_rows(edges)),
        table(folder / "listed.csv", LISTED_COLUMNS, listed_rows(listed)),
        table(folder / "entities.csv", ENTITY_COLUMNS, entity_rows(known)),
        as_of,
        **more,  # type: ignore[arg-type]
    )
    stream = io.StringIO(newline="")
    write(found, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.id}@{case.as_of}:{case.regime}")
def test_worked_case(case: Case, tmp_path: Path) -> None:
    rows = out(tmp_path, case.edges, case.listed, case.as_of, case.entities)
    under = {row["entity"]: row["verdict"] for row in rows if row["regime"] == case.regime and row["verdict"] != "LISTED"}
    assert under == expected(case.expected), case.note
    assert [(row["entity"], row["regime"]) for row in rows] == sorted({(row["entity"], row["regime"]) for row in rows})


def test_the_table(tmp_path: Path) -> None:
    rows = out(tmp_path, "X>A 100/3; Y>A 50/3; A>B (25,50]", "X us-ofac-sdn; Y us-ofac-sdn")
    by_entity = {row["entity"]: row for row in rows}
    assert list(rows[0]) == list(OUT_COLUMNS)
    assert [by_entity["X"][column] for column in ("verdict", "share_minimum", "listed_parties", "path")] == [
        "LISTED",
        "",
        "X",
        "X",
    ]
    assert (by_entity["A"]["share_minimum"], by_entity["A"]["share_maximum"]) == ("50", "50")
    assert by_entity["A"]["listed_parties"] == "X; Y"
    assert by_entity["A"]["path"] == "X -[100/3]-> A; Y -[50/3]-> A"
    assert (by_entity["B"]["share_minimum"], by_entity["B"]["share_maximum"]) == ("25", "50")
    assert by_entity["B"]["as_of"] == "2026-01-15"


def test_only_the_most_serious_of_an_entity_and_regime(tmp_path: Path) -> None:
    rows = out(tmp_path, "L>S 20; G>S 60; G>L 60", "L us-ofac-sdn")
    assert {row["entity"]: row["verdict"] for row in rows} == {
        "G": "PARENT_OF_LISTED",
        "L": "LISTED",
        "S": "SISTER_OF_LISTED",
    }


def test_one_regime_alone(tmp_path: Path) -> None:
    rows = out(tmp_path, "X>A 60", "X us-ofac-sdn; X us-bis-uvl", regimes_asked=["us-bis-uvl"])
    assert {row["regime"] for row in rows} == {"us-bis-uvl"}
    with pytest.raises(InputError, match="narnia"):
        out(tmp_path, "X>A 60", "X us-ofac-sdn", regimes_asked=["narnia"])


def test_a_listed_party_without_edges_is_listed(tmp_path: Path) -> None:
    assert [row["verdict"] for row in out(tmp_path, "", "X eu-fsf")] == ["LISTED"]


def test_names_stand_on_the_path_and_ids_in_the_columns(tmp_path: Path) -> None:
    edges = table(tmp_path / "edges.csv", COLUMNS, edge_rows("X>A 60"))
    listed = table(tmp_path / "listed.csv", LISTED_COLUMNS, listed_rows("X eu-fsf"))
    names = table(tmp_path / "entities.csv", ENTITY_COLUMNS, [{"entity": "X", "name": "Xylo Group"}])
    found = calculate(edges, listed, names, DAY)
    assert (found[0].subject, found[0].listed_parties, found[0].path) == ("A", ("X",), "Xylo Group -[60]-> A")


def test_a_formula_is_written_as_text(tmp_path: Path) -> None:
    rows = out(tmp_path, "=X>@A 60", "=X us-ofac-sdn")
    assert {row["entity"] for row in rows} == {"'=X", "'@A"}
    assert as_text("A = B") == "A = B"


@pytest.mark.parametrize(("text", "code"), [
    ("US", "us"), ("us-de", "us"), ("Delaware", "us"), ("Wilmington, Delaware", "us"), ("United States", "us"), ("DE", "de"),
    ("gb", "gb"), ("Georgia", "georgia"), ("", ""), ("Hong Kong", "hong kong"),
])  # fmt: skip
def test_where_a_company_is_organised(text: str, code: str) -> None:
    assert jurisdiction(text) == code


# ------------------------------------------------------------------------------------------------------------- bad files

GOOD_LISTED = b"entity,list\nX,us-ofac-sdn\n"


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        (b"", "edges.csv: the file is empty"),
        (b"owner,share\nX,50\n", "edges.csv, header: no column subject"),
        (b"owner,subject,share\nX,A,half\n", "edges.csv, row 1, column share: not a share: 'half'"),
        (b"owner,subject,share\nX,A,50\nX,B,140\n", "edges.csv, row 2, column share: a share above 100"),
        (b"owner,subject,interest_type\nX,A,shares\n", "edges.csv, row 1, column interest_type: 'shares'"),
        (b"owner,subject,start_date\nX,A,01/02/2020\n", "edges.csv, row 1, column start_date: not a date"),
        (b"owner,subject\nX,\n", "edges.csv, row 1, column subject: empty"),
        (b"owner,subject,share\nX,A,50\nX,B\n", "edges.csv, row 2, column share: missing"),
        (b"owner,subject,share\nX,A,25,50\n", "edges.csv, row 1, column 4: no such column"),
        (b"owner,subject,share\nX,A,50\nX,\"B,50\n", "edges.csv, row 2, column subject: cannot be read as CSV, or cut off"),
        (b"owner,subject,share\nX,Soci\xe9t\xe9,50\n", "edges.csv, row 1, column subject: not UTF-8"),
        ("owner,subject,share\nX,A,50\n".encode("utf-16"), "edges.csv, header: not UTF-8"),
        (b"owner,subject,owner\nX,A,Y\n", "edges.csv, header: column owner stands twice"),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file(tmp_path: Path, edges: bytes, said: str) -> None:
    (tmp_path / "edges.csv").write_bytes(edges)
    (tmp_path / "listed.csv").write_bytes(GOOD_LISTED)
    with pytest.raises(InputError) as error:
        calculate(tmp_path / "edges.csv", tmp_path / "listed.csv", None, DAY)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (b"entity,list\nX,us-sdn\n", "listed.csv, row 1, column list: 'us-sdn' is no list code"),
        (b"entity,list,end_date\nX,eu-fsf,soon\n", "listed.csv, row 1, column end_date: not a date"),
        (b"entity\nX\n", "listed.csv, header: no column list"),
        (b"entity,list\n,eu-fsf\n", "listed.csv, row 1, column entity: empty"),
    ],
)
def test_a_bad_list_of_the_listed(tmp_path: Path, listed: bytes, said: str) -> None:
    (tmp_path / "edges.csv").write_bytes(b"owner,subject\nX,A\n")
    (tmp_path / "listed.csv").write_bytes(listed)
    with pytest.raises(InputError) as error:
        calculate(tmp_path / "edges.csv", tmp_path / "listed.csv", None, DAY)
    assert str(error.value).startswith(said)


def test_a_party_told_twice_in_two_ways(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_bytes(b"owner,subject\nX,A\n")
    (tmp_path / "listed.csv").write_bytes(GOOD_LISTED)
    (tmp_path / "entities.csv").write_bytes(b"entity,name\nX,One\nX,Two\n")
    with pytest.raises(InputError, match="row 2, column entity: 'X' stands twice"):
        calculate(tmp_path / "edges.csv", tmp_path / "listed.csv", tmp_path / "entities.csv", DAY)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.csv: cannot be read"):
        calculate(tmp_path / "no.csv", tmp_path / "no.csv", None, DAY)


def test_a_byte_order_mark_blank_lines_and_dos_ends_are_welcome(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_bytes("\ufeffOwner, subject ,share\r\n\r\nX,A, 60 %\r\n".encode())
    (tmp_path / "listed.csv").write_bytes(GOOD_LISTED)
    found = calculate(tmp_path / "edges.csv", tmp_path / "listed.csv", None, DAY)
    assert [finding.verdict.value for finding in found] == ["OWNED", "LISTED"]


def test_a_column_that_nobody_reads_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "edges.csv").write_bytes(b"owner,subject,percent\nX,A,60\n")
    (tmp_path / "listed.csv").write_bytes(GOOD_LISTED)
    calculate(tmp_path / "edges.csv", tmp_path / "listed.csv", None, DAY)
    assert "columns that are not read: percent" in caplog.text


def test_a_chain_longer_than_pythons_stack(tmp_path: Path) -> None:
    chain = "; ".join(f"C{number}>C{number + 1} 60" for number in range(3_000))
    rows = out(tmp_path, chain, "C0 us-ofac-sdn; C2999 us-bis-el")
    assert sum(row["verdict"] == "OWNED" for row in rows) == 3_000
    assert max(len(row["path"]) for row in rows) < 2_000
