"""The rules: every worked case of the fixture, what each verdict says, and the properties that any graph must keep."""

from __future__ import annotations

import pytest

from tests.ownership_cases import Case, cases, expected, run, verdicts

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}@{case.as_of}:{case.regime}")
def test_worked_case(case: Case) -> None:
    found = run(case.edges, case.listed, case.as_of, case.entities)
    assert verdicts(found, case.regime) == expected(case.expected), case.note


def test_every_worked_case_is_there() -> None:
    families = {"OFAC": 24, "CMIC": 1, "SSI": 2, "BIS": 14, "EU": 8, "UK": 13, "CA": 3, "CH": 2, "JP": 2, "AU": 1, "UN": 1, "CN": 4}
    wanted = {f"{family}-{number:02d}" for family, count in families.items() for number in range(1, count + 1)}
    assert {case.id for case in CASES} == wanted
    assert len(wanted) == 75
