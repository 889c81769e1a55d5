"""A name's normal form and anatomy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from resolver.names import fold, has_han, key, latin, parse, pinyin, sense, simplified, tables


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("HUAWEI TECH. CO., LIMITED", "huawei tech co limited"),
        ("Nestlé S.A.", "nestle sa"),
        ("S. A. Nestlé", "sa nestle"),
        ("Xi’an \u200bRail", "xian rail"),
        ("Xi?an Huawei", "xian huawei"),
        ("A\u00a0B\u3000Corp", "ab corp"),
        ("ＡＢＣ（中国）有限公司", "abc 中国 有限公司"),
        ("國金證券", "国金证券"),
        ("AT&T Inc.", "att inc"),
        ("P&G", "pg"),
        ("Johnson & Johnson", "johnson and johnson"),
        ("Weiß Straße", "weiss strasse"),
        ("Ørsted Łódź", "orsted lodz"),
        ("ООО «Ромашка»", "ooo romashka"),
        ("삼성전자", "samsung electronics"),
        ("ソニーグループ", "sony group"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


PARTS = [
    (
        "Shanghai SenseTime Intelligent Technology Co., Ltd.",
        ("shanghai",),
        ("sensetime",),
        ("intelligent", "technology"),
        ("co ltd",),
    ),
    ("北京市商汤科技开发有限公司", ("北京",), ("商汤",), ("科技", "开发"), ("有限公司",)),
    ("沈阳蓝英工业自动化装备股份有限公司", ("沈阳",), ("蓝英",), ("工业", "自动化装备"), ("股份有限公司",)),
    ("横店集团得邦照明股份有限公司", (), ("横店", "得邦"), ("集团", "照明"), ("股份有限公司",)),
    ("万方(香港)实业有限公司", ("香港",), ("万方",), ("实业",), ("有限公司",)),
    ("PT Bank Asia Tbk", ("asia",), (), ("bank",), ("pt", "tbk")),
    ("Müller GmbH & Co. KG", (), ("muller",), (), ("gmbh and co kg",)),
    ("ViconHoldingsLimited", (), ("vicon",), ("holdings",), ("limited",)),
    ("北京大学", ("北京",), (), ("大学",), ()),
    ("上海", ("上海",), (), (), ()),
    ("The Limited", (), ("limited",), (), ()),
    ("有限公司", (), ("有限公司",), (), ()),
    ("*ST园城", (), ("园城",), (), ("st",)),
]


@pytest.mark.parametrize(("text", "place", "brand", "trade", "form"), PARTS)
def test_parts(
    text: str, place: tuple[str, ...], brand: tuple[str, ...], trade: tuple[str, ...], form: tuple[str, ...]
) -> None:
    anatomy = parse(text)
    assert (anatomy.place, anatomy.brand, anatomy.trade, anatomy.form) == (place, brand, trade, form)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("中国电子科技集团公司第五十五研究所", ("55",)),
        ("第一二三研究所", ("123",)),
        ("CETC 13th Research Institute", ("13",)),
        ("No. 054 Research Institute", ("54",)),
        ("Halcyon II GmbH", ("2",)),
        ("Second Research Institute", ("2",)),
        ("Second Cup Coffee", ()),
    ],
)
def test_number(text: str, number: tuple[str, ...]) -> None:
    assert parse(text).number == number


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("中国农业银行北海市分行", ("北海", "分行")),
        ("中国农业银行股份有限公司北海分行", ("北海", "分行")),
        ("Deutsche Bank AG London Branch", ("london", "branch")),
        ("Deutsche Bank AG", ()),
    ],
)
def test_branch(text: str, branch: tuple[str, ...]) -> None:
    assert parse(text).branch == branch


def test_a_bank_in_short_is_the_bank() -> None:
    assert key("农行北海市分行") == key("中国农业银行股份有限公司北海分行")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("HUAWEI TECH. CO., LIMITED", "Huawei Technologies Co Ltd"),
        ("Trading Acme Company", "ACME TRADING LLC"),
        ("北京市商汤科技有限公司", "北京商汤科技股份有限公司"),
    ],
)
def test_one_key(left: str, right: str) -> None:
    assert key(left) == key(right)


def test_a_chinese_name_in_latin() -> None:
    assert latin(parse("北京市商汤科技开发有限公司")) == "beijing shangtang technology development"
    assert latin(parse("Acme Trading Ltd")) == "acme trading"


@pytest.mark.parametrize(
    ("text", "sound"),
    [("重庆", "chongqing"), ("银行", "yinhang"), ("长城", "changcheng"), ("厦门", "xiamen"), ("乐清", "yueqing")],
)
def test_readings_of_company_names(text: str, sound: str) -> None:
    assert pinyin(text) == sound


def test_senses() -> None:
    assert sense("tech") == sense("科技") == "technology"
    assert sense("peking") == sense("北京") == "beijing"
    assert sense("acme") == "acme"
    assert simplified("電子") == "电子" and has_han("電子") and not has_han("かな")


@pytest.mark.parametrize("table", ["forms", "places", "trades"])
def test_every_spelling_of_the_lexicon_is_folded(table: str) -> None:
    columns = {"forms": 3, "places": 4, "trades": 3}
    for row in tables.rows(table):
        for text in (row[0], *(row[columns[table]].split("|") if len(row) > columns[table] else ())):
            assert not text or fold(text) == text, (table, text)


@pytest.mark.parametrize("path", sorted(tables.FOLDER.glob("*.tsv")), ids=lambda path: path.name)
def test_every_table_says_where_it_is_from(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert text.startswith("# ") and "for this project" in text.splitlines()[0] + text.splitlines()[1] + text.splitlines()[2]


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), HAN))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), HAN))
def test_no_name_is_reduced_to_nothing(text: str) -> None:
    anatomy = parse(text)
    if anatomy.text:
        assert anatomy.place or anatomy.brand or anatomy.trade or anatomy.number or anatomy.branch
        assert latin(anatomy).isascii() and (latin(anatomy) or not anatomy.text.isascii())
        assert key(text)


@pytest.mark.parametrize(
    "piece", ["a", "有限公司", "a\u0301\u0316", "第", "集团", "co ", "a b ", "&", "市", "limited", "1", "分行", "\ud800"]
)
def test_a_very_long_name_takes_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    parse(text)
    key(text)
    assert time.perf_counter() - started < 2


def test_the_table_of_traditional_characters_is_what_opencc_changes() -> None:
    convert = OpenCC("t2s").convert
    ideographs = map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x323B0)])
    assert {character for character in ideographs if convert(character) != character} == tables.traditional()
