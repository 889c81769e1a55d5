"""A source's bytes as text, and a look at how they begin."""

from __future__ import annotations

import codecs
import io
from typing import Any, BinaryIO, cast

from resolver.errors import LayoutError

CHUNK = 1 << 20


def text_stream(file: BinaryIO, name: str, encoding: str = "utf-8-sig") -> io.TextIOWrapper:
    """The file as text, strictly decoded; a byte order mark is welcome. Reading it raises UnicodeDecodeError."""
    codecs.lookup(encoding)
    return io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")


def peek(file: BinaryIO, size: int = 4096) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file (fewer where it is shorter), without a byte order mark or leading space, and the file as
    it was: by them a list tells CSV, XML and JSON apart."""
    buffered = cast(Any, file if hasattr(file, "peek") else io.BufferedReader(cast(io.RawIOBase, file), max(size, CHUNK)))
    return bytes(buffered.peek(size)[:size]).removeprefix(codecs.BOM_UTF8).lstrip(), cast(BinaryIO, buffered)


def refuse_markup(first: str, name: str) -> None:
    """Raises LayoutError for a text that begins like a web page or XML."""
    if first.lstrip("\ufeff \t").startswith("<"):
        raise LayoutError(f"{name}: a web page or XML in place of a table")
