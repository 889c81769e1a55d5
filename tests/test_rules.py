"""The rules: every worked case of the fixture, what each verdict says, and the properties that any graph must keep."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver.graph import Neighbourhood, by_prefix
from resolver.model import Entity, Finding, Interest, Link, Listing, Name, Schema, Verdict
from resolver.rules import findings
from resolver.share import exactly, parse_share
from tests import ownership_oracle as oracle
from tests.ownership_cases import Case, cases, edge_rows, expected, interests, listed_rows, listings, run, verdicts

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}@{case.as_of}:{case.regime}")
def test_worked_case(case: Case) -> None:
    found = run(case.edges, case.listed, case.as_of, case.entities)
    assert verdicts(found, case.regime) == expected(case.expected), case.note


def test_every_worked_case_is_there() -> None:
    families = {
        "OFAC": 24,
        "CMIC": 1,
        "SSI": 2,
        "BIS": 14,
        "EU": 8,
        "UK": 13,
        "CA": 3,
        "CH": 2,
        "JP": 2,
        "AU": 1,
        "UN": 1,
        "CN": 4,
    }
    wanted = {f"{family}-{number:02d}" for family, count in families.items() for number in range(1, count + 1)}
    assert {case.id for case in CASES} == wanted
    assert len(wanted) == 75


# ------------------------------------------------------------------------------------------------- what a finding says


def one(edges: str, listed: str, subject: str, regime: str = "us-ofac", **more: object) -> Finding:
    found = [finding for finding in run(edges, listed, **more) if (finding.subject, finding.regime) == (subject, regime)]
    return found[0]


def test_a_finding_carries_its_proof() -> None:
    finding = one("X>A 50; X>B 10; A>B 40; Y>B 5; N>B 45", "X us-ofac-sdn RUSSIA-EO14024", "B")
    assert finding.verdict is Verdict.OWNED
    assert finding.arithmetic == "40 + 10 = 50 >= 50"
    assert finding.path == "X -[50]-> A -[40]-> B; X -[10]-> B"
    assert finding.interests == ("row 1", "row 3", "row 2")
    assert finding.listings == ("entry 1",)
    assert finding.listed_parties == ("X",)
    assert finding.share == exactly(50)
    assert finding.threshold == ">= 50"
    assert finding.rule_status == "in force"
    assert "50 Percent Rule" in finding.authority


def test_the_proof_is_the_smallest_and_the_sum_is_whole() -> None:
    finding = one("X>A 60; Y>A 30", "X us-ofac-sdn; Y us-ofac-sdn", "A")
    assert finding.path == "X -[60]-> A"
    assert finding.interests == ("row 1",)
    assert finding.arithmetic == "60 + 30 = 90 >= 50"
    assert finding.listed_parties == ("X", "Y")


def test_more_than_everything_is_said() -> None:
    assert "two rows may tell one holding" in one("X>A 100; X>A 100", "X us-ofac-sdn", "A").reason
    assert "two rows" not in one("X>A 60; N>A 40", "X us-ofac-sdn", "A").reason


def test_a_rule_of_direct_holdings_counts_no_indirect_one() -> None:
    assert one("X>A 60 indirect", "X jp-mof", "A", "jp").verdict is Verdict.LISTED_OWNER
    found = one("X>A 60; X>A 30 indirect", "X jp-mof", "A", "jp")
    assert (found.verdict, found.arithmetic) == (Verdict.OWNED, "60 >= 50")


def test_a_loop_is_counted_but_proves_nothing() -> None:
    finding = one("X>A 50; A>B 60; B>A 20", "X us-ofac-sdn", "A")
    assert finding.share == exactly(70)
    assert finding.path == "X -[50]-> A"


def test_names_stand_on_the_path() -> None:
    names = {"X": "Xylo Group", "A": "Alpha Ltd"}
    known = {id: Entity(id, Schema.COMPANY, (Name(name),)) for id, name in names.items()}
    neighbourhood = Neighbourhood(known, interests(edge_rows("X>A [60,75)")))
    finding = findings(neighbourhood, listings(listed_rows("X us-ofac-sdn")), date(2026, 1, 1))[0]
    assert finding.path == "Xylo Group -[60..75)-> Alpha Ltd"
    assert "Xylo Group" in finding.reason


def test_edges_without_a_number() -> None:
    found = run("X>A consolidation; X>B ?; X>C board; X>D 40; X>D votes 60", "X us-ofac-sdn")
    paths = {finding.subject: finding.path for finding in found}
    assert paths["A"] == "X -[consolidates]-> A"
    assert paths["B"] == "X -[?]-> B"
    assert paths["C"] == "X -[appoints the board]-> C"
    assert paths["D"] == "X -[40]-> D; X -votes [60]-> D"


def test_possibly_owned_says_what_settles_it() -> None:
    finding = one("X>A (25,50]; N>A 50", "X us-ofac-sdn", "A")
    assert finding.arithmetic == "(25..50] may be >= 50"
    assert "the exact share of X within (25..50]" in finding.reason


def test_bis_says_that_its_status_is_unconfirmed() -> None:
    finding = one("E>A 50", "E us-bis-el", "A", "us-bis", as_of=date(2026, 11, 23))
    assert finding.rule_status == "re-imposed by its text, unconfirmed"
    assert finding.rule_status in finding.reason


def test_the_user_knows_the_status_better() -> None:
    told = {"us-bis": "suspended from 2026-11-10"}
    assert one("E>A 50", "E us-bis-el", "A", "us-bis", as_of=date(2026, 11, 23), overrides=told).verdict is Verdict.SUSPENDED
    assert one("E>A 50", "E us-bis-el", "A", "us-bis", as_of=date(2025, 10, 15), overrides=told).verdict is Verdict.OWNED


def test_what_may_be_owned_stays_so_under_a_suspended_rule() -> None:
    finding = one("E>A (25,50]", "E us-bis-el", "A", "us-bis", as_of=date(2026, 1, 1))
    assert finding.verdict is Verdict.POSSIBLY_OWNED
    assert "suspended" in finding.reason


def test_the_most_restrictive_owner_governs() -> None:
    strict = Listing("s", "S", "us-bis-el", "", licence_requirement="For all items subject to the EAR",
                     licence_policy="Presumption of denial")  # fmt: skip
    mild = Listing("m", "M", "us-bis-meu", "", licence_requirement="For all items subject to the EAR, except EAR99",
                   licence_policy="Case-by-case review")  # fmt: skip
    neighbourhood = Neighbourhood({}, interests(edge_rows("S>A 25; M>A 25; S>M 60")))
    found = findings(neighbourhood, {"S": (strict,), "M": (mild,)}, date(2025, 10, 15))
    reasons = {finding.subject: finding.reason for finding in found}
    assert "most restrictive is S (us-bis-el: For all items subject to the EAR; Presumption of denial)" in reasons["A"]
    assert "its listed owner S has the stricter requirement" in reasons["M"]


def test_ownership_through_a_us_company_counts_below_it() -> None:
    found = run("E>A 100; A>B 100", "E us-bis-el", known="A us")
    assert verdicts(found, "us-bis") == {"A": "LISTED_OWNER", "B": "OWNED"}


def test_ssi_directives_do_not_add_up() -> None:
    listed = "X us-ofac-ssi DIRECTIVE1; Y us-ofac-ssi DIRECTIVE2"
    found = run("X>A 25; Y>A 25; X>B 50", listed)
    assert verdicts(found, "us-ofac-ssi") == {"A": "MINORITY", "B": "OWNED"}
    reasons = {finding.subject: finding.reason for finding in found}
    assert "50 %, which is not added" in reasons["A"]
    assert "under DIRECTIVE1 only" in reasons["B"]


def test_an_uflpa_entry_without_words_on_subsidiaries() -> None:
    assert verdicts(run("X>A 60", "X us-uflpa"), "us-uflpa") == {"A": "LISTED_OWNER"}


def test_a_uk_travel_ban_carries_no_ownership_rule() -> None:
    entry = Listing("t", "P", "gb-uksl", "", measure="Travel Ban")
    found = findings(Neighbourhood({}, interests(edge_rows("P>A 100"))), {"P": (entry,)}, date(2026, 1, 1))
    assert [(one.subject, one.regime, one.verdict.value) for one in found] == [
        ("A", "gb-uksl", "LISTED_OWNER"),
        ("P", "gb-uksl", "LISTED"),
    ]


def test_a_designated_person_whom_another_owns_carries_both_chains() -> None:
    found = run("P1>P2 60; P1>C 30; P2>C 30", "P1 gb-uksl; P2 gb-uksl")
    assert verdicts(found, "gb") == {"C": "OWNED"}
    assert next(one for one in found if one.subject == "C").listed_parties == ("P1",)


def test_uk_votes_and_shares_are_never_added() -> None:
    assert verdicts(run("P>C 30; P>C votes 30", "P gb-uksl"), "gb") == {"C": "MINORITY"}


def test_control_passes_down() -> None:
    found = run("P>A board; A>B 60; P>C consolidation", "P gb-uksl")
    assert verdicts(found, "gb") == {"A": "CONTROLLED", "B": "CONTROLLED", "C": "CONTROLLED"}


def test_consolidation_passes_unknown_share_down() -> None:
    found = run("X>A consolidation; A>B consolidation; B>C 60", "X us-ofac-sdn")
    assert verdicts(found, "us-ofac") == {"A": "UNKNOWN_SHARE", "B": "UNKNOWN_SHARE", "C": "UNKNOWN_SHARE"}


def test_a_divestment_to_nothing_is_remembered_for_a_year() -> None:
    edges = "X>A 60 until 2026-03-01; N>A 60 from 2026-03-01"
    assert verdicts(run(edges, "X us-ofac-sdn", date(2026, 4, 1)), "us-ofac") == {"A": "MINORITY"}
    assert verdicts(run(edges, "X us-ofac-sdn", date(2027, 4, 1)), "us-ofac") == {}


def test_the_ring_is_named_with_its_integrated_share() -> None:
    finding = one("X>A 40; A>B 100; B>A 25", "X us-ofac-sdn", "B")
    assert "160/3 %" in finding.reason
    assert finding.listed_parties == ("X",)


# ------------------------------------------------------------------------------------------- several sources, one holding


def test_parallel_rows_of_one_source_add_up() -> None:
    assert verdicts(run("X>A 25; X>A 25", "X us-ofac-sdn"), "us-ofac") == {"A": "OWNED"}


@pytest.mark.parametrize(
    ("edges", "verdict"),
    [
        ("X>A 30 source one; X>A 30 source two", "MINORITY"),
        ("X>A (25,50] source psc; X>A 50 source report", "OWNED"),
        ("X>A 60 source one; X>A 40 source two", "POSSIBLY_OWNED"),
        ("X>A 60 source one; X>A 80 source two", "POSSIBLY_OWNED"),
        ("X>A 60 source one from 2020-01-01; X>A 40 source two from 2024-01-01", "MINORITY"),
        ("X>A 60 source one from 2024-01-01; X>A 40 source two from 2020-01-01", "OWNED"),
        ("X>A 60 source one until 2025-01-01; X>A 40 source two", "MINORITY"),
        ("X>A 60 source wikidata", "POSSIBLY_OWNED"),
        ("X>A 60 source Exhibit-21", "POSSIBLY_OWNED"),
        ("X>A 60 source wikidata; X>A 60 source register", "OWNED"),
        ("X>A ? source one; X>A 60 source two", "OWNED"),
    ],
)
def test_two_sources_are_reconciled(edges: str, verdict: str) -> None:
    assert verdicts(run(edges, "X us-ofac-sdn"), "us-ofac") == {"A": verdict}


def test_a_dataset_is_told_by_the_prefix_of_an_id() -> None:
    dataset_of = by_prefix(("gb", "gb-coh", "acme"), name_their_own=("acme",))
    row = Interest("gb-coh-1", "A", "X", source="https://example.org/1")
    assert dataset_of(row) == "gb-coh-"
    assert dataset_of(Interest("acme-1", "A", "X", source="annual report")) == "acme-annual report"


# ----------------------------------------------------------------------------------------------- around the listed party


def test_parents_and_sisters() -> None:
    found = run("G>M 80; M>L 60; G>S 51; S>T 100; G>U 49; L>D 100; H>G consolidation", "L us-bis-uvl")
    assert verdicts(found, "us-bis-uvl") == {
        "D": "LISTED_OWNER",
        "G": "PARENT_OF_LISTED",
        "H": "PARENT_OF_LISTED",
        "M": "PARENT_OF_LISTED",
        "S": "SISTER_OF_LISTED",
        "T": "SISTER_OF_LISTED",
    }
    paths = {finding.subject: finding.path for finding in found}
    assert paths["G"] == "G -[80]-> M -[60]-> L"
    assert paths["T"] == "G -[51]-> S -[100]-> T; G -[80]-> M -[60]-> L"


def test_a_parent_that_holds_half_through_two_companies() -> None:
    found = run("G>A 100; G>B 60; A>L 30; B>L 30", "L us-bis-uvl")
    assert verdicts(found, "us-bis-uvl") == {"A": "SISTER_OF_LISTED", "B": "SISTER_OF_LISTED", "G": "PARENT_OF_LISTED"}


@pytest.mark.parametrize("wide", ["SASAC", "中央汇金投资", "Evergreen-Fund", "HKSCC-Nominees"])
def test_sisters_stop_at_states_funds_and_nominees(wide: str) -> None:
    found = run(f"{wide}>L 60; {wide}>S 60", "L us-bis-el")
    assert verdicts(found, "us-bis") == {wide: "PARENT_OF_LISTED"}


def test_one_row_counts_the_listed_beside() -> None:
    found = run("G>L1 60; G>L2 60; G>S 60", "L1 us-bis-el; L2 us-bis-el")
    sisters = [finding for finding in found if finding.verdict is Verdict.SISTER_OF_LISTED]
    assert len(sisters) == 1
    assert "2 listed parties (L1, L2)" in sisters[0].reason


def test_ties() -> None:
    links = (
        Link("l1", "provides_compute_to", "Lessor", "E"),
        Link("l2", "directorship", "Person", "E"),
        Link("l3", "directorship", "Person", "Other"),
        Link("l4", "same_address", "Tenant", "Street"),
        Link("l5", "branch", "Branch", "A"),
        Link("l6", "supplies", "Late", "E", end_date=date(2020, 1, 1)),
    )
    known = {"Street": Entity("Street", Schema.ADDRESS, (Name("Address 01, Hong Kong"),))}
    neighbourhood = Neighbourhood(known, interests(edge_rows("E>A 60; Branch>C 50")), links)
    found = findings(neighbourhood, listings(listed_rows("E us-bis-el; Street us-bis-el")), date(2025, 10, 15))
    assert verdicts(found, "us-bis") == {
        "A": "OWNED",
        "Branch": "OWNED",
        "C": "OWNED",
        "Lessor": "SERVES_LISTED",
        "Other": "MINORITY",
    }
    tenant = next(finding for finding in found if finding.subject == "Tenant")
    assert tenant.verdict is Verdict.LISTED
    assert "basis address" in tenant.reason
    lessor = next(finding for finding in found if finding.subject == "Lessor")
    assert (lessor.path, lessor.links) == ("Lessor -[provides compute to]-> E", ("l1",))


def test_a_branch_while_the_rule_is_suspended_is_a_red_flag() -> None:
    links = (Link("l", "branch", "Branch", "E"),)
    for day, verdict in ((date(2025, 10, 15), "LISTED"), (date(2026, 1, 1), "LISTED_OWNER")):
        found = findings(Neighbourhood({}, (), links), listings(listed_rows("E us-bis-el")), day, subjects=["Branch"])
        assert [finding.verdict.value for finding in found] == [verdict]


def test_subjects_and_regimes_narrow_the_answer() -> None:
    listed = "X us-ofac-sdn; X gb-uksl"
    found = run("X>A 60; X>B 60", listed, subjects=["A"], regimes=["gb"])
    assert [(finding.subject, finding.regime) for finding in found] == [("A", "gb")]


def test_no_reason_gives_a_clearance_or_speaks_of_crime() -> None:
    for case in CASES:
        for finding in run(case.edges, case.listed, case.as_of, case.entities):
            assert not {"clear", "cleared", "criminal", "crime", "safe"} & set(finding.reason.lower().split())


# ------------------------------------------------------------------------------------------------------------ properties

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")

PARTIES = [*"ABCDEF", "X", "Y"]
SHARES = ("", "0", "10", "24.99", "25", "100/3", "50/3", "49.99", "50", "50.01", "60", "100", "(25,50]", "(50,75)",
          "[75,100]", "[25,50)", "<50", ">25", "10-40")  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.sampled_from(PARTIES),
            "subject": st.sampled_from(PARTIES),
            "share": st.sampled_from(SHARES),
            "direct_or_indirect": st.sampled_from(("direct", "direct", "direct", "indirect", "unknown")),
            "interest_type": st.sampled_from(("shareholding",) * 9 + ("consolidation",)),
        }
    ),
    max_size=12,
)
EXACT_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.sampled_from(PARTIES),
            "subject": st.sampled_from(PARTIES),
            "share": st.sampled_from([share for share in SHARES if share and share[0].isdigit() and "-" not in share]),
        }
    ),
    max_size=14,
)
SEEDS = st.sets(st.sampled_from(PARTIES[-4:]), min_size=1, max_size=3)
COMPARED = ("OWNED", "POSSIBLY_OWNED", "UNKNOWN_SHARE")


def engine(
    rows: list[dict[str, str]], seeds: set[str], code: str = "us-ofac-sdn", regime: str = "us-ofac"
) -> dict[str, str]:
    found = findings(
        Neighbourhood({}, interests(rows)),
        listings({"entity": seed, "list": code} for seed in sorted(seeds)),
        date(2026, 1, 1),
    )
    return {party: verdict for party, verdict in verdicts(found, regime).items() if verdict in COMPARED}


@given(ROWS, SEEDS)
def test_the_engine_agrees_with_the_oracle(rows: list[dict[str, str]], seeds: set[str]) -> None:
    assert engine(rows, seeds) == oracle.verdicts(rows, seeds, strictly=False, aggregate=True)


@given(EXACT_ROWS, SEEDS)
def test_the_engine_agrees_with_the_oracle_person_by_person(rows: list[dict[str, str]], seeds: set[str]) -> None:
    assert engine(rows, seeds, "gb-uksl", "gb") == oracle.verdicts(rows, seeds, strictly=True, aggregate=False)


@given(ROWS, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, str]], seeds: set[str], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    assert engine(shuffled, seeds) == engine(rows, seeds)


@given(ROWS, SEEDS, st.permutations(PARTIES))
def test_names_do_not_matter(rows: list[dict[str, str]], seeds: set[str], names: list[str]) -> None:
    renamed = dict(zip(PARTIES, names, strict=True))
    moved = [{**row, "owner": renamed[row["owner"]], "subject": renamed[row["subject"]]} for row in rows]
    expected_there = {renamed[party]: verdict for party, verdict in engine(rows, seeds).items()}
    assert engine(moved, {renamed[seed] for seed in seeds}) == expected_there


@given(EXACT_ROWS, SEEDS, st.sampled_from(PARTIES[:4]), st.sampled_from(("1", "10", "100/3", "50")))
def test_more_for_the_listed_never_removes_owned(
    rows: list[dict[str, str]], seeds: set[str], subject: str, share: str
) -> None:
    more = [*rows, {"owner": min(seeds), "subject": subject, "share": share}]
    before, after = engine(rows, seeds), engine(more, seeds)
    assert {party for party, verdict in before.items() if verdict == "OWNED"} <= {
        party for party, verdict in after.items() if verdict == "OWNED"
    }


@given(EXACT_ROWS, SEEDS)
def test_a_holding_split_in_two_is_the_same_holding(rows: list[dict[str, str]], seeds: set[str]) -> None:
    split = [
        {**row, "share": f"{share.numerator}/{2 * share.denominator}"}
        for row in rows
        for share in [number(row)]
        for _ in "ab"
    ]
    assert engine(split, seeds) == engine(rows, seeds)


def number(row: dict[str, str]) -> Fraction:
    share = parse_share(row["share"])
    assert share is not None
    return share.minimum


@given(ROWS, SEEDS)
def test_what_is_certain_is_possible_and_stays_so_when_known_better(rows: list[dict[str, str]], seeds: set[str]) -> None:
    """Every share at its closed lower end: who is owned there is owned, or at least possibly so, where it is vague."""
    direct = [{**row, "direct_or_indirect": "unknown"} for row in rows]
    least = [row for row in direct if row["share"] and row["interest_type"] == "shareholding"]
    pinned = [{**row, "share": f"{number(row).numerator}/{number(row).denominator}"} for row in least]
    owned = {party for party, verdict in engine(pinned, seeds).items() if verdict == "OWNED"}
    assert owned <= set(engine(direct, seeds))


@given(ROWS, SEEDS)
def test_every_proof_holds_by_itself(rows: list[dict[str, str]], seeds: set[str]) -> None:
    """A finding's own interests, alone, still give OWNED; without any one of them they do not."""
    told = interests(rows)
    listed = listings({"entity": seed, "list": "us-ofac-sdn"} for seed in sorted(seeds))
    for finding in findings(Neighbourhood({}, told), listed, date(2026, 1, 1)):
        if finding.verdict is not Verdict.OWNED:
            continue
        kept = [row for row in told if row.id in finding.interests]
        assert verdicts(findings(Neighbourhood({}, kept), listed, finding.as_of), "us-ofac").get(finding.subject) == "OWNED"
