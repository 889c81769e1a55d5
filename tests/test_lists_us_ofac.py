"""OFAC's SDN and consolidated lists: the joins of their CSV files, and what the remarks say."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from lists import us_ofac_cons, us_ofac_sdn
from lists.ofac import partial_date
from lists.ofac_csv import read_remarks
from resolver.errors import LayoutError
from resolver.model import Entity, Link, Listing, NameKind, Schema, Statement
from resolver.record import SetAside, Taken
from tests import golden

NULL = "-0- "


def entry(
    number: int, name: str, program: str = "SDGT", kind: str = NULL, remarks: str = NULL, flag: str = NULL
) -> list[str]:
    return [str(number), name, kind, program, NULL, NULL, NULL, NULL, NULL, flag, NULL, remarks]


def file(*rows: list[str], encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding) + b"\x1a")


def read(module: ModuleType = us_ofac_sdn, **files: io.BytesIO) -> list[golden.Outcome]:
    return list(module.parse(files))


def stated(module: ModuleType = us_ofac_sdn, **files: io.BytesIO) -> list[Statement]:
    return list(golden.statements(read(module, **files)))


def party(*rows: list[str], module: ModuleType = us_ofac_sdn, **files: io.BytesIO) -> Entity:
    return next(one for one in stated(module, entries=file(*rows), **files) if isinstance(one, Entity))


def listings(*rows: list[str], module: ModuleType = us_ofac_sdn) -> list[Listing]:
    return [one for one in stated(module, entries=file(*rows)) if isinstance(one, Listing)]


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (NULL, Schema.ORGANIZATION),
        ("individual", Schema.PERSON),
        ("vessel", Schema.VESSEL),
        ("aircraft", Schema.AIRPLANE),
        ("Individual", Schema.PERSON),
    ],
)
def test_the_null_type_is_an_entity(kind: str, schema: Schema) -> None:
    assert party(entry(1, "X", kind=kind)).schema is schema


def test_the_three_other_files_are_joined_by_number() -> None:
    found = party(
        entry(306, "BANCO NACIONAL DE CUBA", remarks="DOB 19"),
        alternates=file(["306", "220", "aka", "NATIONAL BANK OF CUBA", NULL], ["306", "221", "fka", "BANCO OLD", NULL]),
        addresses=file(["306", "199", "Zweierstrasse 35", "Zurich CH-8022", "Switzerland", NULL]),
        comments=file(["306", "62; a.k.a. 'BNC'."]),
    )
    assert [(name.text, name.kind) for name in found.names] == [
        ("BANCO NACIONAL DE CUBA", NameKind.PRIMARY),
        ("NATIONAL BANK OF CUBA", NameKind.ALIAS),
        ("BANCO OLD", NameKind.FORMER),
        ("BNC", NameKind.WEAK),
    ]
    assert found.addresses == ("Zweierstrasse 35, Zurich CH-8022, Switzerland",)
    assert (found.countries, found.birth_date) == (("ch",), "1962")


def test_a_row_of_another_file_without_its_entry_is_set_aside() -> None:
    outcomes = read(entries=file(entry(1, "X")), alternates=file(["2", "1", "aka", "Y", NULL]))
    assert [one.reason for one in outcomes if isinstance(one, SetAside)] == ["no entry 2 in sdn.csv"]


def test_the_entries_alone_are_enough() -> None:
    assert [type(one) for one in read(entries=file(entry(1, "X")))] == [Taken]


@pytest.mark.parametrize("cell", ["SDGT] [IFSR", "SDGT; IFSR", "[SDGT] [IFSR]"])
def test_programmes_are_two_tags(cell: str) -> None:
    assert listings(entry(1, "X", cell))[0].program == ("SDGT", "IFSR")


def test_a_tag_keeps_its_own_dash_and_spaces() -> None:
    assert listings(entry(1, "X", "CAATSA - RUSSIA] [SDGT"))[0].program == ("CAATSA - RUSSIA", "SDGT")


def test_older_files_are_in_windows_1252() -> None:
    for encoding in ("utf-8", "cp1252"):
        found = stated(entries=file(entry(1, "CAFÉ ’N’"), encoding=encoding))
        assert [one.caption for one in found if isinstance(one, Entity)] == ["CAFÉ ’N’"]


def test_remarks_are_read_token_by_token() -> None:
    remarks = read_remarks(
        "DOB 10 Dec 1948; alt. DOB 1951; nationality Korea, North; citizen Russia; a.k.a. 'ILLIASSOU, Djibbo'; f.k.a. 'OLD';"
        " Unified Social Credit Code (USCC) 9113100033607322XK (China); Tax ID No. 7735007358 (Russia); alt. Registration"
        " Number 1027700073466 (Russia) issued 01 Jan 2002; Registration Number 26740 (Iran); Legal Entity Number"
        " 253400WSS48YWMBUA688; Vessel Registration Identification IMO 9187629; Organization Established Date 17 Dec 2016;"
        " Executive Order 13662 Directive Determination - Subject to Directive 1; alt. Executive Order 13662 Directive"
        " Determination - Subject to Directive 3; Listing Date (EO 14024 Directive 1a): 22 Feb 2022; Listing Date (CMIC) 03"
        " Jun 2021; Nationality of Registration Cayman Islands; All offices worldwide; Linked To: A.B.C., S.A. DE C.V.; alt."
        " Linked To: HIZBALLAH."
    )
    assert remarks.birth_date == "1948-12-10"
    assert remarks.countries == ("kp", "ru", "ky")
    assert [(name.text, name.kind) for name in remarks.names] == [
        ("ILLIASSOU, Djibbo", NameKind.WEAK),
        ("OLD", NameKind.FORMER),
    ]
    assert [str(one) for one in remarks.identifiers] == [
        "uscc:9113100033607322XK", "inn:7735007358", "ogrn:1027700073466", "lei:253400WSS48YWMBUA688", "imo:9187629",
    ]  # fmt: skip
    assert remarks.incorporation_date == "2016-12-17"
    assert remarks.ssi_directives == ("DIRECTIVE1", "DIRECTIVE3")
    assert remarks.menu_directives == ("EO14024-DIRECTIVE1A",)
    assert remarks.cmic_date == date(2021, 6, 3)
    assert remarks.registered_in == "ky"
    assert remarks.scope == "All offices worldwide"
    assert remarks.linked_to == ("A.B.C., S.A. DE C.V.", "HIZBALLAH")


def test_a_malformed_number_costs_neither_the_row_nor_joins_anyone() -> None:
    found = party(entry(1, "X", remarks="Tax ID No. 7735007359 (Russia); Tax ID No. AABA 670850 Y (Mexico)."))
    assert [str(one) for one in found.identifiers] == ["ofac-uid:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 Dec 1948", "1948-12-10"),
        ("1 Dec 1948", "1948-12-01"),
        ("Oct 1973", "1973-10"),
        ("1962", "1962"),
        ("circa 1951", "1951"),
        ("1955 to 1957", "1955"),
        ("1978-12-05", "1978-12-05"),
        ("unknown", None),
    ],
)
def test_partial_dates(text: str, expected: str | None) -> None:
    assert partial_date(text) == expected


def test_linked_to_ties_only_where_the_name_is_one_entrys() -> None:
    found = stated(
        entries=file(
            entry(1, "A", remarks="Linked To: HIZBALLAH; Linked To: TWICE; Linked To: NOBODY; Linked To: A."),
            entry(2, "HIZBALLAH"),
            entry(3, "TWICE"),
            entry(4, "TWICE"),
        )
    )
    assert [(one.subject, one.kind, one.object) for one in found if isinstance(one, Link)] == [
        ("us-ofac-sdn-1", "linked_to", "us-ofac-sdn-2")
    ]


def test_the_full_stop_of_the_remarks_may_be_the_names_own() -> None:
    found = stated(entries=file(entry(1, "X", remarks="Linked To: PETROLEOS, S.A."), entry(2, "PETROLEOS, S.A.")))
    assert [one.object for one in found if isinstance(one, Link)] == ["us-ofac-sdn-2"]


@pytest.mark.parametrize(
    ("program", "remarks", "expected"),
    [
        ("CMIC-EO13959", "Listing Date (CMIC) 03 Jun 2021.", [("us-ofac-cmic", "", date(2021, 6, 3))]),
        ("SDGT] [NS-PLC", NULL, [("us-ofac-plc", "", None)]),
        ("561-Related", NULL, [("us-ofac-capta", "", None)]),
        ("FSE-IR", NULL, [("us-ofac-fse", "", None)]),
        ("CAATSA - RUSSIA", NULL, [("us-ofac-mbs", "", None)]),
        ("UKRAINE-EO13662", NULL, [("us-ofac-ssi", "", None)]),
        (
            "UKRAINE-EO13662] [RUSSIA-EO14024",
            "Executive Order 13662 Directive Determination - Subject to Directive 1; alt. Executive Order 13662 Directive"
            " Determination - Subject to Directive 4; Listing Date (EO 14024 Directive 2): 24 Feb 2022; Listing Date (EO"
            " 14024 Directive 3): 24 Feb 2022.",
            [
                ("us-ofac-ssi", "DIRECTIVE1", None),
                ("us-ofac-ssi", "DIRECTIVE4", None),
                ("us-ofac-capta", "EO14024-DIRECTIVE2", None),
                ("us-ofac-mbs", "EO14024-DIRECTIVE3", None),
            ],
        ),
        (
            "UKRAINE-EO13662] [VENEZUELA-EO13850",
            "Executive Order 13662 Directive Determination - Subject to Directive 2.",
            [("us-ofac-ssi", "DIRECTIVE2", None)],
        ),
    ],
)
def test_programmes_and_directives_tell_the_list(
    program: str, remarks: str, expected: list[tuple[str, str, date | None]]
) -> None:
    found = listings(entry(1, "X", program, remarks=remarks), module=us_ofac_cons)
    assert [(one.list, one.measure, one.listing_date) for one in found] == expected
    assert len({one.id for one in found}) == len(found)


def test_an_sdn_is_blocked_whatever_directives_its_remarks_tell() -> None:
    remarks = "Executive Order 13662 Directive Determination - Subject to Directive 1."
    assert [(one.list, one.measure) for one in listings(entry(1, "X", remarks=remarks))] == [("us-ofac-sdn", "")]


def test_unknown_countries_and_kinds_are_set_aside() -> None:
    outcomes = read(
        entries=file(entry(1, "X"), entry(2, "Y", kind="spacecraft"), entry(3, NULL), [NULL.strip(), *entry(4, "Z")[1:]]),
        alternates=file(["1", "1", "xka", "Y", NULL]),
        addresses=file(["1", "1", NULL, NULL, "Atlantis", NULL], ["1", "2", NULL, NULL, "Region: Northern Mali", NULL]),
    )
    assert [one.reason for one in outcomes if isinstance(one, SetAside)] == [
        "unknown SDN_Type 'spacecraft'", "an entry without SDN_Name", "not an entry number: '-0-'",
        "unknown alt_type 'xka'", "unknown Country 'Atlantis'",
    ]  # fmt: skip


def test_an_entry_told_twice_counts_once() -> None:
    outcomes = read(entries=file(entry(1, "X"), entry(1, "X"), entry(1, "Y")))
    assert [isinstance(one, Taken) for one in outcomes] == [True, True, False]
    assert isinstance(outcomes[1], Taken) and outcomes[1].values == ()


def test_a_row_with_another_number_of_fields_is_set_aside() -> None:
    (outcome,) = read(entries=file(["1", "X", "individual"]))
    assert isinstance(outcome, SetAside) and outcome.reason == "3 fields where 12 were expected"


@pytest.mark.parametrize("content", [b"", b"\x1a", b"<!DOCTYPE html><html><body>Access denied</body></html>"])
def test_a_file_that_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(LayoutError):
        read(entries=io.BytesIO(content))


def test_a_file_cut_off_inside_a_quote_is_refused() -> None:
    with pytest.raises(LayoutError, match="cut off"):
        read(entries=io.BytesIO(b'1,"X",-0- ,"SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 19'))


@pytest.mark.parametrize(
    ("module", "snapshot", "rows", "aside"),
    [
        (us_ofac_sdn, "2021-07", {"sdn.csv": 8_976, "alt.csv": 11_910, "add.csv": 13_837, "sdn_comments.csv": 5}, 0),
        (us_ofac_sdn, "2024-05-01", {"sdn.csv": 14_966}, 0),
        (us_ofac_sdn, "2024-05-02", {"sdn.csv": 14_973}, 0),
        (
            us_ofac_cons,
            "2025-12-19",
            {"cons_prim.csv": 442, "cons_alt.csv": 1_073, "cons_add.csv": 574, "cons_comments.csv": 10},
            0,
        ),
    ],
)
def test_every_row_of_the_real_files_is_accounted_for(
    shared_data: Path, module: ModuleType, snapshot: str, rows: dict[str, int], aside: int
) -> None:
    name = module.DATASET.name
    outcomes = golden.outcomes(name, shared_data / "mirror" / name / snapshot)
    assert dict(Counter(one.where.file for one in outcomes)) == rows
    assert sum(isinstance(one, SetAside) for one in outcomes) == aside
    found = list(golden.statements(outcomes))
    names = {text.text for one in found if isinstance(one, Entity) for text in one.names}
    assert set(module.DATASET.canaries) <= names
    entities = sum(isinstance(one, Entity) for one in found)
    assert entities == rows[module.DATASET.resources[0].patterns[0]]
