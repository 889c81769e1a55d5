"""Objects of JSON and JSON lines as rows, streamed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from resolver.errors import LayoutError
from resolver.record.row import Malformed, Row, Where
from resolver.record.text import CHUNK, text_stream

_SPACE = re.compile(r"[\s,]*")


def json_rows(file: BinaryIO, name: str, key: str | None = None, *, exact: bool = False) -> Iterator[Row]:
    """The objects of a JSON array, streamed: the array at the top, or the one under `key` in the top object. With
    `exact`, a number with a decimal point is a Decimal of its own digits, and not a float.

    Raises LayoutError for a file that is not JSON, is cut off, or has no such array.
    """
    stream = text_stream(file, name)
    number = 0
    try:
        for value in _array(stream, name, key, exact):
            number += 1
            if not isinstance(value, dict):
                raise LayoutError(f"{name}: record {number} is not an object")
            yield Row(value, Where(name, number))
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not UTF-8 text after record {number}: {error.reason}") from error
    except RecursionError as error:
        raise LayoutError(f"{name}: nested too deep after record {number}") from error
    except ValueError as error:
        raise LayoutError(f"{name}: a number of too many digits after record {number}") from error


def _array(stream: io.TextIOWrapper, name: str, key: str | None, exact: bool) -> Iterator[Any]:
    buffer = stream.read(CHUNK).lstrip()
    if not buffer:
        raise LayoutError(f"{name}: the file is empty")
    if buffer.startswith("<"):
        raise LayoutError(f"{name}: a web page or XML in place of JSON")
    position = _start(buffer, name, key)
    decoder = json.JSONDecoder(parse_float=Decimal if exact else None)
    ended = False
    while True:
        space = _SPACE.match(buffer, position)
        position = space.end() if space else position
        if position < len(buffer) and buffer[position] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, position)
            if end == len(buffer) and not ended:
                raise json.JSONDecodeError("perhaps more to come", buffer, end)
        except json.JSONDecodeError as error:
            if ended:
                raise LayoutError(f"{name}: cut off, or not JSON: {error.msg}") from error
            more = stream.read(max(CHUNK, len(buffer) - position))
            ended = not more
            buffer, position = buffer[position:] + more, 0
            continue
        yield value
        position = end
        if position > CHUNK:
            buffer, position = buffer[position:], 0


def _start(buffer: str, name: str, key: str | None) -> int:
    if key is None or buffer.startswith("["):
        if not buffer.startswith("["):
            raise LayoutError(f"{name}: no JSON array at the top")
        return 1
    found = re.search(rf'"{re.escape(key)}"\s*:\s*\[', buffer)
    if not found:
        raise LayoutError(f"{name}: no JSON array {key!r} at the top")
    return found.end()


def json_lines(file: BinaryIO, name: str, *, exact: bool = False) -> Iterator[Row]:
    """The objects of a file of JSON lines. A line that is not an object is set aside as a row. `exact` as in `json_rows`.

    Raises LayoutError for a file that is not UTF-8 or begins like a web page.
    """
    stream = text_stream(file, name)
    number = 0
    try:
        for line in stream:
            text = line.strip()
            if not text:
                continue
            number += 1
            if number == 1 and text.startswith("<"):
                raise LayoutError(f"{name}: a web page or XML in place of JSON lines")
            try:
                value = json.loads(text, parse_float=Decimal if exact else None)
            except (ValueError, RecursionError):
                yield Malformed(Where(name, number), "not JSON, or cut off", [text])
                continue
            if not isinstance(value, dict):
                yield Malformed(Where(name, number), "not a JSON object", [text])
                continue
            yield Row(value, Where(name, number))
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not UTF-8 text after line {number}: {error.reason}") from error
    if number == 0:
        raise LayoutError(f"{name}: the file is empty")
