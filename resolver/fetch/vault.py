"""The folder of downloads: raw bytes under their sha256, each with a record of where it came from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from resolver.errors import FetchError, StoreError
from resolver.fetch.naming import dated

MAXIMUM_BYTES = 16 << 30
"""Bytes of one file as it comes; the largest official one is some 2 GB."""
ABANDONED = 24 * 3600.0
"""Seconds after which an unfinished file is what a killed run left behind."""
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a dataset as it came. `url` is the address asked, never the short-lived one it redirected to;
    `retrieved_at` (UTC) is when the source last said that these are its bytes."""

    resource: str
    name: str
    sha256: str
    path: Path
    size: int
    url: str
    retrieved_at: str
    etag: str
    last_modified: str

    def edition(self) -> str:
        """The day of the data (ISO 8601), as far as it is told: the date in the file's name, else Last-Modified, else the
        day it was retrieved."""
        named = dated(self.name)
        if named:
            return f"{named[:4]}-{named[4:6]}-{named[6:8]}"
        try:
            return parsedate_to_datetime(self.last_modified).date().isoformat()
        except ValueError:
            return self.retrieved_at[:10]


@dataclass(frozen=True, slots=True)
class Vault:
    """Where one dataset's downloads are kept. `moment` is what its records call now, None the clock."""

    folder: Path
    dataset: str
    maximum: int = MAXIMUM_BYTES
    moment: datetime | None = None

    def keep(
        self, resource: str, name: str, url: str, chunks: Iterable[bytes], headers: Mapping[str, str] | None = None
    ) -> Download:
        """Writes the bytes and their record; all of it or nothing.

        Raises FetchError past the byte limit and whatever `chunks` raises, StoreError where the disk refuses.
        """
        with _writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            _sweep(self.folder)
        unfinished = _unfinished(self.folder)
        try:
            sha256, size = self._write(unfinished, name, chunks)
            path = self.folder / sha256[:2] / sha256
            with _writing(self.folder):
                path.parent.mkdir(exist_ok=True)
                if not (path.is_file() and path.stat().st_size == size):
                    os.replace(unfinished, path)
                    _sync(path.parent)
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink()
        told = headers or {}
        etag, last_modified = told.get("ETag", ""), told.get("Last-Modified", "")
        return self._record(Download(resource, name, sha256, path, size, url, self._now(), etag, last_modified))

    def again(self, download: Download) -> Download:
        """A download that its source says is unchanged, confirmed now."""
        return self._record(replace(download, retrieved_at=self._now()))

    def _now(self) -> str:
        return (self.moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _write(self, unfinished: Path, name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with _writing(self.folder):
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            # Only the writing is under `_writing`: an error of the source is an OSError too, and not the disk's.
            for chunk in chunks:
                size += len(chunk)
                if size > self.maximum:
                    raise FetchError(f"{self.dataset}: {name} is larger than {self.maximum:,} bytes: no list is so large")
                digest.update(chunk)
                with _writing(self.folder):
                    _write_all(handle, chunk)
            with _writing(self.folder):
                os.fsync(handle)
        finally:
            os.close(handle)
        return digest.hexdigest(), size

    def _record(self, download: Download) -> Download:
        record = download.path.with_name(f"{download.sha256}.json")
        fields = {key: value for key, value in asdict(download).items() if key != "path"}
        first = _read_record(record).get("first_retrieved_at", download.retrieved_at)
        text = json.dumps({"dataset": self.dataset, **fields, "first_retrieved_at": first}, ensure_ascii=False, indent=1)
        with _writing(self.folder):
            unfinished = _unfinished(self.folder)
            unfinished.write_text(text + "\n", "utf-8")
            os.replace(unfinished, record)
        return download


def retrieved(folder: Path) -> dict[str, Download]:
    """Every download in the folder by its address, the latest one of each: what `fetch` takes as `previous`."""
    found: dict[str, Download] = {}
    for record in sorted(folder.glob("??/*.json")):
        fields = _read_record(record)
        fields.pop("dataset", None)
        fields.pop("first_retrieved_at", None)
        try:
            one = Download(path=record.with_suffix(""), **fields)
        except TypeError:
            continue
        if one.path.is_file() and (one.url not in found or found[one.url].retrieved_at < one.retrieved_at):
            found[one.url] = one
    return found


def _read_record(record: Path) -> dict[str, Any]:
    try:
        fields = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _unfinished(folder: Path) -> Path:
    return folder / f"{_UNFINISHED}{os.getpid()}-{secrets.token_hex(8)}"


def _write_all(handle: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest) :]


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the downloads in {folder} cannot be written ({error.strerror or error}): make room, or set RESOLVER_HOME"
        ) from error


def _sweep(folder: Path) -> None:
    """Removes what a killed run left unfinished long ago."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED:
                left.unlink()


def _sync(folder: Path) -> None:
    """Makes a rename in the folder outlast a power cut, where the platform can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
