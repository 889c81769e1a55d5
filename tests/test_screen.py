from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from resolver.errors import EmptyStoreError
from resolver.model import Level
from resolver.refresh import import_file, refresh
from resolver.report import ReportRow
from resolver.screen import Options, Party, Screener, Vendor, as_reported
from resolver.screen.vendors import query
from resolver.store import Home

WORLD = Path(__file__).parent.parent / "fixtures" / "world" / "us_trade_csl" / "consolidated.csv"
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = Options(as_of=date(2026, 11, 23))

Screen = Callable[..., list[ReportRow]]
Build = Callable[[str, str, str], Screener]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A screener over an Entity List of these names (`name|alias|country`, a line each), own edges and own ties."""

    def of(listed: str, edges: str = "", ties: str = "") -> Screener:
        with WORLD.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        folder = tmp_path / "in" / "us_trade_csl"
        folder.mkdir(parents=True)
        with (folder / "consolidated.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            for number, line in enumerate(listed.strip().splitlines()):
                name, alias, country = (cell.strip() for cell in line.split("|"))
                writer.writerow(
                    {
                        "_id": f"{number:040x}", "name": name,
                        "source": "Entity List (EL) - Bureau of Industry and Security",
                        "alt_names": alias, "addresses": f"1 Road, {country}", "start_date": "2019-10-09",
                        "federal_register_notice": f"84 FR {54000 + number}",
                        "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
                        "license_policy": "Presumption of denial", "source_list_url": "u", "source_information_url": "u",
                    }
                )  # fmt: skip
        home = Home(tmp_path / "home")
        refresh(home, source=str(tmp_path / "in"), now=NIGHT)
        for name, head, rows in (
            ("own", "owner,subject,share", edges),
            ("ties", "subject,object,kind", ties),
        ):
            if rows:
                path = tmp_path / f"{name}.csv"
                path.write_text(f"{head}\n{rows}", encoding="utf-8")
                import_file(home, path, f"my_{name}", "csv", {}, now=NIGHT)
        return Screener(home.current())

    return of


def rows_of(screener: Screener, name: str, country: str = "", options: Options = TODAY) -> list[ReportRow]:
    asked, _ = query((name,), country)
    return list(screener.screen(name, Party("", asked), options).rows)


def verdicts(rows: list[ReportRow]) -> list[tuple[str, str]]:
    return [(row["verdict"], row["regime"]) for row in rows]


def test_a_listed_party_is_found_with_its_listing(build: Build) -> None:
    rows = rows_of(build("Quorvex Photonics Co., Ltd.|Quorvex|CN", "", ""), "QUORVEX PHOTONICS CO LTD")
    assert verdicts(rows) == [("LISTED", "us-bis")]
    row = rows[0]
    assert (row["list"], row["citation"], row["listing_date"]) == ("us-bis-el", "84 FR 54000", "2019-10-09")
    assert row["legal_effect"] == "licence required" and row["match_status"] == "potential"
    assert row["licence_policy"] == "Presumption of denial"


def test_an_unlisted_subsidiary_is_owned_through_a_name_that_is_said(build: Build) -> None:
    screener = build("Quorvex Photonics Co., Ltd.||CN", '"Quorvex Photonics Co., Ltd.",Blenheim Optics,60', "")
    rows = rows_of(screener, "Blenheim Optics")
    assert verdicts(rows) == [("OWNED", "us-bis")]
    row = rows[0]
    assert (row["share_minimum"], row["share_maximum"], row["threshold"]) == ("60", "60", ">= 50")
    assert row["path"] == "Quorvex Photonics Co., Ltd. -[60]-> Blenheim Optics"
    assert "by name alone" in row["reason"] and row["rule_status"] == "re-imposed by its text, unconfirmed"


def test_the_day_and_the_users_own_reading_decide(build: Build) -> None:
    screener = build("Quorvex Photonics Co., Ltd.||CN", '"Quorvex Photonics Co., Ltd.",Blenheim Optics,60', "")
    by_day = {
        date(2019, 1, 1): "NO_FINDING",
        date(2025, 9, 1): "LISTED_OWNER",
        date(2025, 10, 15): "OWNED",
        date(2026, 3, 1): "SUSPENDED",
    }
    for day, verdict in by_day.items():
        assert [row["verdict"] for row in rows_of(screener, "Blenheim Optics", options=Options(day))] == [verdict], day
    mine = Options(TODAY.as_of, overrides={"us-bis": "suspended"})
    assert verdicts(rows_of(screener, "Blenheim Optics", options=mine)) == [("SUSPENDED", "us-bis")]


def test_a_party_known_by_its_very_name_is_not_its_listed_relative(build: Build) -> None:
    edges = "Quorvex Group Inc.,Beijing Quorvex Technology,100\nQuorvex Group Inc.,Shenzhen Quorvex Technology,100"
    screener = build("Beijing Quorvex Technology Co., Ltd.|Quorvex|CN", edges, "")
    assert verdicts(rows_of(screener, "Shenzhen Quorvex Technology")) == [("SISTER_OF_LISTED", "us-bis")]
    assert verdicts(rows_of(screener, "Quorvex Group Inc.")) == [("PARENT_OF_LISTED", "us-bis")]
    assert verdicts(rows_of(screener, "Beijing Quorvex Technology")) == [("LISTED", "us-bis")]


def test_a_shared_brand_alone_is_a_family(build: Build) -> None:
    screener = build("Beijing Quorvex Technology Co., Ltd.|Quorvex|CN\nTianjin Quorvex Software||CN", "", "")
    rows = rows_of(screener, "Shenzhen Quorvex Technology Co., Ltd.")
    assert verdicts(rows) == [("NAME_FAMILY", "us-bis")]
    assert "quorvex" in rows[0]["reason"] and "one more listed party" in rows[0]["reason"]
    assert verdicts(rows_of(screener, "Quorvex Bakery", "fr")) != verdicts(rows)


def test_a_documented_service_to_a_listed_party(build: Build) -> None:
    screener = build("Quorvex||CN", "", "Ostrava Compute,Quorvex,provides_compute_to")
    rows = rows_of(screener, "Ostrava Compute")
    assert verdicts(rows) == [("SERVES_LISTED", "us-bis")]
    assert rows[0]["path"] == "Ostrava Compute -[provides compute to]-> Quorvex"


def test_a_service_to_one_who_serves_a_listed_party(build: Build) -> None:
    ties = "Ostrava Compute,Quorvex,provides_compute_to\nBlenheim Halls,Ostrava Compute,supplies\n"
    screener = build("Quorvex||CN", "", f"{ties}Marl Cement,Blenheim Halls,supplies")
    (row,) = rows_of(screener, "Blenheim Halls")
    assert (row["verdict"], row["listed_party"]) == ("SERVES_LISTED", "Quorvex")
    assert row["path"] == "Blenheim Halls -[supplies]-> Ostrava Compute -[provides compute to]-> Quorvex"
    assert "two steps" in row["reason"]
    assert [row["verdict"] for row in rows_of(screener, "Marl Cement")] == ["NO_OWNERSHIP_DATA"]


def test_a_service_to_a_company_that_a_listed_party_owns(build: Build) -> None:
    screener = build("Quorvex||CN", "Quorvex,Blenheim Optics,60", "Ostrava Compute,Blenheim Optics,provides_compute_to")
    (row,) = rows_of(screener, "Ostrava Compute")
    assert row["verdict"] == "SERVES_LISTED" and row["path"] == "Ostrava Compute -[provides compute to]-> Blenheim Optics"


def headquarters_rows(screener: Screener, name: str, country: str, eccn: str, options: Options = TODAY) -> list[ReportRow]:
    asked, _ = query((name,), country)
    return as_reported(screener.screen(name, Party("", asked, eccn=eccn), options).rows, options)


def test_headquarters_are_for_review_with_an_eccn_that_the_rule_reaches(build: Build) -> None:
    screener = build("Quorvex||CN", "Ann Other,Blenheim Optics,60", "")
    (row,) = headquarters_rows(screener, "Blenheim Optics", "mo", "3A090.a")
    assert (row["verdict"], row["level"], row["regime"]) == ("HEADQUARTERS", "review", "us-bis")
    assert "basis own" in row["reason"] and "742.6(a)(6)(iii)(A)" in row["authority"] and "Macau" in row["path"]
    assert row["match_name"] == "Blenheim Optics"
    for eccn in ("", "EAR99", "3B001"):
        (row,) = headquarters_rows(screener, "Blenheim Optics", "mo", eccn)
        assert (row["verdict"], row["level"]) == ("NO_FINDING", "all") and "headquarters" not in row["reason"]
        (row,) = headquarters_rows(screener, "Blenheim Optics", "mo", eccn, Options(TODAY.as_of, level=Level.ALL))
        assert (row["verdict"], row["level"]) == ("HEADQUARTERS", "all")


def test_headquarters_of_a_party_of_which_nothing_is_held(build: Build) -> None:
    screener = build("Quorvex||CN", "", "")
    (row,) = headquarters_rows(screener, "Wholly Unrelated Bakery", "cn", "4A090.b")
    assert row["verdict"] == "HEADQUARTERS" and "744.23(a)(3)" in row["authority"] and not row["match_entity"]
    (row,) = headquarters_rows(screener, "Wholly Unrelated Bakery", "sg", "4A090.b")
    assert row["verdict"] == "NO_OWNERSHIP_DATA" and "who the ultimate parent of Wholly Unrelated Bakery is" in row["reason"]


def test_headquarters_are_asked_of_the_customer_as_well(build: Build) -> None:
    screener = build("Quorvex||CN", "", "Ostrava Compute,Quorvex,provides_compute_to")
    rows = headquarters_rows(screener, "Ostrava Compute", "sg", "3A090.a")
    assert verdicts(rows) == [("HEADQUARTERS", "us-bis"), ("SERVES_LISTED", "us-bis")]
    assert "of its customer" in rows[0]["reason"] and rows[0]["finding_id"] != rows[1]["finding_id"]
    assert rows[0]["path"] == "Ostrava Compute -[provides compute to]-> Quorvex -[in]-> China"


def test_headquarters_belong_to_one_regime(build: Build) -> None:
    screener = build("Quorvex||CN", "", "")
    only = Options(TODAY.as_of, regimes=("eu",))
    assert [row["verdict"] for row in headquarters_rows(screener, "Wholly Bakery", "cn", "3A090.a", only)] == [
        "NO_OWNERSHIP_DATA"
    ]


def test_a_listed_partys_very_unit(build: Build) -> None:
    screener = build("Quorvex||Room 5, 2 Sample Park, Hefei, CN", "Ann Other,Blenheim Optics,60", "")
    asked, _ = query(("Blenheim Optics",), "", addresses=("Rm 5, 2 Sample Park, Hefei",))
    (row,) = screener.screen("x", Party("", asked), TODAY).rows
    assert (row["verdict"], row["regime"], row["listed_party"]) == ("SHARED_ADDRESS", "us-bis", "Quorvex")
    assert row["path"] == "Blenheim Optics -[at Rm 5, 2 Sample Park, Hefei]-> Quorvex" and row["match_name"]
    assert row["list"] == "us-bis-el" and row["level"] == "review"
    for address in ("2 Sample Park, Hefei", "Room 6, 2 Sample Park, Hefei"):
        asked, _ = query(("Blenheim Optics",), "", addresses=(address,))
        assert [row["verdict"] for row in screener.screen("x", Party("", asked), TODAY).rows] == ["NO_FINDING"]
    asked, _ = query(("Blenheim Optics",), "", addresses=("Rm 5, 2 Sample Park, Hefei",))
    for options in (Options(date(2019, 1, 1)), Options(TODAY.as_of, regimes=("eu",))):
        assert [row["verdict"] for row in screener.screen("x", Party("", asked), options).rows] == ["NO_FINDING"]


def test_a_more_serious_finding_stands_for_the_address_as_well(build: Build) -> None:
    screener = build("Quorvex||Room 5, 2 Sample Park, Hefei, CN", "Quorvex,Blenheim Optics,60", "")
    for name, verdict in (("Blenheim Optics", "OWNED"), ("Quorvex", "LISTED")):
        asked, _ = query((name,), "", addresses=("Rm 5, 2 Sample Park, Hefei",))
        assert [row["verdict"] for row in screener.screen("x", Party("", asked), TODAY).rows] == [verdict]


def test_nothing_found_is_said_without_clearing(build: Build) -> None:
    screener = build("Quorvex||CN", "Ann Other,Blenheim Optics,60", "")
    for name, verdict in (("Blenheim Optics", "NO_FINDING"), ("Wholly Unrelated Bakery", "NO_OWNERSHIP_DATA")):
        rows = rows_of(screener, name)
        assert [row["verdict"] for row in rows] == [verdict]
        assert "no clearance" in rows[0]["reason"] and "clear " not in rows[0]["reason"]


def test_an_identifier_decides_and_is_confirmed(build: Build) -> None:
    edges = "lei:5493001KJTIIGC8Y1R12,Blenheim Optics,60"
    screener = build("Quorvex||CN", edges, "")
    asked, problems = query(("Some Other Name",), "", ("lei:5493001KJTIIGC8Y1R12",))
    assert not problems
    hits = screener.screen("x", Party("", asked), TODAY).hits.hits
    assert [(hit.status, hit.match.score) for hit in hits] == [("identifier", 1.0)]


def test_levels_never_leave_a_vendor_out(build: Build) -> None:
    screener = build("Quorvex||CN", "Quorvex,Blenheim Optics,30", "")
    rows = rows_of(screener, "Blenheim Optics")
    assert verdicts(rows) == [("MINORITY", "us-bis")]
    for level in Level:
        assert len(as_reported(rows, Options(TODAY.as_of, level=level))) == 1


def test_a_finding_keeps_its_name_from_night_to_night(build: Build) -> None:
    screener = build("Quorvex||CN\nZephyral||CN", "Quorvex,Blenheim Optics,25\nZephyral,Blenheim Optics,25", "")
    rows = rows_of(screener, "Blenheim Optics")
    assert [(row["verdict"], row["listed_party"]) for row in rows] == [("OWNED", "Quorvex"), ("OWNED", "Zephyral")]
    assert rows[0]["finding_id"] == rows[1]["finding_id"]
    suspended = rows_of(screener, "Blenheim Optics", options=Options(date(2026, 3, 1)))
    assert suspended[0]["finding_id"] == rows[0]["finding_id"]


@pytest.mark.parametrize("name", ["", " ", "---", "Ltd", "的", "\u202e", "'; DROP TABLE entity; --", "x" * 20_000])
def test_any_name_is_answered(build: Build, name: str) -> None:
    assert rows_of(build("Quorvex||CN", "", ""), name)


LISTED = "Beijing Quorvex Technology Co., Ltd.||CN"


@pytest.mark.parametrize("row", [",100,,2010-01-01,2012-01-01", ",1,,,"])
def test_an_idle_tie_hides_no_listed_party(build: Build, tmp_path: Path, row: str) -> None:
    screener = build(LISTED)
    before = rows_of(screener, "Quorvex Technology Co., Ltd.")
    assert verdicts(before) == [("LISTED", "us-bis")] and float(before[0]["match_score"]) < 1
    edges = tmp_path / "idle.csv"
    parties = '"Beijing Quorvex Technology Co., Ltd.","Quorvex Technology Co., Ltd."'
    edges.write_text(f"owner,subject,share,interest_type,start_date,end_date\n{parties}{row}\n", encoding="utf-8")
    import_file(Home(tmp_path / "home"), edges, "idle", "csv", {}, now=NIGHT)
    after = rows_of(Screener(Home(tmp_path / "home").current()), "Quorvex Technology Co., Ltd.")
    assert "LISTED" in [row["verdict"] for row in after]


def test_a_clean_namesake_hides_no_owned_party(build: Build) -> None:
    edges = "Quorvex,Blenheim Optics Co.,60\nJohn Smith Esq,Blenheim Optics Technology Co.,100"
    rows = rows_of(build("Quorvex||CN", edges), "Blenheim Optics Technology Co.")
    assert "OWNED" in [row["verdict"] for row in rows]


def test_another_files_namesake_takes_no_proposal_away(build: Build, tmp_path: Path) -> None:
    screener = build("Quorvex||CN", '"Quorvex (Anhui) Co., Ltd.",Gorvenia Robots,60')
    assert verdicts(rows_of(screener, "Gorvenia Robots")) == [("OWNED", "us-bis")]
    other = tmp_path / "other.csv"
    other.write_text('owner,subject,share\nJohn Q,"Quorvex Ltd",100\n', encoding="utf-8")
    import_file(Home(tmp_path / "home"), other, "registry", "csv", {}, now=NIGHT)
    assert verdicts(rows_of(Screener(Home(tmp_path / "home").current()), "Gorvenia Robots")) == [("OWNED", "us-bis")]


def test_homonyms_do_not_crowd_out_a_listed_party(build: Build) -> None:
    edges = "\n".join(f"Owner {number},Mission Quorvex Communications {number % 7} Limited,100" for number in range(90))
    rows = rows_of(build("Mission Quorvex Communications, LLC||US", edges), "Mission Quorvex Communications LLC")
    assert ("LISTED", "us-bis") in verdicts(rows)


def test_without_a_list_nothing_is_answered(tmp_path: Path) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("owner,subject,share\nA,B,50\n", encoding="utf-8")
    home = Home(tmp_path / "home")
    import_file(home, edges, "mine", "csv", {}, now=NIGHT)
    with pytest.raises(EmptyStoreError, match="no list is held"):
        Screener(home.current())


def test_an_identifier_of_a_party_tied_by_name_alone_confirms_no_listing(build: Build) -> None:
    edges = "Quorvex Photonics Trading,Blenheim Optics,60"
    path_edges = 'owner,subject,share,owner_identifiers\n"Quorvex",Blenheim Optics,60,lei:5493001KJTIIGC8Y1R12\n'
    screener = build("Quorvex||CN", edges)
    own = Path(str(screener.snapshot.home)).parent / "tied.csv"
    own.write_text(path_edges, encoding="utf-8")
    import_file(Home(screener.snapshot.home), own, "tied", "csv", {}, now=NIGHT)
    again = Screener(Home(screener.snapshot.home).current())
    asked, _ = query(("Whatever Name",), "", ("lei:5493001KJTIIGC8Y1R12",))
    rows = again.screen("x", Party("", asked), TODAY).rows
    assert [(row["verdict"], row["match_status"]) for row in rows] == [("LISTED", "potential")]


def test_a_vendors_worst_party_stands_for_it(build: Build) -> None:
    screener = build(LISTED, "Quorvex Group Inc.,Beijing Quorvex Technology,100")
    bosch, bank = query(("Robert Bosch GmbH",))[0], query(("Quorvex Group Inc.",))[0]
    vendor = Vendor(1, "V", "Robert Bosch GmbH", {}, (Party("", bosch), Party("bank:Quorvex Group Inc.", bank)))
    for level in Level:
        rows = screener.vendor(vendor, Options(TODAY.as_of, level=level))
        assert [row["verdict"] for row in rows] == ["PARENT_OF_LISTED"], level


def test_holders_below_the_gate_are_counted_in_one_line(build: Build) -> None:
    edges = "Quorvex,Blenheim Optics,6\nZephyral,Blenheim Optics,3.9\nAnn Other,Blenheim Optics,60"
    rows = rows_of(build("Quorvex||CN\nZephyral||CN", edges), "Blenheim Optics")
    assert [row["verdict"] for row in rows] == ["NO_FINDING"]
    assert "2 listed parties hold less than 10 % of it each" in rows[0]["reason"]


@pytest.mark.parametrize("name", ["Co., Ltd.", "有限公司", "GmbH & Co. KG"])
def test_a_legal_form_alone_is_not_screened(build: Build, name: str) -> None:
    (row,) = rows_of(build("Quorvex||CN"), name)
    assert row["verdict"] == "NOT_SCREENED" and "legal form" in row["error"]
