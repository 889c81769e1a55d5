"""A download opened for reading: a plain file, or the one file inside a zip or gzip archive, streamed.

What a file is, its first bytes say, not its name. A workbook (xlsx, ods) is a zip archive that is itself the file.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast

from resolver.errors import LayoutError, StoreError
from resolver.fetch.vault import Download

MAXIMUM_UNPACKED = 20 << 30
MAXIMUM_RATIO = 200
"""Bytes out of one compressed byte. Official files stay below 30; deflate itself can reach 1,032."""
RATIO_COUNTS_FROM = 50 << 20
BUFFER = 1 << 20
_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_WORKBOOK = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
"""How the first member of an Office Open XML or OpenDocument file begins."""


@contextlib.contextmanager
def open_parts(downloads: Sequence[Download]) -> Iterator[BinaryIO]:
    """The parts of a file, one after the other as one stream, a line break between them. Raises as `open_download` does."""
    if len(downloads) == 1:
        with open_download(downloads[0]) as file:
            yield file
        return
    chained = _Chained(downloads)
    with io.BufferedReader(chained, BUFFER) as stream:
        yield stream


class _Chained(io.RawIOBase):
    """Several downloads as one stream; each is opened when the one before it has ended."""

    def __init__(self, downloads: Sequence[Download]) -> None:
        self._rest = list(downloads)
        self._open = contextlib.ExitStack()
        self._file: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._file is not None or self._rest:
            if self._file is None:
                self._file = self._open.enter_context(open_download(self._rest.pop(0)))
            if chunk := self._file.read(len(buffer)):
                buffer[: len(chunk)] = chunk
                return len(chunk)
            self._open.close()
            self._file = None
            if self._rest:
                buffer[:1] = b"\n"
                return 1
        return 0

    def close(self) -> None:
        self._open.close()
        super().close()


@contextlib.contextmanager
def open_download(download: Download) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked as they are read.

    Raises LayoutError for an archive that is damaged (a failed CRC comes with the read that meets it, or at the end of the
    `with`), encrypted, empty, nested, holds several files, or unpacks to more than 20 GB, or to more than 50 MB at a ratio
    above 200; StoreError where the download is gone or the disk fails.
    """
    try:
        file = download.path.open("rb")
    except OSError as error:
        raise StoreError(
            f"the download {download.path} ({download.name}) cannot be read: {error.strerror}: run resolver refresh again"
        ) from error
    with file:
        head = file.read(64)
        file.seek(0)
        if head.startswith(_GZIP):
            with (
                gzip.GzipFile(fileobj=file) as member,
                _unpacking(cast("IO[bytes]", member), download, download.size) as stream,
            ):
                yield stream
        elif head.startswith((_ZIP, _EMPTY_ZIP)):
            with _archive(file, download) as stream:
                yield stream
        else:
            yield file


@contextlib.contextmanager
def _archive(file: BinaryIO, download: Download) -> Iterator[BinaryIO]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise LayoutError(f"{download.name}: a zip archive that is damaged or cut off: {error}: fetch it again") from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for member in members:
            _check_ratio(member.file_size, min(member.compress_size, download.size), download.name)
        # `zipfile` yields no more bytes of a member than the archive declares.
        _check_ratio(sum(member.file_size for member in members), download.size, download.name)
        if {member.filename for member in members} & {"[Content_Types].xml", "mimetype"}:
            file.seek(0)
            yield file
            return
        files = [member for member in members if not _is_litter(member.filename)]
        if len(files) != 1:
            names = ", ".join(member.filename for member in files[:5]) or "none"
            raise LayoutError(
                f"{download.name}: a zip archive must hold exactly one file, this one holds {len(files)}: {names}"
            )
        member = files[0]
        if member.flag_bits & 0x1:
            raise LayoutError(f"{download.name}: the zip archive is encrypted: unpack it first")
        try:
            packed = archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
            raise LayoutError(f"{download.name}: {member.filename} cannot be unpacked: {error}: fetch it again") from error
        with packed, _unpacking(packed, download, min(member.compress_size, download.size)) as stream:
            yield stream


def _check_ratio(unpacked: int, packed: int, name: str) -> None:
    if unpacked > MAXIMUM_UNPACKED:
        raise LayoutError(f"{name}: unpacks to more than {MAXIMUM_UNPACKED >> 30} GB: refused")
    if unpacked > RATIO_COUNTS_FROM and unpacked > MAXIMUM_RATIO * packed:
        raise LayoutError(f"{name}: unpacks to more than {MAXIMUM_RATIO} times its size: refused as a zip bomb")


def _is_litter(name: str) -> bool:
    """Whether it is what macOS and Windows leave in an archive."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


@contextlib.contextmanager
def _unpacking(member: IO[bytes], download: Download, packed: int) -> Iterator[BinaryIO]:
    stream = _Kept(_Unpacked(member, download.name, packed), BUFFER)
    head = stream.peek(64)
    if head.startswith(_GZIP) or (head.startswith(_ZIP) and not head[30:].startswith(_WORKBOOK)):
        raise LayoutError(f"{download.name}: an archive inside an archive: unpack it first")
    yield stream
    while stream.read(BUFFER):
        pass


class _Kept(io.BufferedReader):
    """Not closed by the text stream that a reader lays around it and drops: an archive is read to its end, for its CRC."""

    def close(self) -> None:
        """Does nothing: the archive's own file is closed by whoever opened it."""


class _Unpacked(io.RawIOBase):
    """A member as it is unpacked, counted; whatever is wrong with the archive is a LayoutError."""

    def __init__(self, member: IO[bytes], name: str, packed: int) -> None:
        self._member, self._name, self._packed, self._count = member, name, packed, 0

    def readable(self) -> bool:
        """Always: it is what it is for."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """As io.RawIOBase.readinto. Raises LayoutError for a damaged archive and for one that grows without measure."""
        try:
            data = self._member.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile, ValueError) as error:
            raise LayoutError(
                f"{self._name}: damaged or cut off after {self._count:,} unpacked bytes ({error}): fetch it again"
            ) from error
        except OSError as error:
            if error.errno is None:
                raise LayoutError(f"{self._name}: damaged after {self._count:,} unpacked bytes ({error})") from error
            raise StoreError(f"the download {self._name} cannot be read: {error.strerror}") from error
        self._count += len(data)
        _check_ratio(self._count, self._packed, self._name)
        buffer[: len(data)] = data
        return len(data)
