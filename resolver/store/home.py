"""The data folder: downloads, segments, what is joined from them, snapshots, and the pointer to the one in force.

    downloads/            the publishers' raw bytes, by sha256
    segments/             one file per dataset and edition
    joined/<key>/         links, name index and graph of one set of segments
    snapshots/<version>/  manifest.json
    current               the name of the snapshot in force

Everything but `current` is written once under a temporary name and renamed; `current` is replaced in one step, last. So
a reader sees one whole snapshot or another, and a killed refresh leaves only finished pieces, which the next one uses.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from resolver.errors import EmptyStoreError, StoreError
from resolver.store.disk import disk_errors
from resolver.store.snapshot import Held, Manifest, Snapshot

JOINED = ("graph", "links.sqlite", "listed", "others")
"""The files of a joined folder; one that lacks any is made again."""

FETCH_FIRST = "nothing was fetched yet: run `resolver refresh` (or `resolver refresh --from DIR` without a network)"


def default_home() -> Path:
    """RESOLVER_HOME, or else the platform's folder for user data."""
    named = os.environ.get("RESOLVER_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("resolver", appauthor=False)


class Home:
    """The data folder at a path; it need not exist until something is written."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.downloads = self.path / "downloads"
        self.segments = self.path / "segments"
        self.joined = self.path / "joined"
        self.snapshots = self.path / "snapshots"
        self.pointer = self.path / "current"

    def current(self) -> Snapshot:
        """The snapshot in force. Raises EmptyStoreError where there is none, StoreError where it cannot be read."""
        try:
            version = self.pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise EmptyStoreError(FETCH_FIRST) from None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"cannot read {self.pointer}: {error}") from error
        return self.snapshot(version)

    def snapshot(self, version: str) -> Snapshot:
        """The snapshot of that name. Raises StoreError where it is not kept."""
        path = self.snapshots / version / "manifest.json"
        try:
            return Snapshot(self.path, Manifest.from_json(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise StoreError(
                f"no snapshot {version!r} is kept: `resolver diff` without names shows the newest two"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"cannot read {path}: {error}") from error

    def versions(self) -> list[str]:
        """The names of the kept snapshots, oldest first (a name begins with its time)."""
        if not self.snapshots.is_dir():
            return []
        return sorted(path.parent.name for path in self.snapshots.glob("*/manifest.json") if path.parent.name[0] != ".")

    def known_on(self, day: date) -> tuple[Snapshot, str]:
        """The newest snapshot of that day or before, and a warning where there is none and the oldest stands in."""
        versions = self.versions()
        if not versions:
            raise EmptyStoreError(FETCH_FIRST)
        known = [version for version in versions if version[:8] <= day.strftime("%Y%m%d")]
        if known:
            return self.snapshot(known[-1]), ""
        return self.snapshot(
            versions[0]
        ), f"no snapshot of {day} or before is kept: the oldest one, {versions[0]}, stands in"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the data folder for one writer. Raises StoreError where another holds it."""
        from filelock import FileLock, Timeout

        with disk_errors(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / "lock", timeout=0)
        with disk_errors(self.path / "lock"):
            try:
                lock.acquire()
            except Timeout:
                raise StoreError(f"another refresh or import is at work in {self.path}: wait for it to end") from None
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def _sweep(self) -> None:
        """Removes what a killed run left half written."""
        import shutil

        for folder in (self.segments, self.joined, self.snapshots):
            for path in folder.glob(".tmp-*"):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    with contextlib.suppress(OSError):
                        path.unlink()

    @contextmanager
    def new_joined(self, key: str) -> Iterator[Path | None]:
        """A folder to write what is joined under that key, in place when the block ends well; None: it is there already."""
        import shutil

        final = self.joined / key
        if all((final / name).is_file() for name in JOINED):
            yield None
            return
        shutil.rmtree(final, ignore_errors=True)
        temporary = self.joined / f".tmp-{os.getpid()}-{key}"
        with disk_errors(final):
            temporary.mkdir(parents=True)
            try:
                yield temporary
                for path in temporary.iterdir():
                    _sync(path)
                temporary.rename(final)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)

    def publish(self, joined: str, datasets: tuple[Held, ...], software_version: str, now: datetime) -> Manifest:
        """Writes a manifest and makes it the snapshot in force, in one step."""
        created_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hashlib.sha256(repr((joined, datasets, software_version)).encode()).hexdigest()[:8]
        version = f"{now.astimezone(UTC).strftime('%Y%m%dT%H%M%S.%fZ')}-{digest}"
        manifest = Manifest(version, created_at, software_version, joined, datasets)
        folder = self.snapshots / version
        with disk_errors(folder):
            if not folder.is_dir():
                temporary = self.snapshots / f".tmp-{os.getpid()}-{version}"
                temporary.mkdir(parents=True)
                (temporary / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
                _sync(temporary / "manifest.json")
                temporary.rename(folder)
            pointer = self.path / f".current-{os.getpid()}"
            pointer.write_text(version + "\n", encoding="utf-8")
            _sync(pointer)
            os.replace(pointer, self.pointer)
        return manifest


def _sync(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())
