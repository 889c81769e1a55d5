from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolver import report
from resolver.cli import cli

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "fixtures" / "world"

COMMANDS = ["lists", "refresh", "import", "screen", "batch", "explain", "ownership", "compare", "diff"]


def resolver(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "resolver.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "RESOLVER_HOME": str(home), "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled world, refreshed and imported through the commands."""
    folder = tmp_path_factory.mktemp("home")
    for arguments in (
        ("refresh", "--from", str(WORLD)),
        ("import", str(WORLD / "own" / "ownership.csv"), "--name", "filings"),
        ("import", str(WORLD / "own" / "links.csv"), "--name", "ties"),
    ):
        done = resolver(folder, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "empty"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_every_command_has_help_with_an_example() -> None:
    assert sorted(cli.commands) == sorted(COMMANDS)
    for command in cli.commands.values():
        assert command.help and "Example:" in command.help, f"{command.name} is missing its example"


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"resolver {name}" in readme, name


def test_an_eccn_asks_for_headquarters(home: Path) -> None:
    done = resolver(home, "screen", "Marlow Quay Systems Pte. Ltd.", "--eccn", "3A090.a", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [(row["verdict"], row["level"]) for row in rows_of(done.stdout)] == [("HEADQUARTERS", "review")]
    done = resolver(home, "screen", "Marlow Quay Systems Pte. Ltd.", "--format", "csv")
    assert [row["verdict"] for row in rows_of(done.stdout)] == ["NO_FINDING"]


def test_an_empty_store_says_what_to_run(empty: Path) -> None:
    assert "resolver refresh" in one_line(resolver(empty, "screen", "Acme"))
    assert "nothing was fetched" in resolver(empty, "lists").stdout


def test_usage_is_status_two(home: Path) -> None:
    for arguments in (
        ("screen",),
        ("screen", "Acme", "--as-of", "yesterday"),
        ("screen", "Acme", "--regime", "xx-nowhere"),
        ("screen", "Acme", "--country", "Atlantis"),
        ("screen", "?!"),
        ("compare", "one"),
        ("nonsense",),
    ):
        assert resolver(home, *arguments).returncode == 2, arguments


def test_options_come_from_the_environment(home: Path) -> None:
    done = resolver(home, "screen", "Tansley Wick Tools Limited", RESOLVER_SCREEN_FORMAT="json")
    assert json.loads(done.stdout)["query"] == ["Tansley Wick Tools Limited"]


def test_screen_forms(home: Path) -> None:
    name = "Beijing SenseTime Technology Development Co., Ltd."
    answer = json.loads(resolver(home, "screen", name, "--format", "json", "--as-of", "2026-11-23").stdout)
    assert answer["as_of"] == "2026-11-23" and answer["matches"][0]["score"] == 1.0
    rows = rows_of(resolver(home, "screen", name, "--format", "csv", "--as-of", "2026-11-23").stdout)
    assert list(rows[0]) == list(report.COLUMNS)
    assert rows[0]["verdict"] == "LISTED" and "84 FR 54002" in rows[0]["citation"]
    table = resolver(home, "screen", name)
    assert "LISTED" in table.stdout and "not legal advice" in table.stdout + table.stderr


def test_fail_on_is_status_ten(home: Path) -> None:
    listed = "Beijing SenseTime Technology Development Co., Ltd."
    assert resolver(home, "screen", listed, "--fail-on", "act").returncode == 10
    assert resolver(home, "screen", "Tansley Wick Tools Limited", "--fail-on", "review").returncode == 0


def test_screening_loads_nothing_heavy(home: Path) -> None:
    code = (
        "import sys; from resolver.cli import main; sys.argv = ['resolver', 'screen', 'Shenzhen SenseTime']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'networkx', 'requests', 'numpy', 'lxml', 'xlsxwriter'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    environment = {**os.environ, "RESOLVER_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_batch_gives_every_vendor_back_and_the_same_bytes(home: Path, tmp_path: Path) -> None:
    reports = []
    for name in ("one.csv", "two.csv"):
        done = resolver(home, "batch", str(WORLD / "vendors.csv"), "-o", str(tmp_path / name), "--as-of", "2026-11-23")
        assert done.returncode == 0, done.stderr
        reports.append((tmp_path / name).read_bytes())
    assert reports[0] == reports[1]
    rows = rows_of(reports[0].decode("utf-8"))
    with (WORLD / "vendors.csv").open(encoding="utf-8", newline="") as file:
        asked = [row["id"] for row in csv.DictReader(file)]
    assert {row["id"] for row in rows} == set(asked)
    assert rows[0]["verdict"] == "NOT_SCREENED" and rows[0]["error"]
    assert list(rows[0])[-len(report.COLUMNS) :] == list(report.COLUMNS)
    assert all(row["snapshot"] and row["as_of"] == "2026-11-23" for row in rows)


def test_batch_to_stdout_and_to_a_workbook(home: Path, tmp_path: Path) -> None:
    vendors = tmp_path / "vendors.csv"
    vendors.write_text("\ufeffSupplier,verdict\nIFLYTEK,old\n", encoding="utf-8")
    book = tmp_path / "report.xlsx"
    done = resolver(home, "batch", str(vendors), "-o", "-", "--map", "Supplier=name", "--xlsx", str(book))
    assert done.returncode == 0, done.stderr
    row = rows_of(done.stdout)[0]
    assert row["Supplier"] == "IFLYTEK" and row["input_verdict"] == "old" and row["verdict"] == "LISTED"
    assert book.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"vendor,country\nAcme,de\n", "no column 'name'"),
        (b"name\nCaf\xe9\n", "UTF-8"),
        (b"", "empty"),
        (b'name,country\nAcme,de\n"Bolt', "cut off"),
        (b"<html></html>", "web page"),
    ],
)
def test_a_vendor_file_that_must_be_mended_is_refused_whole(home: Path, tmp_path: Path, content: bytes, said: str) -> None:
    vendors, out = tmp_path / "vendors.csv", tmp_path / "report.csv"
    vendors.write_bytes(content)
    out.write_text("the report of yesterday", encoding="utf-8")
    line = one_line(resolver(home, "batch", str(vendors), "-o", str(out)))
    assert said.lower() in line.lower() and "vendors.csv" in line
    assert out.read_text(encoding="utf-8") == "the report of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.csv", "vendors.csv"]


def test_missing_files_are_one_line(home: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere.csv")
    assert "nowhere.csv" in one_line(resolver(home, "batch", nowhere, "-o", "-"))
    assert "nowhere.csv" in one_line(resolver(home, "import", nowhere, "--name", "mine"))
    assert "nowhere.csv" in one_line(resolver(home, "compare", "--pairs", nowhere, "-o", "-"))
    assert "nowhere.csv" in one_line(
        resolver(home, "ownership", nowhere, "--listed", nowhere, "--as-of", "2026-01-01", "-o", "-")
    )


def test_a_report_that_cannot_be_written_is_one_line(home: Path, tmp_path: Path) -> None:
    line = one_line(resolver(home, "batch", str(WORLD / "vendors.csv"), "-o", str(tmp_path / "no" / "report.csv")))
    assert "report.csv" in line


def test_explain_shows_the_owners_and_the_proof(home: Path) -> None:
    done = resolver(home, "explain", "Anhui Lingxuan Speech Education Co., Ltd.", "--as-of", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert "[51]" in done.stdout and "OWNED under us-bis" in done.stdout and "51 >= 50" in done.stdout
    assert "no party" in one_line(resolver(home, "explain", "Zzyzx Quorbital Frobnication"))


def test_ownership_needs_no_snapshot(empty: Path, tmp_path: Path) -> None:
    edges, listed = tmp_path / "edges.csv", tmp_path / "listed.csv"
    edges.write_text("owner,subject,share\nX,A,50\nX,B,10\nA,B,40\n", encoding="utf-8")
    listed.write_text("entity,list\nX,us-ofac-sdn\n", encoding="utf-8")
    done = resolver(
        empty, "ownership", str(edges), "--listed", str(listed), "--as-of", "2026-11-23", "--regime", "us-ofac", "-o", "-"
    )
    assert done.returncode == 0, done.stderr
    assert [(row["entity"], row["verdict"], row["share_minimum"]) for row in rows_of(done.stdout)] == [
        ("A", "OWNED", "50"),
        ("B", "OWNED", "50"),
        ("X", "LISTED", ""),
    ]


def test_compare_two_names_and_a_file_of_pairs(empty: Path, tmp_path: Path) -> None:
    done = resolver(empty, "compare", "HUAWEI TECH. CO., LIMITED", "Huawei Technologies Co., Ltd.")
    assert float(done.stdout.splitlines()[0]) >= 0.7 and len(done.stdout.splitlines()) > 1
    pairs, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    pairs.write_text('id,left,right,label\n1,IFLYTEK,"iFlytek Co., Ltd.",1\n2,IFLYTEK,Bluebird,0\n', encoding="utf-8")
    assert resolver(empty, "compare", "--pairs", str(pairs), "-o", str(out)).returncode == 0
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert list(rows[0]) == ["id", "left", "right", "label", "score", "reason"]
    assert float(rows[0]["score"]) >= 0.7 > float(rows[1]["score"]) and rows[0]["label"] == "1"


def test_lists_says_what_is_held(home: Path) -> None:
    found = json.loads(resolver(home, "lists", "--format", "json").stdout)
    by_name = {one["name"]: one for one in found["datasets"]}
    csl = by_name["us_trade_csl"]
    assert csl["rows"] == csl["kept"] + csl["set_aside"] > 0 and csl["last_result"] == "ok"
    assert csl["lists"]["us-bis-el"] > 0 and "licence required" in csl["legal_effect"]
    assert by_name["filings"]["imported"] is True


def test_diff_between_two_nights(tmp_path: Path) -> None:
    home, edges = tmp_path / "home", tmp_path / "edges.csv"
    assert "two snapshots" in one_line(resolver(home, "diff"))
    for share in ("40", "60"):
        edges.write_text(f"owner,subject,share\nA,B,{share}\n", encoding="utf-8")
        assert resolver(home, "import", str(edges), "--name", "mine").returncode == 0
    found = json.loads(resolver(home, "diff", "--format", "json").stdout)
    assert [(one["kind"], one["change"]) for one in found] == [("interest", "amended")]
    assert re.search(r"\[40\] -> \[60\]", found[0]["detail"])


def test_the_readme_shows_what_the_commands_print(tmp_path: Path) -> None:
    shown: list[tuple[list[str], str]] = []
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("    $ resolver "):
            shown.append((shlex.split(line[len("    $ resolver ") :]), ""))
        elif shown and (line.startswith("    ") or not line):
            shown[-1] = (shown[-1][0], f"{shown[-1][1]}{line[4:]}\n")
        elif not line.startswith("    "):
            shown.append(([], ""))
    version = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")
    compared = 0
    for arguments, text in shown:
        if not arguments:
            continue
        done = resolver(tmp_path, *arguments, COLUMNS="100")
        assert done.returncode == 0, done.stderr
        if text.strip():
            printed = "\n".join(line.rstrip() for line in done.stdout.splitlines())
            assert version.sub("V", text).strip() == version.sub("V", printed).strip()
            compared += 1
    assert compared == 2
