"""The Consolidated Screening List: every trap that its files are known to hold."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lists.csl_rows import COLUMNS
from lists.entry_names import aliases, entry_name, repaired
from lists.federal_register import citations, first_citation
from lists.us_trade_csl import DATASET, parse
from resolver.errors import LayoutError
from resolver.model import Entity, Interest, Listing, NameKind, Schema, Statement, merged
from resolver.record import SetAside, Taken
from tests import golden

EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def table(*rows: dict[str, str], first: str = "_id", delimiter: str = ",") -> bytes:
    """A file of the list; a row names the fields it fills."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, (first, *COLUMNS), restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content: bytes) -> list[golden.Outcome]:
    return list(parse({"list": io.BytesIO(content)}))


def stated(*rows: dict[str, str]) -> list[Statement]:
    return list(golden.statements(read(table(*rows))))


def party(*rows: dict[str, str]) -> Entity:
    return merged(one for one in stated(*rows) if isinstance(one, Entity))


def listing(*rows: dict[str, str]) -> Listing:
    found = [one for one in dict.fromkeys(stated(*rows)) if isinstance(one, Listing)]
    assert len(found) == 1
    return found[0]


def names(text: str, kind: NameKind | None = None) -> list[str]:
    return [name.text for name in entry_name(text).names if kind is None or name.kind is kind]


@pytest.mark.parametrize(
    ("name", "primary", "parent"),
    [
        (
            "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  Huawei Marine Networks Co., Ltd.",
            "Huawei Marine Networks Co., Ltd.",
            "Huawei Technologies Co., Ltd. (Huawei)",
        ),
        (
            "China Electronics Technology Group Corporation 13th Research Institute (CETC 13).  Subordinate Institution - "
            "MT Microsystems",
            "MT Microsystems",
            "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)",
        ),
        (
            "Second Academy.  Subordinate Institution - 23rd Research Institute",
            "Second Academy 23rd Research Institute",
            "Second Academy",
        ),
        (
            "Baotou Guanghua Chemical Industrial Corporation (Parent Organization: China National Nuclear Group "
            "Corporation (CNNC))",
            "Baotou Guanghua Chemical Industrial Corporation",
            "China National Nuclear Group Corporation (CNNC)",
        ),
        (
            "Guangzhou Hongyu Technology Co., Ltd. (a subordinate institute of CETC-7)",
            "Guangzhou Hongyu Technology Co., Ltd.",
            "CETC-7",
        ),
    ],
)
def test_a_parent_in_the_name_is_taken_apart(name: str, primary: str, parent: str) -> None:
    found = entry_name(name)
    assert (found.names[0].text, found.parent) == (primary, parent)


def test_the_parent_is_an_interest_of_unknown_size() -> None:
    name = "Huawei Technologies Co., Ltd. (Huawei)"
    own = {"source": EL, "name": name, "federal_register_notice": "84 FR 22961"}
    sub = {**own, "name": f"{name}.  Affiliated Entity:  Huawei Marine Networks Co., Ltd."}
    found = stated(sub, own)
    interest = next(one for one in found if isinstance(one, Interest))
    captions = {one.id: one.caption for one in found if isinstance(one, Entity)}
    assert captions[interest.subject] == "Huawei Marine Networks Co., Ltd."
    assert captions[interest.interested_party] == name
    assert (interest.type, interest.share, interest.direct_or_indirect) == ("shareholding", None, "unknown")
    assert interest.source.startswith("84 FR 22961: Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:")


def test_a_parent_without_a_row_is_a_stub_that_nothing_lists() -> None:
    found = stated({"source": EL, "name": "The Academy.  Subordinate Institution - Envoltek"})
    stub = next(one for one in found if isinstance(one, Entity) and one.caption == "The Academy")
    assert stub.schema is Schema.LEGAL_ENTITY
    assert stub.id not in {one.entity for one in found if isinstance(one, Listing)}


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("Ardis Group of Companies LLC and any successor, sub-unit, or subsidiary thereof", "and any successor, "),
        ("Beijing J&A Industry & Trade Co. Ltd.; and any successor, sub-unit, or subsidiary thereof", "and any successor"),
        ("Poly Technologies Incorporated (PTI), and its sub-units and successors", "and its sub-units and successors"),
        ("Ministry of Defence, including the Armed Forces of Russia and all operating units", "including the Armed Forces"),
    ],
)
def test_the_entrys_own_words_are_its_scope_and_no_part_of_its_name(name: str, scope: str) -> None:
    found = entry_name(name)
    assert found.scope.startswith(scope)
    assert not any(word in one.text for one in found.names for word in ("successor", "Armed"))
    assert not found.names[0].text.endswith((",", ";", "and"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "Beijing Shangtang Technology Development Co., Ltd., and Sense Time",
            "Beijing Shangtang Technology Development Co., Ltd. | Sense Time",
        ),
        (
            "CETC 24;Sichuan Institute;CETC 44;CETC Chongqing Co., Ltd.",
            "CETC 24 | Sichuan Institute | CETC 44 | CETC Chongqing Co., Ltd.",
        ),
        ("Sibirskaya Neftyanaya Kompaniya OAO;", "Sibirskaya Neftyanaya Kompaniya OAO"),
        ("46 TsNII; and 46 TsNII MO RF", "46 TsNII | 46 TsNII MO RF"),
        ("Research Institute (CTI); and Control Institute.", "Research Institute (CTI) | Control Institute"),
        (
            "Corezing International Pte Ltd, Corezing Technology Pte Ltd and Core Zing",
            "Corezing International Pte Ltd | Corezing Technology Pte Ltd | Core Zing",
        ),
        ("Russian Quantum Center and RQC", "Russian Quantum Center | RQC"),
        ("China Ship Design and Research Center.", "China Ship Design and Research Center"),
        ("Communication, Telemetry and Telecontrol Institute", "Communication, Telemetry and Telecontrol Institute"),
        ("BellHuawei Technologies Ltd.; Hebei Poshing Elec.", "BellHuawei Technologies Ltd. | Hebei Poshing Elec."),
        ("and", ""),
        ("(all of preceding located in or near Mianyang)", ""),
    ],
)
def test_aliases_are_cut_where_they_end_and_nowhere_else(cell: str, expected: str) -> None:
    assert " | ".join(name.text for name in aliases(cell)) == expected


def test_former_names_are_former() -> None:
    assert names("Gazprom Telekom, OOO (f.k.a. ZAO Gaztelekom)", NameKind.FORMER) == ["ZAO Gaztelekom"]
    assert names("Gazprom Telekom, OOO (f.k.a., ZAO Gaztelekom)", NameKind.PRIMARY) == ["Gazprom Telekom, OOO"]
    assert [(one.text, one.kind) for one in aliases("JSC NIIP, f.k.a., OAO NII; f.k.a. Sibneft")] == [
        ("JSC NIIP", NameKind.ALIAS),
        ("OAO NII", NameKind.FORMER),
        ("Sibneft", NameKind.FORMER),
    ]


def test_also_known_as_in_brackets() -> None:
    bracketed = "Astronautics Research Institute [aka Astronautics Systems Research Center, Aerospace Research Institute]"
    assert names(bracketed) == [
        "Astronautics Research Institute", "Astronautics Systems Research Center", "Aerospace Research Institute",
    ]  # fmt: skip
    assert names("Precision Image Corporation (a.k.a. Precision Industries, Inc.; CK Enterprises, Inc.)") == [
        "Precision Image Corporation", "Precision Industries, Inc.", "CK Enterprises, Inc.",
    ]  # fmt: skip


def test_a_name_that_is_all_brackets_is_still_a_name() -> None:
    assert names("(a.k.a. FETCO, Inc.)") == ["FETCO, Inc."]
    assert names("(f.k.a. ZAO One; f.k.a. ZAO Two)") == ["ZAO One", "ZAO Two"]


def test_a_military_industrial_entry_has_its_listing_date_among_its_documents() -> None:
    row = {
        "source": "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury Department",
        "name": "X",
        "entity_number": "1",
        "type": "Entity",
    }
    for cell, expected in (
        ("03 Jun 2021, Listing Date (CMIC)", "2021-06-03"),
        ("Listing Date (CMIC), 2021-06-03", "2021-06-03"),
        ("Listing Date (CMIC), 31 Feb 2021", "None"),
    ):
        assert str(listing({**row, "ids": cell}).listing_date) == expected


def test_a_plainer_form_of_the_name_is_one_more_alias() -> None:
    smic = "Semiconductor Manufacturing International Corporation (SMIC)"
    assert names(smic) == [smic, "Semiconductor Manufacturing International Corporation", "SMIC"]
    assert "ATS" not in names("Advanced Targeting Systems Company, LLC (ATS)"), "three letters decide nothing"
    assert "HiSilicon Tech (Suzhou) Co., Ltd." in names("HiSilicon Tech (Suzhou) Co., Ltd., Suzhou, Jiangsu")
    assert names("Huawei Technologies Co., Ltd., Beijing Research Institute") == [
        "Huawei Technologies Co., Ltd., Beijing Research Institute"
    ]
    assert names("Huawei Device (Dongguan) Co., Ltd.") == ["Huawei Device (Dongguan) Co., Ltd."]


def test_a_part_called_by_a_number_is_weak_alone() -> None:
    assert names("Second Academy.  Subordinate Institution - 283 Factory", NameKind.WEAK) == ["283 Factory"]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("FAU ?Glavgosekspertiza Rossii?", "FAU Glavgosekspertiza Rossii"),
        ("Donetsk People?s Republic", "Donetsk People's Republic"),
        ("Xi?an Ruixin Investment Co., Ltd.", "Xi'an Ruixin Investment Co., Ltd."),
        ("IS?Vision", "IS Vision"),
        ("XAIC Tech (Xi\x92an) Industrial Co., Ltd.", "XAIC Tech (Xi’an) Industrial Co., Ltd."),
    ],
)
def test_lost_characters_are_mended_beside_the_name_as_published(raw: str, mended: str) -> None:
    assert repaired(raw) == mended
    assert names(raw)[:2] == [raw, mended]


def test_an_entry_that_is_an_address() -> None:
    found = party({"source": EL, "name": "Address 01", "addresses": "Suite 2105, Mongkok, Kowloon, HK"})
    assert (found.schema, found.addresses, found.countries) == (Schema.ADDRESS, ("Suite 2105, Mongkok, Kowloon",), ("hk",))


def test_nobody_guesses_what_commerce_and_state_leave_open() -> None:
    assert party({"source": EL, "name": "Ningbo Yak"}).schema is Schema.LEGAL_ENTITY


def test_country_blocks_of_one_entry_are_one_party_listed_once() -> None:
    row = {"source": EL, "name": "Action Global", "federal_register_notice": "84 FR 1", "start_date": "2019-01-01"}
    first = {**row, "addresses": "Ulitsa 1, Moscow, RU"}
    later = {**row, "addresses": "Street 2, Limassol, CY", "federal_register_notice": "84 FR 1; 85 FR 2"}
    found = party(first, later)
    assert found.countries == ("ru", "cy") and len(found.addresses) == 2
    assert listing(first, later).citation == "84 FR 1; 85 FR 2"
    assert listing(later, first) == listing(first, later), "the order of the rows decides nothing"


def test_terms_that_differ_are_listings_apart() -> None:
    row = {"source": EL, "name": "Action Global", "federal_register_notice": "84 FR 1"}
    found = stated({**row, "license_policy": "Presumption of denial."}, {**row, "license_policy": "Case by case."})
    listings = [one for one in dict.fromkeys(found) if isinstance(one, Listing)]
    assert len({one.entity for one in listings}) == 1
    assert [one.id.removeprefix(one.entity) for one in listings] == ["-el", "-el-2"]


def test_cleaning_a_name_or_one_more_citation_changes_no_id() -> None:
    row = {"source": EL, "name": "Xi?an Works (XW)", "federal_register_notice": "84 FR 1"}
    grown = {**row, "federal_register_notice": "84  FR 1, 85 FR 2", "alt_names": "Works", "_id": "another hash"}
    assert party(row).id == party(grown).id
    assert party(row).id != party({**row, "name": "Xi'an Works (XW)"}).id
    assert party(row).id != party({**row, "source": "Unverified List (UVL) - Bureau of Industry and Security"}).id


@pytest.mark.parametrize(
    ("notice", "expected", "first"),
    [
        ("83 FR 37423; 85 FR 34497", "83 FR 37423; 85 FR 34497", "83 FR 37423"),
        ("84 FR 22961, 84 FR 43495,  85 FR 29852 ", "84 FR 22961; 84 FR 43495; 85 FR 29852", "84 FR 22961"),
        ("68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06", "68 F.R. 38290 6/27/03; 71 F.R. 38843 7/10/06", "68 FR 38290"),
        ("63 FR 64322 (11/19/98), 65 FR 14444 (03/17/00)", "63 FR 64322 (11/19/98); 65 FR 14444 (03/17/00)", "63 FR 64322"),
        ("84 FR 5400285 FR 34505", "84 FR 54002; 85 FR 34505", "84 FR 54002"),
        ("46 F.R. 46154 9/17/81 and 46 F.R. 19290", "46 F.R. 46154 9/17/81; 46 F.R. 19290", "46 FR 46154"),
        ("81.F.R. 28822 5/10/2016", "81.F.R. 28822 5/10/2016", "81 FR 28822"),
        ("Vol. 86, No. 71, 04/15/2021", "Vol. 86, No. 71, 04/15/2021", "Vol. 86, No. 71, 04/15/2021"),
        ("", "", ""),
    ],
)
def test_citations_run_together_are_parted(notice: str, expected: str, first: str) -> None:
    assert (citations(notice), first_citation(notice)) == (expected, first)


def test_footnote_digits_stay_in_the_licence_requirement() -> None:
    text = "For all items subject to the EAR, see §§ 734.9(g),3 746.8(a)(3) and 744.11 of the EAR)4"
    assert listing({"source": EL, "name": "X", "license_requirement": text}).licence_requirement == text


@pytest.mark.parametrize(
    ("published", "day", "note"),
    [
        ("2019-05-21", "2019-05-21", ""),
        ("8/11/2015", "2015-08-11", ""),
        ("3033-01-17", "None", "listing date as published: 3033-01-17"),
        ("0017-05-26", "None", "listing date as published: 0017-05-26"),
        ("", "None", ""),
    ],
)
def test_an_impossible_date_costs_no_row(published: str, day: str, note: str) -> None:
    found = listing({"source": EL, "name": "X", "start_date": published})
    assert (str(found.listing_date), found.reason) == (day, note)


def test_an_impossible_end_ends_nothing() -> None:
    assert listing({"source": EL, "name": "X", "end_date": "0204-04-20"}).end_date is None


@pytest.mark.parametrize(
    ("address", "text", "country"),
    [
        ("Bantian Base, Shenzhen, 518129, CN", "Bantian Base, Shenzhen, 518129", "cn"),
        ("CN", "", "cn"),
        ("2948 PEASE DRIVE, APT. 201, ROCKY RIVER, OH, 44116", "2948 PEASE DRIVE, APT. 201, ROCKY RIVER, OH, 44116", "us"),
        ("1 Road, Albuquerque, 87101, NM", "1 Road, Albuquerque, 87101, NM", "us"),
        ("121 Des Voeux Road, Hong Kong", "121 Des Voeux Road, Hong Kong", "hk"),
        ("Lub Thatoo Hazara Road, The Taxila district", "Lub Thatoo Hazara Road, The Taxila district", None),
    ],
)
def test_the_country_of_an_address(address: str, text: str, country: str | None) -> None:
    found = party({"source": EL, "name": "X", "addresses": address})
    assert (found.addresses, found.countries) == ((text,) if text else (), (country,) if country else ())


@pytest.mark.parametrize("order", ["label first", "label last"])
def test_documents_are_read_in_either_order(order: str) -> None:
    documents = [
        ("Unified Social Credit Code (USCC)", "91110000MA005UCQ5P", "CN"),
        ("Tax ID No.", "7735007358", "RU"),
        ("Registration Number", "1027700073466", "RU"),
        ("Registration Number", "26740", "IR"),
        ("Vessel Registration Identification", "IMO 9187629", ""),
        ("Legal Entity Number", "852496527", "NL"),
        ("Tax ID No.", "7735007359", "RU"),
    ]
    cells = []
    for label, number, issuer in documents:
        parts = [label, number, issuer] if order == "label first" else [issuer, number, label]
        cells.append(", ".join(part for part in parts if part))
    row = {"source": SDN, "name": "X", "entity_number": "35187", "type": "Entity", "ids": "; ".join(cells)}
    assert [str(one) for one in party(row).identifiers] == [
        "ofac-uid:35187", "uscc:91110000MA005UCQ5P", "inn:7735007358", "ogrn:1027700073466", "imo:9187629",
    ]  # fmt: skip


def test_a_sectoral_entry_is_listed_once_for_each_directive() -> None:
    label = "Executive Order 13662 Directive Determination -"
    row = {
        "source": "Sectoral Sanctions Identifications List (SSI) - Treasury Department",
        "name": "ROSNEFT TRADE LIMITED",
        "entity_number": "18300",
        "type": "Entity",
        "ids": f"{label}, Subject to Directive 2; Subject to Directive 4, {label}",
    }
    assert [one.measure for one in stated(row) if isinstance(one, Listing)] == ["DIRECTIVE2", "DIRECTIVE4"]


def test_programmes_are_split_however_they_are_joined() -> None:
    row = {"source": SDN, "name": "X", "entity_number": "1", "type": "Entity"}
    for cell in ("SDGT] [IFSR", "SDGT; IFSR", "SDGT, IFSR"):
        assert listing({**row, "programs": cell}).program == ("SDGT", "IFSR")


def test_a_party_on_three_of_ofacs_lists_is_one_party() -> None:
    row = {"name": "BANCO VTB AFRICA SA", "entity_number": "18725", "type": "Entity"}
    sources = (
        SDN,
        "Capta List (CAP) - Treasury Department",
        "Sectoral Sanctions Identifications List (SSI) - Treasury Department",
    )
    found = stated(*({**row, "source": source} for source in sources))
    assert {one.id for one in found if isinstance(one, Entity)} == {"us-trade-csl-18725"}
    assert [one.id for one in found if isinstance(one, Listing)] == [
        "us-trade-csl-18725-sdn", "us-trade-csl-18725-capta", "us-trade-csl-18725-ssi",
    ]  # fmt: skip


@pytest.mark.parametrize("code", sorted({one.code for one in DATASET.lists}))
def test_every_list_of_the_dataset_has_a_source(code: str) -> None:
    from lists.csl_rows import SOURCE

    assert code in {known for known, _, _ in SOURCE.values()}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"source": "A New List (ANL) - Some Department", "name": "X"},
            "unknown source 'A New List (ANL) - Some Department'",
        ),
        ({"source": SDN, "name": "X", "entity_number": "1", "type": "Submarine"}, "unknown type 'submarine'"),
        ({"source": SDN, "name": "X", "entity_number": "one"}, "not an entry number: 'one'"),
        ({"source": EL, "name": ""}, "an entry without a name"),
        ({"source": EL, "name": " ; "}, "an entry without a name"),
    ],
)
def test_what_is_unknown_sets_the_row_aside(row: dict[str, str], reason: str) -> None:
    (outcome,) = read(table(row))
    assert isinstance(outcome, SetAside) and outcome.reason == reason


def test_the_first_column_may_have_either_name_and_no_other() -> None:
    row = {"source": EL, "name": "X"}
    expected = golden.lines(read(table(row)))
    assert golden.lines(read(table(row, first="id"))) == expected
    with pytest.raises(LayoutError, match="the header has changed"):
        read(table(row, first="key"))
    with pytest.raises(LayoutError, match="header has changed"):
        read(table(row).replace(b"_id,", b"_id,id,"))


def test_tabs_say_the_same_as_commas() -> None:
    row = {"source": EL, "name": "Huawei, Ltd.", "addresses": "1 Road, Shenzhen, CN"}
    assert [one.values for one in read(table(row)) if isinstance(one, Taken)] == [
        one.values for one in read(table(row, delimiter="\t")) if isinstance(one, Taken)
    ]


def _as_json(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps({"search_performed_at": "2026-07-31T13:15:00Z", "results": rows}).encode()


def test_the_json_says_the_same_as_the_csv() -> None:
    flat = {
        "_id": "1", "source": SDN, "entity_number": "35187", "type": "Entity", "programs": "RUSSIA-EO14024; SDGT",
        "name": "JOINT STOCK COMPANY MIKRON", "addresses": "1st proezd 12/1, Moscow, 124460, RU; CY",
        "alt_names": "MIKRON JSC; AO MIKRON", "nationalities": "RU", "dates_of_birth": "", "remarks": "A remark",
        "ids": "Tax ID No., 7735007358, RU; Organization Established Date, 1994", "start_date": "2022-03-31",
        "source_list_url": "https://example.org",
    }  # fmt: skip
    nested = {
        "id": "1", "source": SDN, "entity_number": 35187, "type": "Entity", "programs": ["RUSSIA-EO14024", "SDGT"],
        "name": "JOINT STOCK COMPANY MIKRON", "title": None, "alt_names": ["MIKRON JSC;AO MIKRON"], "nationalities": ["RU"],
        "addresses": [
            {"address": "1st proezd 12/1", "city": "Moscow", "state": None, "postal_code": "124460", "country": "RU"},
            {"address": None, "city": None, "state": None, "postal_code": None, "country": "CY"},
        ],
        "ids": [
            {"type": "Tax ID No.", "number": "7735007358", "country": "RU", "issue_date": None, "expiration_date": None},
            {"type": "Organization Established Date", "number": "1994", "country": None},
        ],
        "dates_of_birth": [], "remarks": "A remark", "start_date": "2022-03-31", "source_list_url": "https://example.org",
    }  # fmt: skip
    (one,), (other,) = read(table(flat)), read(_as_json([nested]))
    assert isinstance(one, Taken) and isinstance(other, Taken)
    assert one.values == other.values
    assert other.where.file == "consolidated.json"


def test_one_address_of_the_json_may_hold_several() -> None:
    address = {"address": "1 Road, Beijing; and 2 Street", "city": "Shanghai", "postal_code": "200000", "country": "CN"}
    (outcome,) = read(_as_json([{"source": EL, "name": "X", "addresses": [address]}]))
    (entity, *_) = golden.statements([outcome])
    assert isinstance(entity, Entity) and entity.addresses == ("1 Road, Beijing", "2 Street, Shanghai, 200000")


def test_a_field_of_the_json_that_nobody_reads_sets_the_row_aside() -> None:
    (outcome,) = read(_as_json([{"source": EL, "name": "X", "sanction_level": "high"}]))
    assert isinstance(outcome, SetAside) and outcome.reason == "field nobody reads: sanction_level"


def test_a_web_page_is_refused() -> None:
    with pytest.raises(LayoutError, match="web page"):
        read(b"<!DOCTYPE html><html><body>Service unavailable</body></html>")


def _real(shared_data: Path, snapshot: str) -> bytes:
    return (shared_data / "mirror" / "us_trade_csl" / snapshot / "consolidated.csv").read_bytes()


def test_the_whole_list_of_2022_is_read(shared_data: Path) -> None:
    content = _real(shared_data, "2022-05-16")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    outcomes = read(content)
    assert len(rows) == 14_160 and len(outcomes) == len(rows)
    assert [one for one in outcomes if isinstance(one, SetAside)] == []
    found = list(golden.statements(outcomes))
    told = Counter(one.list for one in found if isinstance(one, Listing))
    assert told["us-ofac-sdn"] == sum(row["source"].startswith("Specially") for row in rows)
    entities = {one.id for one in found if isinstance(one, Entity)}
    entries = sum(row["source"].startswith("Entity List") for row in rows)
    listed = {one.entity for one in found if isinstance(one, Listing) and one.list == "us-bis-el"}
    assert entries == 2_001 and 1_950 < len(listed) <= entries
    by_name = {name.text for one in found if isinstance(one, Entity) for name in one.names}
    assert set(DATASET.canaries) <= by_name
    assert all(end in entities for one in found if isinstance(one, Interest) for end in (one.subject, one.interested_party))


def test_every_row_of_the_newest_layout_is_read(shared_data: Path) -> None:
    outcomes = read(_real(shared_data, "2025-06-excerpt"))
    assert len(outcomes) == 13 and all(isinstance(one, Taken) for one in outcomes)


def test_a_file_that_was_cut_off_is_refused_and_its_second_header_is_no_party(shared_data: Path) -> None:
    content = _real(shared_data, "2023-11-30-header-repeated")
    with pytest.raises(LayoutError, match="cut off inside a quoted field in row 4228"):
        read(content)
    whole = content[: content.rindex(b'\n"')]
    outcomes = read(whole)
    aside = [one for one in outcomes if isinstance(one, SetAside)]
    assert len(outcomes) == 4_227 and [(one.where.row, one.reason) for one in aside] == [(1, "the header line stands again")]
