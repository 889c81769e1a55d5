"""Elements of XML as rows, streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from resolver.errors import LayoutError
from resolver.record.row import Row, Where


def xml_rows(
    file: BinaryIO, name: str, tags: Iterable[str], *, root: Iterable[str], attributes: bool = False
) -> Iterator[tuple[str, Row]]:
    """The elements of the given local names, streamed, as (local name, Row); namespaces are dropped.

    A child element without children is its text, one with children an object; a name that stands several times is a
    list. With `attributes`, an attribute is a field `@name`, and an element that has both attributes and text keeps its
    text under `#text`. The root element's local name must be one of `root`. Entities are not expanded and nothing is
    fetched; libxml2's own limits on depth, names and amplification stand.

    Raises LayoutError for a file that is not well-formed, is cut off, declares entities, or has another root.
    """
    from lxml import etree

    wanted = frozenset(tags)
    roots = frozenset(root)
    counts: dict[str, int] = {}
    opened = 0
    try:
        context = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for event, element in context:
            tag = _local(element.tag)
            if event == "start":
                if opened == 0:
                    if tag not in roots:
                        raise LayoutError(f"{name}: the root element is {tag!r}, expected {' or '.join(sorted(roots))}")
                    doctype = element.getroottree().docinfo.doctype
                    if doctype:
                        raise LayoutError(f"{name}: declares a document type, as the publisher's file never does")
                opened += 1
                continue
            if tag in wanted:
                counts[tag] = counts.get(tag, 0) + 1
                value = _element(element, attributes)
                fields = value if isinstance(value, dict) else {"#text": value}
                yield tag, Row(fields, Where(name, sum(counts.values())))
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        what = "a web page" if "html" in str(error).lower() or "hr line" in str(error) else "not well-formed XML"
        raise LayoutError(f"{name}: {what}, or cut off, after {sum(counts.values())} records: {error.msg}") from error
    if opened == 0:
        raise LayoutError(f"{name}: the file is empty")


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _element(element: Any, attributes: bool) -> Any:
    fields: dict[str, Any] = {}
    if attributes:
        fields.update({f"@{_local(key)}": value for key, value in element.attrib.items()})
    for child in element:
        if not isinstance(child.tag, str):
            continue
        tag, value = _local(child.tag), _element(child, attributes)
        if tag in fields:
            known = fields[tag]
            fields[tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[tag] = value
    text = (element.text or "").strip()
    if not fields:
        return text
    if text:
        fields["#text"] = text
    return fields
