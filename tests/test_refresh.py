from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from resolver.errors import EmptyStoreError, InputError, StoreError
from resolver.refresh import Refreshed, import_file, refresh
from resolver.store import Home, Snapshot

HEADER = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date",
    "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def denied(folder: Path, *names: str, header: tuple[str, ...] = HEADER) -> Path:
    """A Denied Persons List of these names."""
    rows = [(name, "1 Street", "City", "", "CN", "", "01/02/2020", "01/02/2099", "Y", "2020-01-09", "FR NOTICE ADDED",
             f"85 F.R. {number} 1/9/2020") for number, name in enumerate(names, 100)]  # fmt: skip
    path = folder / "us_bis_denied" / "dpl.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def united_nations(folder: Path, *names: str) -> Path:
    """A UN list of these entities."""
    entities = "".join(
        f"<ENTITY><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME>"
        f"<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.{number:03}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2009-04-24</LISTED_ON></ENTITY>"
        for number, name in enumerate(names, 1)
    )
    path = folder / "un_sc_sanctions" / "consolidated.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<CONSOLIDATED_LIST dateGenerated="2026-11-20T00:00:00.000Z"><INDIVIDUALS/>'
        f"<ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    return path


def names(snapshot: Snapshot) -> set[str]:
    return {entity.caption for _, segment in snapshot.segments() for entity in segment.entities()}


def status(refreshed: Refreshed) -> dict[str, str]:
    return {result.dataset: result.status for result in refreshed.results}


def run(home: Home, source: Path, night: datetime = NIGHT, *, strict: bool = False) -> Refreshed:
    return refresh(home, source=str(source), now=night, strict=strict)


MANY = tuple(f"Denied Trading {number}" for number in range(10))


def test_every_dataset_that_the_folder_has_comes_in(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading", "Bolt Export")
    united_nations(tmp_path / "in", "KOREA MINING")
    home = Home(tmp_path / "home")
    done = run(home, tmp_path / "in")
    assert status(done) == {"un_sc_sanctions": "new", "us_bis_denied": "new"}
    assert names(home.current()) == {"Acme Trading", "Bolt Export", "KOREA MINING"}
    assert not done.failed


def test_an_unchanged_night_leaves_the_snapshot_as_it_is(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    first = run(home, tmp_path / "in")
    again = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert status(again) == {"us_bis_denied": "unchanged"}
    assert first.manifest is not None and again.manifest is not None
    assert again.manifest.version == first.manifest.version


def test_a_change_makes_a_snapshot_that_shares_the_other_segments(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    united_nations(tmp_path / "in", "KOREA MINING")
    home = Home(tmp_path / "home")
    first = run(home, tmp_path / "in").manifest
    denied(tmp_path / "in", "Acme Trading", "Bolt Export")
    second = run(home, tmp_path / "in", NIGHT.replace(day=24)).manifest
    assert first is not None and second is not None
    before, after = ({one.name: one.segment for one in manifest.datasets} for manifest in (first, second))
    assert before["un_sc_sanctions"] == after["un_sc_sanctions"]
    assert before["us_bis_denied"] != after["us_bis_denied"]
    assert home.versions() == [first.version, second.version]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Service unavailable</body></html>", "web page"),
        (b'"Name"\t"Street"\n"A"\t"B"\n', "header has changed"),
        ("\t".join(HEADER).encode() + b"\nCaf\xe9" + b"\tx" * 11 + b"\n", "utf-8"),
        ("\t".join(HEADER).encode() + b"\n", "no row"),
    ],
)
def test_a_list_that_fails_keeps_its_last_good_data_and_the_others_come_in(
    tmp_path: Path, content: bytes, said: str
) -> None:
    denied(tmp_path / "in", *MANY)
    united_nations(tmp_path / "in", "KOREA MINING")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    (tmp_path / "in" / "us_bis_denied" / "dpl.txt").write_bytes(content)
    united_nations(tmp_path / "in", "KOREA MINING", "TANCHON BANK")
    done = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert status(done) == {"un_sc_sanctions": "new", "us_bis_denied": "failed"}
    message = next(result.message for result in done.results if result.status == "failed")
    assert said in message.lower() and "stays in force" in message and "\n" not in message
    assert names(home.current()) == {*MANY, "KOREA MINING", "TANCHON BANK"}
    stale = {held.name: bool(held.problem) for held in home.current().manifest.datasets}
    assert stale == {"un_sc_sanctions": False, "us_bis_denied": True}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<CONSOLIDATED_LIST><INDIVIDUALS/><ENTITIES><ENTITY><DATAID>1</DATAID>", "cut off"),
        (
            b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
            b"]><CONSOLIDATED_LIST><ENTITIES>&b;</ENTITIES></CONSOLIDATED_LIST>",
            "document type",
        ),
        (b"<html><body>moved</body></html>", "html"),
    ],
)
def test_xml_that_is_cut_off_or_a_bomb_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = united_nations(tmp_path / "in", "KOREA MINING")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    path.write_bytes(content)
    done = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert said in done.results[0].message
    assert names(home.current()) == {"KOREA MINING"}


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = denied(tmp_path / "in", *MANY)
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    path.unlink()
    with (
        zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("dpl.txt", "w") as member,
    ):
        for _ in range(80):
            member.write(bytes(1 << 20))
    done = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert status(done) == {"us_bis_denied": "failed"}
    assert names(home.current()) == set(MANY)


@pytest.mark.parametrize("pack", ["zip", "ZIP", "gz"])
def test_a_list_comes_zipped_too(tmp_path: Path, pack: str) -> None:
    path = denied(tmp_path / "in", *MANY)
    body = path.read_bytes()
    path.unlink()
    if pack == "gz":
        path.with_name("dpl.txt.gz").write_bytes(gzip.compress(body))
    else:
        with zipfile.ZipFile(path.with_name(f"DPL.TXT.{pack}"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("dpl.txt", body)
    home = Home(tmp_path / "home")
    assert status(run(home, tmp_path / "in")) == {"us_bis_denied": "new"}
    assert names(home.current()) == set(MANY)


def test_a_list_that_shrank_is_taken_for_cut_off(tmp_path: Path) -> None:
    denied(tmp_path / "in", *MANY)
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    denied(tmp_path / "in", *MANY[:7])
    assert "10" in run(home, tmp_path / "in", NIGHT.replace(day=24)).results[0].message
    assert names(home.current()) == set(MANY)
    denied(tmp_path / "in", *MANY[:9])
    assert status(run(home, tmp_path / "in", NIGHT.replace(day=25))) == {"us_bis_denied": "new"}


def test_floors_bind_the_publishers_addresses_and_strict(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    done = run(home, tmp_path / "in", strict=True)
    assert status(done) == {"us_bis_denied": "failed"} and "at least" in done.results[0].message
    with pytest.raises(EmptyStoreError):
        home.current()
    assert list(home.segments.glob("*.sqlite")) == []


def test_a_missing_file_says_where_it_was_sought(tmp_path: Path) -> None:
    (tmp_path / "in" / "us_bis_denied").mkdir(parents=True)
    done = run(Home(tmp_path / "home"), tmp_path / "in")
    assert "dpl" in done.results[0].message and str(tmp_path / "in") in done.results[0].message


def test_what_there_is_not(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(InputError, match="no dataset nope"):
        refresh(home, ["nope"], source=str(tmp_path))
    with pytest.raises(InputError, match="named after a dataset"):
        refresh(home, source=str(tmp_path))


def command(home: Path, *arguments: str, limit: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "resolver.cli", *arguments],
        env={**os.environ, "RESOLVER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
        preexec_fn=limited,
    )


def test_a_killed_refresh_leaves_only_finished_pieces_which_the_next_one_uses(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    version = home.current().version
    united_nations(tmp_path / "in", "KOREA MINING")
    denied(tmp_path / "in", *(f"Denied Trading {number}" for number in range(40_000)))
    process = command(home.path, "refresh", "--from", str(tmp_path / "in"))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(home.segments.glob(".tmp-*us_bis_denied*")):
        assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()
    assert home.current().version == version
    assert names(home.current()) == {"Acme Trading"}
    finished = list(home.segments.glob("un_sc_sanctions-*.sqlite"))
    assert len(finished) == 1
    written = finished[0].stat().st_mtime_ns
    done = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert not done.failed
    assert finished[0].stat().st_mtime_ns == written
    assert len(names(home.current())) == 40_001
    assert list(home.path.glob("*/.tmp-*")) == []


@pytest.mark.parametrize("limit", [100_000, 300_000])
def test_a_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path, limit: int) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    denied(tmp_path / "in", *(f"Denied Trading {number}" for number in range(2_000)))
    process = command(home.path, "refresh", "--from", str(tmp_path / "in"), limit=limit)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert len(said.strip().splitlines()) == 1 and ("cannot write" in said or "cannot be written" in said), said
    assert names(home.current()) == {"Acme Trading"}
    assert not run(home, tmp_path / "in", NIGHT.replace(day=24)).failed


def test_two_writers_cannot_meet(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    with home.locked(), pytest.raises(StoreError, match="another refresh"):
        run(Home(tmp_path / "home"), tmp_path / "in")


def test_an_imported_file_is_a_dataset_and_links_to_what_it_names(tmp_path: Path) -> None:
    denied(tmp_path / "in", "Acme Trading")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    listed = next(home.current().segments())[1]
    acme = next(listed.listed())
    edges = tmp_path / "edges.csv"
    edges.write_text(f"owner,subject,share\n{acme},Acme Subsidiary,60\nBolt Export,Bolt Sub,x\n", encoding="utf-8")
    done = import_file(home, edges, "mine", "csv", {}, now=NIGHT.replace(day=24))
    assert done.results[0].set_aside == 1
    links = home.current().links_file
    assert links.canonical(f"mine-{acme}") == links.canonical(acme)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("us_bis_denied", "owner,subject\nA,B\n", "name of a public list"),
        ("Mine!", "owner,subject\nA,B\n", "small letters"),
        ("mine", "", "empty"),
        ("mine", "holder,company\nA,B\n", "owner"),
        ("mine", "owner,subject,share\nA,B,120\n", "no row could be read"),
    ],
)
def test_a_file_that_must_be_mended_is_refused_whole(tmp_path: Path, name: str, text: str, said: str) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text(text, encoding="utf-8")
    home = Home(tmp_path / "home")
    with pytest.raises(InputError, match=said):
        import_file(home, edges, name, "csv", {}, now=NIGHT)
    with pytest.raises(EmptyStoreError):
        home.current()


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("Holder,Company,Stake\nBolt Export,Bolt Sub,51\n", encoding="utf-8")
    home = Home(tmp_path / "home")
    columns = {"Holder": "owner", "Company": "subject", "Stake": "share"}
    import_file(home, edges, "mine", "csv", columns, now=NIGHT)
    assert names(home.current()) == {"Bolt Export", "Bolt Sub"}


def test_a_joined_file_that_goes_missing_is_no_smaller_list(tmp_path: Path) -> None:
    fixtures = Path(__file__).parent.parent / "fixtures" / "us_ofac_cons"
    folder = tmp_path / "in" / "us_ofac_cons"
    folder.mkdir(parents=True)
    for path in fixtures.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    home = Home(tmp_path / "home")
    assert status(run(home, tmp_path / "in")) == {"us_ofac_cons": "new"}
    (folder / "cons_alt.csv").unlink()
    done = run(home, tmp_path / "in", NIGHT.replace(day=24))
    assert status(done) == {"us_ofac_cons": "failed"} and "cons_alt.csv" in done.results[0].message


def test_what_is_held_and_not_offered_is_said(tmp_path: Path) -> None:
    denied(tmp_path / "in", *MANY)
    united_nations(tmp_path / "other", "KOREA MINING")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    done = run(home, tmp_path / "other", NIGHT.replace(day=24))
    assert status(done) == {"un_sc_sanctions": "new", "us_bis_denied": "not offered"} and not done.failed


def test_the_list_date_is_the_files_own(tmp_path: Path) -> None:
    united_nations(tmp_path / "in", "KOREA MINING")
    home = Home(tmp_path / "home")
    run(home, tmp_path / "in")
    held = home.current().manifest.datasets[0]
    assert held.list_date == "2026-11-20"
    assert held.stale(NIGHT.date()) == "" and "2026-11-20" in held.stale(NIGHT.date().replace(year=2027))


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    denied(tmp_path / "in", *MANY)
    home = Home(tmp_path / "home")
    home.path.mkdir()
    (home.path / "lock").mkdir()
    with pytest.raises(StoreError, match="cannot write"):
        run(home, tmp_path / "in")


def test_an_import_that_is_cut_off_or_ambiguous(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    cut = tmp_path / "cut.csv"
    cut.write_text('owner,subject,share\nA,B,50\nC,"D', encoding="utf-8")
    with pytest.raises(InputError, match=r"cut\.csv: cut off"):
        import_file(home, cut, "mine", "csv", {}, now=NIGHT)
    book = tmp_path / "book.xlsx"
    rows = [("owner", "subject", "share"), ("A", "B", 0.6), ("C", "D", 60.0), ("E", "F", "51%")]
    workbook = xlsxwriter.Workbook(book)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    done = import_file(home, book, "mine", "xlsx", {}, now=NIGHT)
    assert done.results[0].set_aside == 1
    held = home.current().manifest.datasets[0]
    assert "may be a percentage" in held.reasons[0] and held.reasons[0].startswith("book.xlsx, row 1")
