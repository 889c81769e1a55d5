"""The readers of CSV, XML and JSON: what they give, and the file they refuse."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from resolver.errors import LayoutError, RowError
from resolver.record import (
    Row,
    SetAside,
    Taken,
    Where,
    csv_columns,
    csv_rows,
    delimited,
    each,
    json_lines,
    json_rows,
    peek,
    xml_rows,
)

HERE = Where("f", 1)


def of(**fields: Any) -> Row:
    return Row(fields, HERE)


def table(content: str | bytes, **options: Any) -> list[dict[str, Any]]:
    data = content.encode() if isinstance(content, str) else content
    return [dict(row.whole()) for row in csv_rows(io.BytesIO(data), "f.csv", **options)]


def aside(rows: Iterable[Row], *fields: str) -> list[str]:
    """The reasons of the rows set aside when every field named is taken."""

    def read(row: Row) -> list[str]:
        taken = [row.take(field) for field in fields]
        row.finish()
        return taken

    return [one.reason for one in each(rows, read) if isinstance(one, SetAside)]


# One row


def test_a_field_is_taken_once_and_stripped() -> None:
    row = of(name="  X  ", number=7, nothing=None)
    assert (row.take("name"), row.take("number"), row.take("nothing")) == ("X", "7", "")
    row.finish()


def test_a_field_that_is_not_there_is_an_error_unless_it_may_lack() -> None:
    with pytest.raises(RowError, match="no field 'name'"):
        of().take("name")
    assert of().take_optional("name") == ""


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], True])
def test_a_field_that_is_no_text_is_an_error(value: Any) -> None:
    with pytest.raises(RowError, match="is not text"):
        of(name=value).take("name")


def test_a_code_outside_the_table_is_an_error() -> None:
    assert of(kind="a").take_code("kind", {"a": 1}) == 1
    with pytest.raises(RowError, match="unknown kind 'b'"):
        of(kind="b").take_code("kind", {"a": 1})


def test_a_field_that_nobody_read_is_an_error_unless_it_is_empty_or_ignored() -> None:
    with pytest.raises(RowError, match="field nobody reads: b, c"):
        of(a="1", b="2", c="3").finish(ignore=["a"])
    of(a="", b=None, c=[], d={}).finish()
    of(Period_1="x", Period_2="y").finish(ignore=["Period_*"])


def test_nested_objects_and_lists() -> None:
    row = of(one={"a": "1"}, many=[{"a": "1"}, {"a": "2"}], single={"a": "3"}, texts=["x", None, " ", "y"], text="z")
    assert row.take_row("one").take("a") == "1"
    assert [one.take("a") for one in row.take_rows("many")] == ["1", "2"]
    assert [one.take("a") for one in row.take_rows("single")] == ["3"]
    assert (row.take_texts("texts"), row.take_texts("text"), row.take_texts("none")) == (["x", "y"], ["z"], [])
    assert row.take_rows("none") == []
    with pytest.raises(RowError, match="does not hold objects"):
        of(many=["x"]).take_rows("many")
    with pytest.raises(RowError, match="is not an object"):
        of(one=["x"]).take_row("one")


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("2019-05-21", (), date(2019, 5, 21)),
        ("05/21/2019", ("%Y-%m-%d", "%m/%d/%Y"), date(2019, 5, 21)),
        ("", (), None),
    ],
)
def test_dates(text: str, formats: tuple[str, ...], expected: date | None) -> None:
    assert of(day=text).take_date("day", *formats) == expected


@pytest.mark.parametrize("text", ["21/05/2019", "3033-01-17", "0017-05-26", "2019-02-30", "soon"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(RowError, match=re.escape(f"not a date: {text!r}")):
        of(day=text).take_date("day")


def test_each_sets_a_bad_row_aside_with_its_text_and_goes_on() -> None:
    def read(row: Row) -> Iterator[int]:
        yield int(row.take("n"))

    first, second, third = each([of(n="1"), of(n="x"), of(n="3")], read)
    assert (first, third) == (Taken(HERE, (1,)), Taken(HERE, (3,)))
    assert isinstance(second, SetAside) and "invalid literal" in second.reason and json.loads(second.text) == {"n": "x"}


# CSV


def test_csv_rows_are_named_by_the_header() -> None:
    assert table('\ufeffa, b \n1,"2, ""x""\ny"\n\n') == [{"a": "1", "b": '2, "x"\ny'}]


def test_csv_without_a_header_is_named_by_position() -> None:
    assert table("1,2\n\x1a", columns=("a", "b"), header=False) == [{"a": "1", "b": "2"}]


def test_csv_may_be_in_another_encoding_and_with_another_delimiter() -> None:
    assert table("a\tb\nCAFÉ\t1\n".encode("cp1252"), encoding="cp1252", delimiter="\t") == [{"a": "CAFÉ", "b": "1"}]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a,c\n", {"columns": ("a", "b")}, "f.csv: the header has changed: missing b; unknown c"),
        ("b,a\n", {"columns": ("a", "b")}, "f.csv: the header has changed: the columns stand in another order"),
        ("a\n", {"required": ("a", "b")}, "f.csv: no column b"),
        ("a,a\n", {}, "f.csv: column stands twice in the header: a"),
        ("", {}, "f.csv: the file is empty"),
        ("\x1a", {"columns": ("a",), "header": False}, "f.csv: the file is empty"),
        ("<!DOCTYPE html>\n<html>", {}, "f.csv: a web page or XML in place of a table"),
        ("<html>,x", {"columns": ("a", "b"), "header": False}, "f.csv: a web page or XML in place of a table"),
        ('a,b\n1,2\n3,"cut off her', {}, "f.csv: cut off inside a quoted field in row 2"),
        ('a,b\n1,"no end\n2,3\n4,5\n', {}, "f.csv: cut off inside a quoted field in row 1"),
        (b"a,b\n1,2\n\xe9,3\n", {}, "f.csv: not utf-8 text after row"),
        ("a,b\n".encode("utf-16"), {}, "f.csv: not utf-8 text after row 0"),
        (f'a\n"{"x" * (delimited.MAXIMUM_FIELD + 1)}"\n', {}, "f.csv: cannot be read as CSV after row 0"),
    ],
)
def test_csv_that_is_refused(content: str | bytes, options: dict[str, Any], message: str) -> None:
    with pytest.raises(LayoutError, match=re.escape(message)):
        table(content, **options)


def test_a_csv_row_of_another_length_and_a_repeated_header_are_set_aside() -> None:
    rows = csv_rows(io.BytesIO(b"a,b\n1,2\na,b\n3\n4,5,6\n7,8"), "f.csv")
    assert aside(rows, "a", "b") == [
        "the header line stands again",
        "1 fields where 2 were expected",
        "3 fields where 2 were expected",
    ]


def test_the_last_line_needs_no_end_and_a_quote_may_close_there() -> None:
    assert table('a,b\n1,"2"') == [{"a": "1", "b": "2"}]


def test_two_readers_may_take_turns() -> None:
    long = "x" * 200_000
    one, other = (csv_rows(io.BytesIO(f"a\n1\n{long}\n".encode()), "f.csv") for _ in range(2))
    next(one), next(other)
    assert next(one).take("a") == long
    assert list(one) == []
    assert next(other).take("a") == long


def test_a_wide_csv_is_read_by_position() -> None:
    known = re.compile(r"a|b|Other\.\d+")
    read = list(csv_columns(io.BytesIO(b"a,Other.1,b\n1,2,3\n"), "f.csv", ("a", "b"), known))
    assert read == [(Where("f.csv", 1), {"a": 0, "Other.1": 1, "b": 2}, ["1", "2", "3"])]
    for content, message in (
        (b"a,b,new\n", "the header has changed: unknown new"),
        (b"a\n", "no column b"),
        (b"", "the file is empty"),
        (b'a,b\n1,"2', "cut off inside a quoted field in row 1"),
    ):
        with pytest.raises(LayoutError, match=message):
            list(csv_columns(io.BytesIO(content), "f.csv", ("a", "b"), known))


def test_peek_tells_the_format_and_loses_nothing() -> None:
    head, file = peek(io.BytesIO(b'\xef\xbb\xbf {"results": []}'))
    assert head.startswith(b"{")
    assert list(json_rows(file, "f.json", "results")) == []
    assert peek(io.BytesIO(b""))[0] == b""


# XML


def xml(content: str | bytes, *tags: str, root: str = "list", attributes: bool = False) -> list[tuple[str, dict[str, Any]]]:
    data = content.encode() if isinstance(content, str) else content
    rows = xml_rows(io.BytesIO(data), "f.xml", tags or ("row",), root=(root,), attributes=attributes)
    return [(tag, dict(row.whole())) for tag, row in rows]


def test_xml_elements_are_objects_without_namespaces() -> None:
    content = (
        """<l:list xmlns:l="urn:x"><l:row><a> 1 </a><b><c>2</c></b><d>3</d><d>4</d><e/></l:row><other>5</other></l:list>"""
    )
    assert xml(content) == [("row", {"a": "1", "b": {"c": "2"}, "d": ["3", "4"], "e": ""})]


def test_xml_attributes_stand_beside_their_text() -> None:
    assert xml('<list><row id="7"><a lang="en">X</a></row></list>', attributes=True) == [
        ("row", {"@id": "7", "a": {"@lang": "en", "#text": "X"}})
    ]


def test_xml_rows_of_two_kinds_are_numbered_together() -> None:
    rows = xml_rows(io.BytesIO(b"<list><a>1</a><b>2</b><a>3</a></list>"), "f.xml", ("a", "b"), root=("list",))
    assert [(tag, row.where.row, row.take("#text")) for tag, row in rows] == [("a", 1, "1"), ("b", 2, "2"), ("a", 3, "3")]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE list [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><list><row>&c;</row></list>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE list [<!ENTITY x SYSTEM "file:///etc/passwd">]><list><row>&x;</row></list>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LAUGHS, "f.xml: declares a document type"),
        (OUTSIDE, "f.xml: declares a document type"),
        ("<list><row>1</row><row>2</ro", "f.xml: not well-formed XML, or cut off, after 1 records"),
        ("<list><row>1</row>", "f.xml: not well-formed XML, or cut off, after 1 records"),
        ("<html><body>Maintenance</body></html>", "f.xml: the root element is 'html', expected list"),
        ("<!DOCTYPE html><html><body><br></body></html>", "f.xml: the root element is 'html', expected list"),
        ("", "f.xml: "),
        ("Access denied", "f.xml: "),
        ("<list><row>caf\xe9</row></list>".encode("latin-1"), "f.xml: not well-formed XML"),
        (f"<list><row>{'<a>' * 400}{'</a>' * 400}</row></list>", "f.xml: "),
    ],
)
def test_xml_that_is_refused(content: str | bytes, message: str) -> None:
    with pytest.raises(LayoutError, match=re.escape(message)):
        xml(content)


def test_xml_says_its_own_encoding() -> None:
    content = '<?xml version="1.0" encoding="ISO-8859-1"?><list><row><a>café</a></row></list>'.encode("latin-1")
    assert xml(content) == [("row", {"a": "café"})]


def test_xml_is_streamed() -> None:
    class Endless(io.RawIOBase):
        """A list whose end is never reached."""

        sent = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.sent += 1
            return b"<list>" if self.sent == 1 else b"<row><a>1</a></row>" * 1000

    rows = xml_rows(Endless(), "f.xml", ("row",), root=("list",))  # type: ignore[arg-type]
    for _ in range(20_000):
        next(rows)


# JSON


def objects(content: str | bytes, key: str | None = None, **options: Any) -> list[dict[str, Any]]:
    data = content.encode() if isinstance(content, str) else content
    return [dict(row.whole()) for row in json_rows(io.BytesIO(data), "f.json", key, **options)]


def test_json_arrays_at_the_top_and_under_a_key() -> None:
    assert objects('\ufeff[{"a": 1}, {"a": "]"}]') == [{"a": 1}, {"a": "]"}]
    assert objects('{"at": "x", "results" : [ {"a": [1, {"b": 2}]} ], "more": 1}', "results") == [{"a": [1, {"b": 2}]}]
    assert objects('{"results": []}', "results") == []
    assert objects('[{"a": 1}]', "results") == [{"a": 1}]


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 64])
def test_json_may_break_anywhere_between_two_chunks(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    rows = [
        {"n": number, "text": f'é "quoted" \\ {{}} [{number}] \U0001f600', "deep": [[{"x": -1.5e3}]]} for number in range(12)
    ]
    content = json.dumps({"results": rows}, ensure_ascii=False)
    start = content.index("[") + 1
    monkeypatch.setattr("resolver.record.objects.CHUNK", max(chunk, start))
    assert objects(content, "results") == rows
    monkeypatch.setattr("resolver.record.objects.CHUNK", chunk)
    assert objects(json.dumps(rows, ensure_ascii=False, indent=1)) == rows


def test_json_numbers_may_be_exact() -> None:
    assert objects('[{"share": 33.30}]', exact=True) == [{"share": Decimal("33.30")}]


@pytest.mark.parametrize(
    ("content", "key", "message"),
    [
        ("", None, "f.json: the file is empty"),
        ("<html></html>", None, "f.json: a web page or XML in place of JSON"),
        ('{"error": "quota"}', "results", "f.json: no JSON array 'results' at the top"),
        ('{"a": 1}', None, "f.json: no JSON array at the top"),
        ('[{"a": 1}, {"a": ', None, "f.json: cut off, or not JSON"),
        ('[{"a": 1}', None, "f.json: cut off, or not JSON"),
        ('[{"a": 1}, oops]', None, "f.json: cut off, or not JSON"),
        ("[1]", None, "f.json: record 1 is not an object"),
        (b'[{"a": "\xe9"}]', None, "f.json: not UTF-8 text after record 0"),
        ("[" + '{"a":' * 200_000, None, "f.json: "),
    ],
)
def test_json_that_is_refused(content: str | bytes, key: str | None, message: str) -> None:
    with pytest.raises(LayoutError, match=re.escape(message)):
        objects(content, key)


def test_json_lines_set_a_bad_line_aside_and_go_on() -> None:
    deep = '{"a":' * 200_000
    rows = json_lines(io.BytesIO(f'{{"a": "1"}}\n\n{{"a": \n[1]\n{deep}\n{{"a": "2"}}\n'.encode()), "f.jsonl")
    assert aside(rows, "a") == ["not JSON, or cut off", "not a JSON object", "not JSON, or cut off"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"<html>", "a web page or XML in place of JSON lines"),
        (b'{"a": "1"}\n{"a": "\xe9"}\n', "not UTF-8 text"),
    ],
)
def test_json_lines_that_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(LayoutError, match=message):
        list(json_lines(io.BytesIO(content), "f.jsonl"))
