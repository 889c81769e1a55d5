"""The user's own files: what the golden files cannot say of ids, sources and ties to other datasets."""

from __future__ import annotations

import io
from collections.abc import Iterable

from lists import own_links, own_ownership
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Statement
from resolver.record import SetAside, Taken


def ownership(text: str) -> list[Statement]:
    return said(own_ownership.parse({"edges": io.BytesIO(text.encode())}))


def said(outcomes: Iterable[Taken[Statement] | SetAside]) -> list[Statement]:
    return [one for outcome in outcomes if isinstance(outcome, Taken) for one in outcome.values]


def test_an_id_stays_when_other_rows_come_and_go() -> None:
    header, row = "owner,subject,share\n", "Acme,Bolt,60\n"
    alone = [one.id for one in ownership(header + row) if isinstance(one, Interest)]
    among = [one.id for one in ownership(header + "Zed,Bolt,10\n" + row) if isinstance(one, Interest)]
    assert alone[0] == among[1]


def test_a_party_ties_to_what_other_datasets_know_of_it() -> None:
    parties = [
        one for one in ownership("owner,subject\ngleif-5493001KJTIIGC8Y1R12,gb-coh:01234567\n") if isinstance(one, Entity)
    ]
    assert Identifier("entity", "gleif-5493001KJTIIGC8Y1R12") in parties[0].identifiers
    assert Identifier("gb-coh", "01234567") in parties[1].identifiers


def test_a_row_is_a_direct_holding_unless_it_says_otherwise() -> None:
    rows = ownership("owner,subject,direct_or_indirect\nA,B,\nA,B,unknown\nA,B,Indirect\n")
    assert [one.direct_or_indirect for one in rows if isinstance(one, Interest)] == ["direct", "unknown", "indirect"]


def test_codes_in_any_case() -> None:
    rows = ownership("owner,subject,interest_type\nA,B,VotingRights\n")
    assert [one.type for one in rows if isinstance(one, Interest)] == ["votingRights"]


def test_links_read_subject_kind_object() -> None:
    text = "subject,object,kind\nLessor,Tenant,provides_compute_to\n"
    links = [one for one in said(own_links.parse({"links": io.BytesIO(text.encode())})) if isinstance(one, Link)]
    assert [(one.subject, one.kind, one.object) for one in links] == [("own-Lessor", "provides_compute_to", "own-Tenant")]
