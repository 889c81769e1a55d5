"""Where a dataset's files are taken from: the publishers' own addresses, a folder, or a base URL.

None               each Resource's url
DIR                DIR/<dataset>/<file>
http(s)://BASE     BASE/<dataset>/index.json (an array of names, or {"files": [...]}) and BASE/<dataset>/<file>
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from resolver.errors import FetchError, InputError, ResolverError
from resolver.fetch.line import CHUNK, MAXIMUM_REDIRECTS, USER_AGENT, Absent, Line, conditions
from resolver.fetch.naming import assigned, fits
from resolver.fetch.vault import MAXIMUM_BYTES, Download, Vault
from resolver.model import Dataset, Resource

if TYPE_CHECKING:
    import requests

RETRIES = 5
"""How often an address is asked at most. The EU's list answers bursts of HTTP 500."""
TIMEOUT = 180.0
"""Seconds without a byte. The EU builds its file on the fly, for more than 60 seconds."""

Taken = dict[str, tuple[Download, ...]]


def fetch(
    dataset: Dataset,
    downloads: Path,
    *,
    source: str | None = None,
    previous: Mapping[str, Download] | None = None,
    retries: int = RETRIES,
    timeout: float = TIMEOUT,
    maximum: int = MAXIMUM_BYTES,
    sleep: Callable[[float], None] = time.sleep,
    now: datetime | None = None,
) -> Taken:
    """The dataset's files by `Resource.key`, sorted by name; several where a resource comes in parts.

    `previous` are downloads of earlier times under any keys: one of the same address is asked for conditionally, and
    reused where the server says that it has not changed. An optional resource that is not there is left out. `now` is the
    moment that the records name, by default the clock's.

    Raises FetchError for a required resource that is not there, an address that refuses, and a file that comes in cut
    off or larger than `maximum` bytes; StoreError where the downloads cannot be written.
    """
    vault = Vault(downloads, dataset.name, maximum, now)
    if source is not None and not _is_url(source):
        return _from_folder(dataset, Path(source) / dataset.name, vault)
    known = {one.url: one for one in (previous or {}).values() if one.path.is_file() and one.path.stat().st_size == one.size}
    with _session() as session:
        line = Line(dataset.name, session, max(1, retries), timeout, sleep)
        if source is None:
            return _from_publisher(dataset, line, vault, known)
        return _from_base(dataset, source, line, vault, known)


def offers(
    dataset: Dataset,
    source: str,
    *,
    retries: int = RETRIES,
    timeout: float = TIMEOUT,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Whether a folder or base URL has a place for the dataset at all: a mirror of some lists is no failure of the others.

    Raises FetchError where the base URL cannot be asked.
    """
    if not _is_url(source):
        return (Path(source) / dataset.name).is_dir()
    with _session() as session:
        line = Line(dataset.name, session, max(1, retries), timeout, sleep)
        try:
            return line.ask(_join(source, dataset.name, "index.json"), {}, lambda response: True)
        except Absent:
            return False


def keep(
    path: Path, downloads: Path, *, resource: str, content: bytes | None = None, now: datetime | None = None
) -> Download:
    """A file of the user's own among the downloads; `content` in place of its bytes where it was put into another form.

    Raises InputError where the file cannot be read, StoreError where the downloads cannot be written.
    """
    chunks = [content] if content is not None else _file_chunks(path, InputError(f"{path} cannot be read"))
    return Vault(downloads, "import", moment=now).keep(resource, path.name, path.resolve().as_uri(), chunks)


def _session() -> requests.Session:
    import requests

    session = requests.Session()
    session.max_redirects = MAXIMUM_REDIRECTS
    session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"})
    return session


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _join(base: str, *parts: str) -> str:
    return "/".join((base.rstrip("/"), *(quote(part) for part in parts)))


def _last_segment(url: str) -> str:
    """The file name that an address ends in; empty where it ends in none, or is malformed."""
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""


def _distinct(downloads: Iterable[Download]) -> tuple[Download, ...]:
    """The downloads without a second one of the same bytes."""
    kept: dict[str, Download] = {}
    for one in downloads:
        kept.setdefault(one.sha256, one)
    return tuple(kept.values())


def _offered(dataset: Dataset, place: str, names: Iterable[str], take: Callable[[str, str], Download]) -> Taken:
    """The files of a place that offers `names`, each taken by its resource's key and its name."""
    there = sorted(names)
    found = assigned(dataset.resources, there)
    taken: Taken = {}
    for resource in dataset.resources:
        if resource.key in found:
            taken[resource.key] = _distinct(take(resource.key, name) for name in found[resource.key])
        elif resource.required:
            raise _missing(dataset, resource, place, there)
    return taken


def _missing(dataset: Dataset, resource: Resource, place: str, there: list[str]) -> FetchError:
    seen = f"{', '.join(there[:8])}{' ...' if len(there) > 8 else ''}" or "no file"
    return FetchError(
        f"{dataset.name}: no file for {resource.key!r} in {place}: sought {' or '.join(resource.patterns)}, zipped or not, "
        f"found {seen}; put the publisher's file there ({dataset.url})"
    )


def _from_folder(dataset: Dataset, folder: Path, vault: Vault) -> Taken:
    try:
        paths = {path.name: path for path in folder.iterdir() if path.is_file()}
        modified = {name: formatdate(path.stat().st_mtime, usegmt=True) for name, path in paths.items()}
    except OSError as error:
        raise FetchError(
            f"{dataset.name}: the folder {folder} cannot be read: {error.strerror}: put the publisher's files there"
        ) from error

    def take(key: str, name: str) -> Download:
        path = paths[name]
        chunks = _file_chunks(path, FetchError(f"{dataset.name}: {path} cannot be read"))
        return vault.keep(key, name, path.resolve().as_uri(), chunks, {"Last-Modified": modified[name]})

    return _offered(dataset, str(folder), paths, take)


def _file_chunks(path: Path, trouble: ResolverError) -> Iterator[bytes]:
    """The bytes of a file. Raises `trouble`, with the system's word on it, where they cannot be read."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise type(trouble)(f"{trouble}: {error.strerror}") from error


def _from_base(dataset: Dataset, base: str, line: Line, vault: Vault, known: Mapping[str, Download]) -> Taken:
    index = _join(base, dataset.name, "index.json")
    try:
        names = line.ask(index, {}, lambda response: _index_names(dataset, index, line.page(response)))
    except Absent as error:
        raise FetchError(f"{error}: it must hold the names of the dataset's files") from error

    def take(key: str, name: str) -> Download:
        return line.download(key, name, _join(base, dataset.name, name), vault, known)

    return _offered(dataset, index, names, take)


def _index_names(dataset: Dataset, index: str, page: bytes) -> list[str]:
    try:
        value = json.loads(page)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{dataset.name}: {index} is not JSON: it must be an array of file names") from error
    names = value.get("files") if isinstance(value, dict) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FetchError(f'{dataset.name}: {index} holds no file names: it must be an array of them, or {{"files": [...]}}')
    unsafe = next((name for name in names if name in ("", ".", "..") or re.search(r"[/\\\x00-\x1f]", name)), None)
    if unsafe is not None:
        raise FetchError(f"{dataset.name}: {index} names {unsafe!r}, which is no plain file name")
    return names


def _from_publisher(dataset: Dataset, line: Line, vault: Vault, known: Mapping[str, Download]) -> Taken:
    by_hand = f"download it from {dataset.url} into DIR/{dataset.name}/ and refresh with --from DIR"
    taken: Taken = {}
    for resource in dataset.resources:
        if resource.url is None:
            if resource.required:
                raise FetchError(f"{dataset.name}: {dataset.publisher} gives {resource.key!r} no fixed address: {by_hand}")
            continue
        try:
            taken[resource.key] = _distinct(_at_address(resource, resource.url, line, vault, known))
        except Absent as error:
            if resource.required:
                raise FetchError(f"{error} (sought {' or '.join(resource.patterns)}): {by_hand}") from error
    return taken


def _at_address(resource: Resource, url: str, line: Line, vault: Vault, known: Mapping[str, Download]) -> list[Download]:
    """What lies at a resource's address: its file, or a page that links to its dated files (Companies House, METI)."""
    own = _last_segment(url)
    if fits(resource, own):
        return [line.download(resource.key, own, url, vault, known)]

    def take(response: requests.Response) -> Download | dict[str, str]:
        if response.status_code == 304:
            return vault.again(known[url])
        name = _response_name(resource, response, own)
        if "html" not in response.headers.get("Content-Type", "").lower():
            return vault.keep(resource.key, name, url, line.chunks(response), response.headers)
        page = line.page(response)
        links = _links(page, response.url)
        linked = {name: links[name] for name in assigned([resource], links).get(resource.key, ())}
        return linked or vault.keep(resource.key, name, url, [page], response.headers)

    answer = line.ask(url, conditions(known.get(url)), take)
    if isinstance(answer, Download):
        return [answer]
    return [line.download(resource.key, name, link, vault, known) for name, link in answer.items()]


_ANCHOR = re.compile(r"""<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


def _links(page: bytes, base: str) -> dict[str, str]:
    """The addresses that a web page links to, by their file names."""
    hrefs = ("".join(found).strip().replace("&amp;", "&") for found in _ANCHOR.findall(page.decode("utf-8", "replace")))
    addresses = [urljoin(base, href) for href in hrefs if _last_segment(href)]
    return {_last_segment(one): one for one in addresses if _is_url(one)}


def _response_name(resource: Resource, response: requests.Response, own: str) -> str:
    """The file's name: what the server, or where it redirects, calls it, if that is one the resource may have."""
    disposition = re.search(r'filename="?([^";/\\]+)', response.headers.get("Content-Disposition", ""))
    for name in (disposition[1].strip() if disposition else "", _last_segment(response.url)):
        if name and fits(resource, name):
            return name
    return own or resource.key
