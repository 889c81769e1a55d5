"""fetch > parse > count > link > index > snapshot.

Each dataset comes in on its own: one that fails keeps its last good segment, is marked with the problem, and holds up
nobody. What is joined from the segments (links, name index, graph) is built when their set has changed, and one pointer is
switched at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from resolver import __version__, catalog, fetch
from resolver.catalog import ListModule
from resolver.errors import CountError, InputError, LayoutError, ListError, StoreError
from resolver.fetch import Download
from resolver.model import Dataset
from resolver.refresh.joined import join
from resolver.store import Held, Home, Manifest, Segment
from resolver.store.disk import disk_errors
from resolver.store.writing import LAYOUT, Counts, FileCount, write

SET_ASIDE_SHARE = Fraction(1, 100)
SET_ASIDE_ROWS = 5
"""More rows set aside than this many, and than this share of what was read, and the layout must have changed."""

SHRINK = Fraction(4, 5)
"""Fewer rows than this share of the last good data, and the list is taken for cut off (sanctions lists grow)."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a dataset fared: `new`, `unchanged`, `failed`, left `by hand`, `not offered`; its rows, and what to say of it."""

    dataset: str
    status: str
    rows: int
    set_aside: int
    message: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The snapshot in force afterwards, None where there is still none, and each dataset's result."""

    manifest: Manifest | None
    results: tuple[Result, ...]

    @property
    def failed(self) -> bool:
        """Whether any dataset failed."""
        return any(result.status == "failed" for result in self.results)


Progress = Callable[[str], None]


def refresh(
    home: Home,
    names: Sequence[str] = (),
    *,
    source: str | None = None,
    strict: bool = False,
    now: datetime | None = None,
    progress: Progress = lambda line: None,
) -> Refreshed:
    """Fetches and builds a new snapshot of the named datasets, or of all that the source offers.

    Raises InputError for a dataset that there is not and for a source that offers none, StoreError for the disk.
    """
    moment = now or datetime.now(UTC)
    modules = _chosen(names, source)
    with home.locked():
        previous = _previous(home)
        held = {one.name: one for one in previous.datasets} if previous else {}
        results = []
        for module in modules:
            progress(f"{module.dataset.name}: fetching")
            last = held.get(module.dataset.name)
            if source is None and not names and _by_hand(module.dataset):
                results.append(_waiting(module.dataset, last))
                continue
            try:
                held[module.dataset.name], result = _bring_in(home, module, last, source, strict, moment)
            except ListError as error:
                result = _failed(module.dataset, last, error)
                if last is not None:
                    held[last.name] = replace(last, problem=str(error))
            results.append(result)
            progress(f"{result.dataset}: {result.message}")
        if not names:
            done = {result.dataset for result in results}
            results += [_not_offered(one) for one in held.values() if not one.imported and one.name not in done]
        manifest = _publish(home, previous, held, moment, progress)
    return Refreshed(manifest, tuple(results))


def import_file(
    home: Home, path: Path, name: str, format: str, columns: Mapping[str, str], now: datetime | None = None
) -> Refreshed:
    """Makes a file of the user's own a dataset of that name, in place of an earlier one.

    `format` is csv, xlsx or bods; `columns` gives the field that a column of another name holds. Raises InputError for a
    name that is taken or malformed and for a file that must be mended as a whole.
    """
    moment = now or datetime.now(UTC)
    public = catalog.datasets()
    if not name.isascii() or not name.replace("_", "").isalnum() or name != name.lower():
        raise InputError(f"--name {name!r}: use small letters, digits and _ only")
    prefixes = [f"{one.dataset.prefix}-" for one in public.values()]
    if name in public or any(prefix.startswith(f"{name}-") for prefix in prefixes):
        raise InputError(f"--name {name!r} is the name of a public list, or begins one: choose another")
    with home.locked():
        previous = _previous(home)
        held = {one.name: one for one in previous.datasets} if previous else {}
        module, download = _own(home, path, name, format, columns, moment)
        try:
            one, result = _segment(home, module, {_key(module.dataset): (download,)}, held.get(name), False, moment)
        except LayoutError as error:
            raise InputError(str(error)) from error
        kept = sum(count["kept"] for count in one.files.values())
        if kept == 0:
            raise InputError(f"{path.name}: no row could be read: {'; '.join(one.reasons[:3]) or 'the file has no rows'}")
        held[name] = one
        manifest = _publish(home, previous, held, moment, lambda line: None)
    return Refreshed(manifest, (result,))


def _key(dataset: Dataset) -> str:
    return dataset.resources[0].key


def _own(
    home: Home, path: Path, name: str, format: str, columns: Mapping[str, str], moment: datetime
) -> tuple[ListModule, Download]:
    from resolver import record

    if not path.is_file():
        raise InputError(f"{path}: no such file")
    form = "own_bods"
    content: bytes | None = None
    if format in ("csv", "xlsx"):
        try:
            content, header = record.table_bytes(path, format, columns)
        except LayoutError as error:
            raise InputError(str(error)) from error
        form = "own_links" if "kind" in header else "own_ownership"
    module = catalog.own(form, name, path.name)
    download = fetch.keep(path, home.downloads, resource=_key(module.dataset), content=content, now=moment)
    return module, download


def _chosen(names: Sequence[str], source: str | None) -> list[ListModule]:
    known = catalog.datasets()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"no dataset {', '.join(unknown)}: there are {', '.join(known)}")
    if names:
        return [known[name] for name in dict.fromkeys(names)]
    if source is None:
        return list(known.values())
    if "://" in source and not source.startswith(("http://", "https://")):
        raise InputError(f"--from {source}: give a folder or an http(s) address")
    if "://" not in source and not Path(source).is_dir():
        raise InputError(f"--from {source}: no such folder")
    offered = [module for module in known.values() if _offers(module.dataset, source)]
    if not offered:
        raise InputError(f"--from {source}: no folder there is named after a dataset ({', '.join(known)})")
    return offered


def _offers(dataset: Dataset, source: str) -> bool:
    """Whether the source has the dataset; where it cannot be asked, fetching will say so."""
    try:
        return fetch.offers(dataset, source)
    except ListError:
        return True


def _previous(home: Home) -> Manifest | None:
    """The manifest in force; where it cannot be read, the newest one that can: a refresh mends what it can."""
    names = [home.pointer.read_text(encoding="utf-8", errors="replace").strip()] if home.pointer.is_file() else []
    for version in [*names, *reversed(home.versions())]:
        try:
            return home.snapshot(version).manifest
        except StoreError:
            continue
    return None


def _bring_in(
    home: Home, module: ListModule, last: Held | None, source: str | None, strict: bool, moment: datetime
) -> tuple[Held, Result]:
    downloads = fetch.fetch(module.dataset, home.downloads, source=source, previous=_last_downloads(last), now=moment)
    return _segment(home, module, downloads, last, source is None or strict, moment)


def _last_downloads(last: Held | None) -> dict[str, Download]:
    if last is None:
        return {}
    read = [Download(**{**one, "path": Path(one["path"])}) for one in last.downloads]
    return {one.url: one for one in read if one.path.is_file()}


def _segment(
    home: Home,
    module: ListModule,
    downloads: Mapping[str, Sequence[Download]],
    last: Held | None,
    binding: bool,
    moment: datetime,
) -> tuple[Held, Result]:
    dataset = module.dataset
    every = [one for key in sorted(downloads) for one in downloads[key]]
    shas = sorted((one.resource, one.name, one.sha256) for one in every)
    key = hashlib.sha256(repr((module.fingerprint(), LAYOUT, shas)).encode()).hexdigest()[:24]
    path = home.segments / f"{dataset.name}-{key}.sqlite"
    unchanged = last is not None and last.key == key and path.is_file()
    finished = _finished(path)
    counts = finished or _parse(module, downloads, path)
    try:
        if not module.own:
            _check(dataset, counts, last, binding, path)
    except ListError:
        if finished is None:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
        raise
    retrieved = max((one.retrieved_at for one in every), default="")
    held = _held(module, counts, path.name, key, every, retrieved)
    aside = sum(count.set_aside for count in counts.files.values())
    message = f"{'unchanged' if unchanged else 'new'}, {held.rows:,} rows" + (f", {aside:,} set aside" if aside else "")
    if unchanged and last is not None:
        held = replace(held, retrieved_at=last.retrieved_at, list_date=last.list_date, downloads=last.downloads)
    return held, Result(dataset.name, "unchanged" if unchanged else "new", held.rows, aside, message)


def _parse(module: ListModule, downloads: Mapping[str, Sequence[Download]], path: Path) -> Counts:
    with ExitStack() as stack:
        files = {key: stack.enter_context(fetch.open_parts(parts)) for key, parts in downloads.items()}
        counts = write(path, module.parse(files))
    beside = path.with_suffix(".json")
    temporary = beside.with_name(f".tmp-{beside.name}")
    with disk_errors(beside):
        temporary.write_text(json.dumps(asdict(counts)), encoding="utf-8")
        temporary.replace(beside)
    return counts


def _finished(path: Path) -> Counts | None:
    """The counts of a segment that an earlier run finished."""
    beside = path.with_suffix(".json")
    if not (path.is_file() and beside.is_file()):
        return None
    try:
        read = json.loads(beside.read_text(encoding="utf-8"))
        files = {name: FileCount(**count) for name, count in read["files"].items()}
        return Counts(files, read["statements"], read["list_rows"], read["lists"], read["reasons"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _rows(dataset: Dataset, counts: Counts) -> int:
    """Rows read of the principal files: the dataset's rows."""
    joined = {pattern for resource in dataset.resources if not resource.principal for pattern in resource.patterns}
    return sum(count.read for name, count in counts.files.items() if name not in joined)


def _check(dataset: Dataset, counts: Counts, last: Held | None, binding: bool, path: Path) -> None:
    rows, name = _rows(dataset, counts), dataset.name
    read = sum(count.read for count in counts.files.values())
    aside = sum(count.set_aside for count in counts.files.values())
    reasons = "; ".join(counts.reasons[:3])
    if rows == 0:
        raise CountError(f"{name}: no row in the file")
    if aside > SET_ASIDE_ROWS and aside > read * SET_ASIDE_SHARE:
        raise CountError(f"{name}: {aside:,} of {read:,} rows cannot be read, so the layout may have changed: {reasons}")
    for file, count in (last.files if last is not None else {}).items():
        now = counts.files[file].read if file in counts.files else 0
        if now < count["read"] * SHRINK:
            was = f"the last good data had {count['read']:,}: taken for cut off"
            raise CountError(f"{name}: {now:,} rows of {file} where {was}")
    if not binding:
        return
    if rows < dataset.at_least:
        raise CountError(f"{name}: {rows:,} rows where at least {dataset.at_least:,} were expected")
    segment = Segment(path)
    try:
        missing = [canary for canary in dataset.canaries if not segment.has_name(canary)]
    finally:
        segment.close()
    if missing:
        raise CountError(f"{name}: {', '.join(missing)} should be there and is not: taken for another or a broken file")


def _held(module: ListModule, counts: Counts, segment: str, key: str, downloads: Sequence[Download], retrieved: str) -> Held:
    dataset = module.dataset
    return Held(
        name=dataset.name,
        title=dataset.title,
        publisher=dataset.publisher,
        url=dataset.url,
        licence=dataset.licence,
        country=dataset.country,
        prefix=dataset.prefix,
        format=module.format,
        frequency=dataset.frequency,
        imported=module.own,
        lists=dataset.lists,
        layout_seen=dataset.layout_seen.isoformat() if dataset.layout_seen else "",
        segment=segment,
        key=key,
        rows=_rows(dataset, counts),
        files={name: asdict(count) for name, count in counts.files.items()},
        statements=counts.statements,
        list_rows=counts.list_rows,
        entries=counts.lists,
        reasons=tuple(counts.reasons),
        downloads=tuple({**asdict(one), "path": str(one.path)} for one in downloads),
        list_date=_edition(module, downloads) or max((one.edition() for one in downloads), default=retrieved[:10]),
        retrieved_at=retrieved,
    )


def _edition(module: ListModule, downloads: Sequence[Download]) -> str:
    """The newest day that the files themselves say they are of."""
    stamps = []
    for download in downloads if module.dated else ():
        with fetch.open_download(download) as file:
            stamps.append(module.edition(file.read(4096)))
    return max(stamps, default="")


def _by_hand(dataset: Dataset) -> bool:
    """Whether a file that the dataset needs has no address of its publisher's to fetch it from."""
    return any(resource.required and resource.url is None for resource in dataset.resources)


def _waiting(dataset: Dataset, last: Held | None) -> Result:
    held = f"the data of {last.list_date} is in force" if last else "nothing is held of it"
    message = f"has no fixed address: hand its file over with --from DIR ({dataset.url}); {held}"
    return Result(dataset.name, "by hand", last.rows if last else 0, 0, message)


def _not_offered(last: Held) -> Result:
    return Result(last.name, "not offered", last.rows, 0, f"not offered there; the data of {last.list_date} stays in force")


def _failed(dataset: Dataset, last: Held | None, error: ListError) -> Result:
    rows = last.rows if last else 0
    kept = f"; the data of {last.list_date} stays in force" if last else "; nothing is held of it"
    return Result(dataset.name, "failed", rows, 0, f"failed: {str(error).removeprefix(f'{dataset.name}: ')}{kept}")


def _publish(
    home: Home, previous: Manifest | None, held: Mapping[str, Held], moment: datetime, progress: Progress
) -> Manifest | None:
    datasets = tuple(held[name] for name in sorted(held))
    if not datasets:
        return None
    joined = join(home, datasets, progress)
    if previous and previous.datasets == datasets and previous.joined == joined and previous.software_version == __version__:
        return previous
    return home.publish(joined, datasets, __version__, moment)
