from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resolver.linker import clusters
from resolver.model import Decision, Judgement


def decided(left: str, right: str, judgement: Judgement) -> Decision:
    return Decision(left, right, judgement, None, "ann", "2026-11-23T00:00:00Z", "", "")


def joined(shared: list[tuple[str, str]], decisions: tuple[Decision, ...] = ()) -> dict[str, str]:
    return dict(clusters(sorted(shared), decisions))


def test_a_shared_identifier_makes_one_party_through_a_chain() -> None:
    shared = [("lei:1", "b"), ("lei:1", "c"), ("uscc:2", "c"), ("uscc:2", "a"), ("imo:3", "z"), ("imo:3", "y")]
    assert joined(shared) == {"a": "a", "b": "a", "c": "a", "y": "y", "z": "y"}


def test_a_record_alone_is_in_no_cluster() -> None:
    assert joined([("lei:1", "a")]) == {}


def test_negative_separates_whatever_is_shared() -> None:
    assert joined([("lei:1", "a"), ("lei:1", "b")], (decided("b", "a", Judgement.NEGATIVE),)) == {}


def test_negative_separates_through_a_third_record() -> None:
    shared = [("lei:1", "a"), ("lei:1", "c"), ("uscc:2", "b"), ("uscc:2", "c")]
    found = joined(shared, (decided("a", "b", Judgement.NEGATIVE),))
    assert found.get("a", "a") != found.get("b", "b")


def test_positive_joins_without_an_identifier_and_a_later_decision_replaces_it() -> None:
    positive = decided("b", "a", Judgement.POSITIVE)
    assert joined([], (positive,)) == {"a": "a", "b": "a"}
    assert joined([], (positive, decided("a", "b", Judgement.UNSURE))) == {}


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcdefgh"))))
def test_the_order_of_the_identifiers_does_not_matter(shared: list[tuple[int, str]]) -> None:
    forwards = joined([(f"x:{number}", record) for number, record in shared])
    backwards = joined([(f"x:{9 - number}", record) for number, record in shared])
    assert forwards == backwards
    for record, canonical in forwards.items():
        assert canonical <= record
        assert forwards[canonical] == canonical
