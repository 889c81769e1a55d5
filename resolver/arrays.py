"""Named flat arrays in one file: written once, atomically; memory-mapped and never changed afterwards.

The file is a magic line, a directory (one line of text per array: name, typecode, offset, length), and the arrays' bytes
in the machine's little-endian order, each on a multiple of eight bytes. Reading one maps the file and copies nothing, so
a process that looks up one name touches a few pages however large the file is.
"""

from __future__ import annotations

import mmap
import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, cast

from resolver.errors import StoreError

MAGIC = b"corporate-structure arrays 1\n"
Typecode = Literal["B", "H", "I", "Q", "i", "q"]
SIZES: dict[str, int] = {"B": 1, "H": 2, "I": 4, "Q": 8, "i": 4, "q": 8}
"""The whole-number typecodes of `array` that have one size on every platform; L and l have two."""

Buffer = array | bytes | bytearray | memoryview  # type: ignore[type-arg]


def write(path: Path, arrays: Mapping[str, Buffer]) -> None:
    """Writes the arrays to `path`: all of them under that name at once, or nothing.

    A name may hold no space; bytes are taken as typecode `B`. Raises StoreError if the disk refuses, and ValueError for
    a typecode that is not in SIZES.
    """
    views = {name: memoryview(one) for name, one in arrays.items()}
    position, lines = 0, []
    for name, view in views.items():
        if view.format not in SIZES or view.itemsize != SIZES[view.format] or not name or " " in name:
            raise ValueError(f"array {name!r} of typecode {view.format!r} cannot be stored")
        lines.append(f"{name} {view.format} {position} {len(view)}\n".encode())
        position += -(-view.nbytes // 8) * 8
    directory = b"".join(lines)
    head = MAGIC + f"{len(directory)}\n".encode() + directory
    head += b"\n" * (-len(head) % 8)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(head)
            for view in views.values():
                file.write(view.cast("B") if view.nbytes else b"")
                file.write(bytes(-view.nbytes % 8))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error


class Arrays:
    """The arrays of one file, by name. Raises StoreError where the file is missing, cut off or of another kind."""

    __slots__ = ("_places", "_view", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: cannot be read: {error}") from error
        self._view = memoryview(mapped)
        self._places = _directory(mapped, path)

    def __getitem__(self, name: str) -> memoryview[int]:
        """The array, of its typecode. Raises KeyError for a name that the file does not hold."""
        typecode, start, length = self._places[name]
        return self._view[start : start + length * SIZES[typecode]].cast(cast(Typecode, typecode))

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)


def _directory(mapped: mmap.mmap, path: Path) -> dict[str, tuple[str, int, int]]:
    if sys.byteorder != "little" or mapped[: len(MAGIC)] != MAGIC:
        raise StoreError(f"{path}: not a file of arrays that this machine can read")
    try:
        end = mapped.find(b"\n", len(MAGIC)) + 1
        size = int(mapped[len(MAGIC) : end])
        lines = [line.split(" ") for line in mapped[end : end + size].decode().splitlines()]
        start = -(-(end + size) // 8) * 8
        places = {name: (typecode, start + int(offset), int(length)) for name, typecode, offset, length in lines}
        whole = all(offset + length * SIZES[typecode] <= len(mapped) for typecode, offset, length in places.values())
    except (ValueError, KeyError) as error:
        raise StoreError(f"{path}: the directory of its arrays is damaged") from error
    if not whole:
        raise StoreError(f"{path}: cut off; fetch again with `resolver refresh`")
    return places


def strings(name: str, texts: Iterable[str]) -> dict[str, Buffer]:
    """A table of texts as two arrays, for `write`: `name.offsets` (Q, one more than there are texts) and `name.bytes`."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = array("Q", [0])
    position = 0
    for one in encoded:
        position += len(one)
        offsets.append(position)
    return {f"{name}.offsets": offsets, f"{name}.bytes": b"".join(encoded)}


class Strings:
    """A table of texts in an `Arrays` file. `find` needs them to be sorted (by code point) and without repetition."""

    __slots__ = ("_bytes", "_offsets")

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._offsets = arrays[f"{name}.offsets"]
        self._bytes = arrays[f"{name}.bytes"]

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, position: int) -> str:
        """Raises IndexError outside 0..len-1."""
        if not 0 <= position < len(self):
            raise IndexError(position)
        start, end = self._offsets[position], self._offsets[position + 1]
        return self._bytes[start:end].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[position] for position in range(len(self)))

    def find(self, text: str) -> int:
        """Where the text stands in the sorted table, or -1."""
        wanted = text.encode("utf-8", "surrogatepass")
        offsets, data = self._offsets, self._bytes
        low, high = 0, len(offsets) - 1
        while low < high:
            middle = (low + high) // 2
            if data[offsets[middle] : offsets[middle + 1]].tobytes() < wanted:
                low = middle + 1
            else:
                high = middle
        if low < len(self) and data[offsets[low] : offsets[low + 1]] == wanted:
            return low
        return -1
