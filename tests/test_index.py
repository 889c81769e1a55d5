"""The name index and its lexicon, and the arrays they lie in."""

from __future__ import annotations

import random
import subprocess
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from resolver.arrays import Arrays, Strings, strings, write
from resolver.errors import StoreError
from resolver.index import Index, build
from resolver.model import Name, NameKind

WORLD = [
    ("a", "Beijing SenseTime Technology Development Co., Ltd.", ()),
    ("a", "北京市商汤科技开发有限公司", ("cn",)),
    ("b", "HUAWEI TECHNOLOGIES CO., LTD.", ("cn",)),
    ("c", "Huawei Marine Networks Co., Ltd.", ("cn",)),
    ("d", "Zorvex Trading LLC", ("ru",)),
    ("e", "SMIC", ("cn",)),
    ("e", "Semiconductor Manufacturing International Corporation", ("cn",)),
    ("f", "蓝英装备股份有限公司", ("cn",)),
    ("g", "?!", ()),
]


def index_of(tmp_path: Path, rows: Sequence[tuple[str, str, Sequence[str]]] = WORLD) -> Index:
    build(tmp_path / "names", ((entity, Name(text, NameKind.ALIAS), countries) for entity, text, countries in rows))
    return Index(tmp_path / "names")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SenseTime", "a"),
        ("Beijing Sense Time Technology", "a"),
        ("商汤", "a"),
        ("商汤科技", "a"),
        ("Shangtang Technology Development", "a"),
        ("HUAWEI TECH. CO., LIMITED", "b"),
        ("Huawei Marine", "c"),
        ("华为技术有限公司", "b"),
        ("smic", "e"),
        ("中芯", "e"),
        ("Lanying Equipment", "f"),
        ("藍英裝備", "f"),
        ("Zorvx Trading", "d"),
    ],
)
def test_candidates(tmp_path: Path, query: str, first: str) -> None:
    assert index_of(tmp_path).candidates(query)[0].entity == first


def test_candidates_stand_once_for_each_entity_best_first(tmp_path: Path) -> None:
    found = index_of(tmp_path).candidates("Beijing SenseTime Technology Development")
    assert [one.entity for one in found].count("a") == 1
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].name == Name("Beijing SenseTime Technology Development Co., Ltd.", NameKind.ALIAS)
    assert len(index_of(tmp_path).candidates("technology", limit=1)) == 1


def test_exact_is_the_same_words_in_any_order(tmp_path: Path) -> None:
    index = index_of(tmp_path)
    assert [one.entity for one in index.exact("Technologies Huawei")] == ["b"]
    assert [one.entity for one in index.exact("Huawei")] == []
    assert index.exact("") == [] and index.candidates("") == []


def test_lexicon(tmp_path: Path) -> None:
    lexicon = index_of(tmp_path).lexicon
    assert lexicon.names == 8
    assert lexicon.frequencies("huawei") == 2 and lexicon.frequencies("=huawei") == 2 and lexicon.frequencies("nobody") == 0
    assert lexicon.bridges("商汤") == ("sensetime",) and lexicon.bridges("sensetime") == ("商汤",)
    assert lexicon.bridges("huawei") == ()


def test_one_content_one_hash(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    one, same = index_of(tmp_path / "x"), index_of(tmp_path / "y")
    assert one.lexicon.hash == same.lexicon.hash
    assert (tmp_path / "x" / "names").read_bytes() == (tmp_path / "y" / "names").read_bytes()
    assert index_of(tmp_path, WORLD[:3]).lexicon.hash != one.lexicon.hash


def test_an_empty_index(tmp_path: Path) -> None:
    index = index_of(tmp_path, [])
    assert len(index) == 0 and index.candidates("Huawei") == [] and index.exact("Huawei") == []


def test_a_query_imports_nothing_heavy(tmp_path: Path) -> None:
    index_of(tmp_path)
    program = (
        "import sys; from pathlib import Path; from resolver.index import Index; from resolver.match import compare\n"
        f"assert Index(Path({str(tmp_path / 'names')!r})).candidates('华为 Huawei'); compare('华为', 'Huawei')\n"
        "print(sorted({'numpy', 'pandas', 'networkx', 'requests', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_arrays(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    write(
        path, {"numbers": array("I", [1, 2, 3]), "none": array("Q"), "raw": b"xyz", **strings("texts", ["", "a", "b", "京"])}
    )
    arrays = Arrays(path)
    assert list(arrays) == ["numbers", "none", "raw", "texts.offsets", "texts.bytes"]
    assert list(arrays["numbers"]) == [1, 2, 3] and len(arrays["none"]) == 0 and arrays["raw"].tobytes() == b"xyz"
    texts = Strings(arrays, "texts")
    assert list(texts) == ["", "a", "b", "京"] and texts.find("京") == 3 and texts.find("c") == -1 and texts[1] == "a"
    with pytest.raises(IndexError):
        texts[4]
    assert "numbers" in arrays and "other" not in arrays


def test_arrays_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    with pytest.raises(StoreError, match="cannot be read"):
        Arrays(path)
    path.write_bytes(b"something else")
    with pytest.raises(StoreError, match="not a file of arrays"):
        Arrays(path)
    write(path, {"numbers": array("Q", range(100))})
    whole = path.read_bytes()
    for size in (len(whole) - 1, 60, 31, 29):
        path.write_bytes(whole[:size])
        with pytest.raises(StoreError):
            Arrays(path)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    write(path, {"a": array("I", [1])})
    with pytest.raises(ValueError, match="cannot be stored"):
        write(path, {"a": array("d", [1.0])})
    assert list(Arrays(path)["a"]) == [1]
    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "nowhere" / "arrays", {"a": array("I", [1])})
    assert [one.name for one in tmp_path.iterdir()] == ["arrays"]


def test_a_brand_is_found_among_many_names_of_its_place(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = ["".join(chance.choices("aeioubdgklmnrst", k=7)).title() for _ in range(300)]
    crowd = [(f"x-{number}", f"Beijing {word} Co., Ltd.", ("cn",)) for number, word in enumerate(words)]
    index = index_of(tmp_path, [*crowd, ("x-megvii", "Megvii Technology", ("cn",))])
    for asked in ("Beijing Megvii", "Beijing Megvii Co., Ltd."):
        assert "x-megvii" in [candidate.entity for candidate in index.candidates(asked)]
