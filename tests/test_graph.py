from __future__ import annotations

from pathlib import Path

import pytest

from resolver import graph
from resolver.graph import Around, Graph


def graph_of(tmp_path: Path, text: str, listed: str = "") -> tuple[Graph, list[tuple[str, str]]]:
    """`A>B C>B`: A and C each hold an interest in B; the edges are numbered in the order they stand."""
    pairs = [tuple(edge.split(">")) for edge in text.split()]
    edges = [(subject, party, 0, row) for row, (party, subject) in enumerate(pairs)]
    graph.build(tmp_path / "graph", edges, set(listed))
    return Graph(tmp_path / "graph"), [(party, subject) for party, subject in pairs]


def told(around: Around, pairs: list[tuple[str, str]]) -> set[str]:
    return {">".join(pairs[row]) for _, row in around.edges}


def test_every_owner_above_with_all_that_is_held_in_them(tmp_path: Path) -> None:
    built, pairs = graph_of(tmp_path, "X>A A>B Y>A Z>Y U>V")
    around = built.around("B")
    assert set(around.nodes) == set("BAXYZ")
    assert told(around, pairs) == {"A>B", "X>A", "Y>A", "Z>Y"}


def test_parallel_edges_are_all_kept(tmp_path: Path) -> None:
    built, _ = graph_of(tmp_path, "X>A X>A X>A")
    assert len(built.around("A").edges) == 3


def test_a_loop_ends(tmp_path: Path) -> None:
    built, pairs = graph_of(tmp_path, "A>B B>A A>A")
    assert told(built.around("A"), pairs) == {"A>B", "B>A", "A>A"}


def test_downwards_only_what_leads_to_a_listed_party(tmp_path: Path) -> None:
    built, pairs = graph_of(tmp_path, "P>S P>M M>L P>O O>Q N>L", listed="L")
    around = built.around("S")
    assert set(around.nodes) == set("SPMLN")
    assert told(around, pairs) == {"P>S", "P>M", "M>L", "N>L"}


def test_a_party_that_nobody_names_is_alone(tmp_path: Path) -> None:
    built, _ = graph_of(tmp_path, "X>A")
    assert built.around("nobody") == Around(("nobody",), (), 0)
    assert [built.has_owners(id) for id in ("A", "X", "nobody")] == [True, False, False]


def test_a_graph_without_edges(tmp_path: Path) -> None:
    built, _ = graph_of(tmp_path, "")
    assert built.around("A").nodes == ("A",)


def test_what_is_left_out_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resolver.graph.whole.MOST_NODES", 3)
    built, _ = graph_of(tmp_path, "B>A C>B D>C E>D")
    around = built.around("A")
    assert around.cut == 1
    assert set(around.nodes) == set("ABCD")
