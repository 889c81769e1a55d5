"""Downloads: the publisher's bytes kept as they came, every failure one clear sentence, and archives opened safely."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import random
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

import pytest

from resolver.errors import FetchError, InputError, LayoutError, StoreError
from resolver.fetch import Download, assigned, fetch, keep, line, offers, open_download, open_parts, retrieved, unpack, vault
from resolver.model import Dataset, Resource

BODY = b"id,name\n1,Example Ltd\n"


class Server:
    """A publisher on this machine: `answers[path]` is a body or a function of the handler; `asked` is what came."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
                answer = outer.answers.get(self.path.partition("?")[0])
                if answer is None:
                    reply(self, 404, b"not here")
                elif isinstance(answer, bytes):
                    reply(self, 200, answer)
                else:
                    answer(self)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if "Content_Length" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    one = Server()
    yield one
    one.server.shutdown()
    one.server.server_close()


def dataset(*resources: Resource, name: str = "xx_list") -> Dataset:
    return Dataset(
        name=name,
        title="A list",
        publisher="The Ministry",
        url="https://ministry.example/list",
        resources=resources,
        licence="public domain",
        prefix="xx",
        frequency="daily",
        country="xx",
    )


def main_file(server: Server | None, path: str = "/main.csv", *, required: bool = True) -> Resource:
    return Resource("main", ("main.csv",), url=f"{server.url}{path}" if server else None, required=required)


def only(taken: dict[str, tuple[Download, ...]]) -> Download:
    ((one,),) = taken.values()
    return one


def failing(downloads: Path, what: Dataset, **options: object) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(what, downloads, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message and message.startswith(f"{what.name}: ")
    assert not list(downloads.glob(".unfinished-*"))
    return message


# The publishers' own addresses.


def test_bytes_are_kept_as_they_came(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 200, BODY, ETag='"one"', Last_Modified="Mon, 23 Nov 2026")
    one = only(fetch(dataset(main_file(server)), tmp_path))
    assert one.path == tmp_path / one.sha256[:2] / one.sha256
    assert one.path.read_bytes() == BODY
    assert one.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (one.resource, one.name, one.size, one.url) == ("main", "main.csv", len(BODY), f"{server.url}/main.csv")
    assert (one.etag, one.last_modified) == ('"one"', "Mon, 23 Nov 2026")
    assert time.strptime(one.retrieved_at, "%Y-%m-%dT%H:%M:%SZ")
    record = json.loads(one.path.with_name(f"{one.sha256}.json").read_text("utf-8"))
    assert record["dataset"] == "xx_list" and record["url"] == one.url and record["first_retrieved_at"] == one.retrieved_at
    assert "corporate-structure-resolver/" in server.asked[0][1]["user-agent"]
    assert retrieved(tmp_path) == {one.url: one}


def test_same_bytes_are_never_written_again(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = BODY
    one = only(fetch(dataset(main_file(server)), tmp_path))
    before = one.path.stat()
    fetch(dataset(main_file(server)), tmp_path)
    after = one.path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_an_unchanged_file_is_asked_for_conditionally(server: Server, tmp_path: Path) -> None:
    def unchanged(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"one"' and handler.headers.get("If-Modified-Since") == "Monday":
            handler.send_response(304)
            handler.end_headers()
        else:
            reply(handler, 200, BODY, ETag='"one"', Last_Modified="Monday")

    server.answers["/main.csv"] = unchanged
    first = only(fetch(dataset(main_file(server)), tmp_path))
    second = only(fetch(dataset(main_file(server)), tmp_path, previous={"main": first}))
    assert (second.sha256, second.path, second.etag) == (first.sha256, first.path, first.etag)
    assert len(server.asked) == 2

    first.path.unlink()
    third = only(fetch(dataset(main_file(server)), tmp_path, previous={"main": first}))
    assert third.path.read_bytes() == BODY
    assert "if-none-match" not in server.asked[-1][1]


def test_a_not_modified_that_nobody_asked_for_is_an_error(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: (handler.send_response(304), handler.end_headers())
    assert "answers 304" in failing(tmp_path, dataset(main_file(server)))


def test_redirects_are_followed_and_the_address_asked_is_kept(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 302, Location="/signed?expires=soon")
    server.answers["/signed"] = lambda handler: reply(handler, 200, BODY, ETag='"target"')
    one = only(fetch(dataset(main_file(server)), tmp_path))
    assert one.url == f"{server.url}/main.csv" and one.path.read_bytes() == BODY


def test_a_redirect_loop_ends(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 302, Location="/main.csv")
    assert "redirects more than 10 times" in failing(tmp_path, dataset(main_file(server)))


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_file_says_what_was_sought_and_where(server: Server, tmp_path: Path, status: int) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, status)
    message = failing(tmp_path, dataset(main_file(server)))
    assert f"{server.url}/main.csv answers {status}" in message
    assert "sought main.csv" in message and "--from DIR" in message
    assert fetch(dataset(main_file(server, required=False)), tmp_path) == {}


def test_an_optional_file_that_fails_otherwise_is_no_absent_one(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 403)
    assert "403" in failing(tmp_path, dataset(main_file(server, required=False)))


def test_a_publisher_that_refuses_programs_is_not_asked_again(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 403)
    assert "with a browser into DIR/xx_list/" in failing(tmp_path, dataset(main_file(server)))
    assert len(server.asked) == 1


def test_a_server_may_say_how_long_to_wait(server: Server, tmp_path: Path) -> None:
    answers = iter(
        [(429, {"Retry_After": "0"}), (429, {"Retry_After": "7"}), (503, {"Retry_After": "Mon, 01 Jan 2024 00:00:00 GMT"})]
    )

    def busy(handler: BaseHTTPRequestHandler) -> None:
        status, headers = next(answers, (200, {}))
        reply(handler, status, BODY, **headers)

    server.answers["/main.csv"] = busy
    slept: list[float] = []
    assert only(fetch(dataset(main_file(server)), tmp_path, sleep=slept.append)).size == len(BODY)
    assert slept == [0.0, 7.0, 0.0]


def test_a_wait_of_hours_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 429, Retry_After="86400")
    slept: list[float] = []
    assert "asks to wait 86400 seconds" in failing(tmp_path, dataset(main_file(server)), sleep=slept.append)
    assert slept == []


def test_a_burst_of_errors_passes(server: Server, tmp_path: Path) -> None:
    statuses = iter([500, 502, 504])
    server.answers["/main.csv"] = lambda handler: reply(handler, next(statuses, 200), BODY)
    slept: list[float] = []
    assert only(fetch(dataset(main_file(server)), tmp_path, sleep=slept.append)).path.read_bytes() == BODY
    assert slept == [1.0, 2.0, 4.0]


def test_errors_that_do_not_pass_end(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 500)
    assert "answers 500" in failing(tmp_path, dataset(main_file(server)), retries=3, sleep=lambda seconds: None)
    assert len(server.asked) == 3


def test_a_cut_body_is_an_error_and_leaves_nothing(server: Server, tmp_path: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, 200, BODY, Content_Length=str(len(BODY) * 100))
        handler.close_connection = True

    server.answers["/main.csv"] = cut
    assert "cut" in failing(tmp_path, dataset(main_file(server)), retries=2, sleep=lambda seconds: None)
    assert len(server.asked) == 2
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_cut_body_is_fetched_again(server: Server, tmp_path: Path) -> None:
    announced = iter([len(BODY) + 5])

    def cut_once(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, 200, BODY, Content_Length=str(next(announced, len(BODY))))
        handler.close_connection = True

    server.answers["/main.csv"] = cut_once
    assert only(fetch(dataset(main_file(server)), tmp_path, sleep=lambda seconds: None)).path.read_bytes() == BODY


def test_a_cut_chunked_body_is_an_error(server: Server, tmp_path: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"10\r\n0123456789abcdef\r\n")
        handler.close_connection = True

    server.answers["/main.csv"] = cut
    assert "cut" in failing(tmp_path, dataset(main_file(server)), retries=1)


def test_a_silent_server_is_given_up(server: Server, tmp_path: Path) -> None:
    release = threading.Event()
    server.answers["/main.csv"] = lambda handler: (release.wait(5), reply(handler, 200, BODY))
    try:
        assert "silent for 0.1 seconds" in failing(tmp_path, dataset(main_file(server)), retries=1, timeout=0.1)
    finally:
        release.set()


def test_a_dripping_server_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "DEADLINE", -1.0)
    server.answers["/main.csv"] = BODY
    assert "not through" in failing(tmp_path, dataset(main_file(server)))


def test_a_dead_address(tmp_path: Path, server: Server) -> None:
    server.server.shutdown()
    server.server.server_close()
    slept: list[float] = []
    message = failing(tmp_path, dataset(main_file(server)), retries=2, sleep=slept.append)
    assert "connection to" in message and slept == [1.0]


@pytest.mark.parametrize("url", ["ftp://ministry.example/main.csv", "https://", "file:///etc/passwd", "http://[/main.csv"])
def test_an_address_that_is_none(url: str, tmp_path: Path) -> None:
    failing(tmp_path, dataset(Resource("main", ("main.csv",), url=url)), retries=1)


def test_too_large_a_file_is_refused(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = BODY * 1000
    assert "larger than 100 bytes" in failing(tmp_path, dataset(main_file(server)), maximum=100)


def test_a_web_page_in_place_of_a_list_is_a_fine_download(server: Server, tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><html><a href='other.pdf'>moved</a></html>"
    server.answers["/main.csv"] = lambda handler: reply(handler, 200, page, Content_Type="text/html")
    assert only(fetch(dataset(main_file(server)), tmp_path)).path.read_bytes() == page
    server.answers["/list"] = server.answers["/main.csv"]
    assert (
        only(fetch(dataset(Resource("main", ("main.html",), url=f"{server.url}/list")), tmp_path)).path.read_bytes() == page
    )


def test_a_page_that_links_to_dated_files(server: Server, tmp_path: Path) -> None:
    page = b'<a href="data-2026-10-01.zip">old</a> <A class=x href=data-2026-11-01.zip>new</A> <a href="/about">us</a>'
    server.answers["/output.html"] = lambda handler: reply(handler, 200, page, Content_Type="text/html; charset=utf-8")
    server.answers["/data-2026-11-01.zip"] = BODY
    what = dataset(Resource("main", ("data-*.csv",), url=f"{server.url}/output.html"))
    one = only(fetch(what, tmp_path))
    assert (one.name, one.url) == ("data-2026-11-01.zip", f"{server.url}/data-2026-11-01.zip")


def test_a_file_is_called_what_its_publisher_calls_it(server: Server, tmp_path: Path) -> None:
    server.answers["/content"] = lambda handler: reply(
        handler, 200, BODY, Content_Disposition='attachment; filename="main.csv"'
    )
    assert only(fetch(dataset(main_file(server, "/content?token=public")), tmp_path)).name == "main.csv"
    server.answers["/latest"] = lambda handler: reply(handler, 302, Location="/20261123-0800-main.csv")
    server.answers["/20261123-0800-main.csv"] = BODY
    what = dataset(Resource("main", ("*-main.csv",), url=f"{server.url}/latest"))
    assert only(fetch(what, tmp_path)).name == "20261123-0800-main.csv"


def test_a_list_without_an_address_says_what_to_do(tmp_path: Path) -> None:
    message = failing(tmp_path, dataset(main_file(None)))
    assert "The Ministry" in message and "DIR/xx_list/" in message
    assert fetch(dataset(main_file(None, required=False)), tmp_path) == {}


def test_a_compressed_answer_is_kept_unpacked(server: Server, tmp_path: Path) -> None:
    server.answers["/main.csv"] = lambda handler: reply(handler, 200, gzip.compress(BODY), Content_Encoding="gzip")
    assert only(fetch(dataset(main_file(server)), tmp_path)).path.read_bytes() == BODY
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_requests_is_imported_only_when_it_is_needed() -> None:
    code = "import sys, resolver.fetch; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# A folder.


def lay(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name.replace("__", ".")).write_bytes(body)
    return folder


def test_files_of_a_folder(tmp_path: Path) -> None:
    lay(tmp_path / "in" / "xx_list", MAIN__CSV=BODY, unrelated__txt=b"")
    one = only(fetch(dataset(main_file(None)), tmp_path / "out", source=str(tmp_path / "in")))
    assert one.name == "MAIN.CSV" and one.path.read_bytes() == BODY and one.url.startswith("file:///")


def test_a_missing_folder_and_a_missing_file_say_where(tmp_path: Path) -> None:
    message = failing(tmp_path / "out", dataset(main_file(None)), source=str(tmp_path))
    assert str(tmp_path / "xx_list") in message
    lay(tmp_path / "xx_list", other__csv=BODY)
    message = failing(tmp_path / "out", dataset(main_file(None)), source=str(tmp_path))
    assert "'main'" in message and "sought main.csv" in message and "found other.csv" in message
    assert fetch(dataset(main_file(None, required=False)), tmp_path / "out", source=str(tmp_path)) == {}


def test_a_folder_may_offer_a_dataset_or_not(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list")
    assert offers(dataset(main_file(None)), str(tmp_path))
    assert not offers(dataset(main_file(None), name="yy_list"), str(tmp_path))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list", main__csv=BODY)
    path = tmp_path / "xx_list" / "main.csv"
    unreadable = Path("/proc/self/mem")
    if unreadable.exists():
        path.unlink()
        path.symlink_to(unreadable)
    else:
        path.chmod(0)
    assert "cannot be read" in failing(tmp_path / "out", dataset(main_file(None)), source=str(tmp_path))


def test_a_full_disk_is_a_store_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path / "xx_list", main__csv=BODY)

    def full(handle: int, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vault, "_write_all", full)
    with pytest.raises(StoreError, match=r"No space left on device.*make room"):
        fetch(dataset(main_file(None)), tmp_path / "out", source=str(tmp_path))
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_downloads_where_a_file_stands_are_a_store_error(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list", main__csv=BODY)
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be written"):
        fetch(dataset(main_file(None)), tmp_path / "out", source=str(tmp_path))


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list", main__csv=BODY)
    out = lay(tmp_path / "out")
    old, young = out / ".unfinished-1-a", out / ".unfinished-2-b"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    fetch(dataset(main_file(None)), out, source=str(tmp_path))
    assert not old.exists() and young.exists()


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    lay(tmp_path, own__csv=BODY)
    moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    one = keep(tmp_path / "own.csv", tmp_path / "out", resource="edges", now=moment)
    assert (one.name, one.resource, one.path.read_bytes()) == ("own.csv", "edges", BODY)
    assert one.retrieved_at == "2026-11-23T08:00:00Z"
    assert keep(tmp_path / "own.csv", tmp_path / "out", resource="edges", content=b"other").path.read_bytes() == b"other"
    with pytest.raises(InputError, match="cannot be read: No such file"):
        keep(tmp_path / "gone.csv", tmp_path / "out", resource="edges")


@pytest.mark.parametrize(
    ("name", "last_modified", "expected"),
    [
        ("BasicCompanyDataAsOneFile-2026-11-01.csv", "Mon, 23 Nov 2026 08:00:00 GMT", "2026-11-01"),
        ("20261122-1600-gleif-goldencopy-rr-golden-copy.csv", "", "2026-11-22"),
        ("sdn.csv", "Mon, 09 Nov 2026 08:00:00 GMT", "2026-11-09"),
        ("sdn.csv", "yesterday", "2026-11-23"),
        ("sdn.csv", "", "2026-11-23"),
    ],
)
def test_the_day_of_the_data(name: str, last_modified: str, expected: str) -> None:
    one = Download("main", name, "", Path(), 0, "", "2026-11-23T08:00:00Z", "", last_modified)
    assert one.edition() == expected


def test_a_folders_file_is_as_old_as_it_says(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list", main__csv=BODY)
    os.utime(tmp_path / "xx_list" / "main.csv", (1_700_000_000, 1_700_000_000))
    one = only(fetch(dataset(main_file(None)), tmp_path / "out", source=str(tmp_path)))
    assert one.edition() == "2023-11-14"


def resources(**patterns: str) -> list[Resource]:
    return [Resource(key, tuple(text.split("|"))) for key, text in patterns.items()]


@pytest.mark.parametrize(
    ("wanted", "names", "expected"),
    [
        ({"main": "sdn.csv"}, "SDN.CSV", {"main": "SDN.CSV"}),
        ({"main": "sdn.csv"}, "sdn.csv.zip", {"main": "sdn.csv.zip"}),
        ({"main": "sdn.csv"}, "SDN.ZIP", {"main": "SDN.ZIP"}),
        ({"main": "sdn.csv"}, "sdn.csv.gz", {"main": "sdn.csv.gz"}),
        ({"main": "sdn.zip"}, "sdn.csv", {"main": "sdn.csv"}),
        ({"main": "sdn.csv"}, "sdn.csv sdn.csv.zip", {"main": "sdn.csv"}),
        ({"main": "sdn.csv"}, "sdn.csv sdn.zip", {"main": "sdn.csv"}),
        ({"main": "sdn.csv"}, "sdn.xml sdn_comments.csv", {}),
        ({"main": "sdn.csv|sdn.xml"}, "sdn.xml", {"main": "sdn.xml"}),
        ({"main": "sdn.csv|sdn.xml"}, "sdn.xml sdn.csv", {"main": "sdn.csv"}),
        ({"any": "*.csv", "add": "add.csv"}, "add.csv sdn.csv", {"any": "add.csv sdn.csv"}),
        ({"add": "add.csv", "any": "*.csv"}, "add.csv sdn.csv", {"add": "add.csv", "any": "sdn.csv"}),
        ({"psc": "psc-*.txt"}, "psc-2of2.txt psc-1of2.txt", {"psc": "psc-1of2.txt psc-2of2.txt"}),
        (
            {"psc": "psc-*.txt"},
            "psc-2026-11-20_1of2.zip psc-2026-11-20_2of2.zip psc-2026-10-20_1of1.zip",
            {"psc": "psc-2026-11-20_1of2.zip psc-2026-11-20_2of2.zip"},
        ),
        (
            {"rr": "*-rr-*.csv"},
            "20261122-1600-rr-golden.csv 20261123-0000-rr-golden.csv",
            {"rr": "20261123-0000-rr-golden.csv"},
        ),
    ],
)
def test_which_file_is_which_resource(wanted: dict[str, str], names: str, expected: dict[str, str]) -> None:
    found = assigned(resources(**wanted), names.split())
    assert {key: " ".join(value) for key, value in found.items()} == expected


def test_parts_come_sorted_and_once(tmp_path: Path) -> None:
    lay(tmp_path / "xx_list", p2__txt=b"two", p1__txt=b"one", p3__txt=b"one")
    taken = fetch(dataset(Resource("parts", ("p*.txt",))), tmp_path / "out", source=str(tmp_path))
    assert [one.name for one in taken["parts"]] == ["p1.txt", "p2.txt"]


# A base URL.


@pytest.mark.parametrize("index", [b'["main.csv", "readme.md"]', b'{"files": ["main.csv"]}'])
def test_files_of_a_base_url(server: Server, tmp_path: Path, index: bytes) -> None:
    server.answers["/mirror/xx_list/index.json"] = index
    server.answers["/mirror/xx_list/main.csv"] = BODY
    one = only(fetch(dataset(main_file(None)), tmp_path, source=f"{server.url}/mirror/"))
    assert one.path.read_bytes() == BODY
    assert server.paths() == ["/mirror/xx_list/index.json", "/mirror/xx_list/main.csv"]
    assert offers(dataset(main_file(None)), f"{server.url}/mirror")
    assert not offers(dataset(main_file(None), name="yy_list"), f"{server.url}/mirror")


def test_names_are_quoted_in_addresses(server: Server, tmp_path: Path) -> None:
    server.answers["/xx_list/index.json"] = '["main list #1 名.csv"]'.encode()
    server.answers["/xx_list/main%20list%20%231%20%E5%90%8D.csv"] = BODY
    taken = fetch(dataset(Resource("main", ("main*.csv",))), tmp_path, source=server.url)
    assert only(taken).name == "main list #1 名.csv"


@pytest.mark.parametrize(
    ("index", "complaint"),
    [
        (b"<html>", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"names": []}', "no file names"),
        (b"[1]", "no file names"),
        (b'["../../main.csv"]', "no plain file name"),
        (b'["..\\\\main.csv"]', "no plain file name"),
        (b"[]", "sought main.csv"),
        (b"x" * (line.MAXIMUM_PAGE + 1), "larger than"),
    ],
)
def test_an_index_that_is_none(server: Server, tmp_path: Path, index: bytes, complaint: str) -> None:
    server.answers["/xx_list/index.json"] = index
    assert complaint in failing(tmp_path, dataset(main_file(None)), source=server.url)


def test_no_index_and_an_index_that_names_what_is_not_there(server: Server, tmp_path: Path) -> None:
    assert "must hold the names" in failing(tmp_path, dataset(main_file(None)), source=server.url)
    server.answers["/xx_list/index.json"] = b'["main.csv"]'
    assert "/xx_list/main.csv answers 404" in failing(tmp_path, dataset(main_file(None)), source=server.url)


# Opening a download.


def kept(folder: Path, name: str, body: bytes) -> Download:
    path = folder / "kept"
    path.write_bytes(body)
    return Download("main", name, hashlib.sha256(body).hexdigest(), path, len(body), "", "", "", "")


def zipped(compression: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, body in members.items():
            archive.writestr(name if "/" in name else name.replace("__", "."), body)
    return out.getvalue()


def read(download: Download) -> bytes:
    with open_download(download) as stream:
        return stream.read()


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        zipped(main__csv=BODY),
        zipped(zipfile.ZIP_STORED, main__csv=BODY),
        zipped(zipfile.ZIP_LZMA, main__csv=BODY),
        gzip.compress(BODY),
        gzip.compress(BODY[:5]) + gzip.compress(BODY[5:]),
        zipped(**{"__MACOSX/._main.csv": b"x", "main.csv": BODY, "folder/": b""}),
    ],
    ids=["plain", "zip", "stored", "lzma", "gzip", "gzip in two members", "litter"],
)
def test_what_a_file_is_its_bytes_say(tmp_path: Path, body: bytes) -> None:
    assert read(kept(tmp_path, "main.txt", body)) == BODY


def test_an_empty_file_is_opened(tmp_path: Path) -> None:
    assert read(kept(tmp_path, "main.csv", b"")) == b""


def test_a_workbook_is_itself_the_file(tmp_path: Path) -> None:
    workbook = zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    assert read(kept(tmp_path, "list.xlsx", workbook)) == workbook
    assert read(kept(tmp_path, "list.zip", zipped(list__xlsx=workbook))) == workbook


def flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]


def encrypted() -> bytes:
    body = bytearray(zipped(zipfile.ZIP_STORED, main__csv=BODY))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.index(signature) + offset
        body[at : at + 2] = struct.pack("<H", 1)
    return bytes(body)


NOISE = random.Random(1).randbytes(3 << 20)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (zipped(a__csv=BODY, b__csv=BODY), "holds 2: a.csv, b.csv"),
        (zipped(), "holds 0"),
        (zipped(main__zip=zipped(main__csv=BODY)), "an archive inside an archive"),
        (zipped(main__gz=gzip.compress(BODY)), "an archive inside an archive"),
        (gzip.compress(zipped(main__csv=BODY)), "an archive inside an archive"),
        (encrypted(), "encrypted"),
        (zipped(main__csv=BODY)[:-30], "damaged or cut off"),
        (flipped(zipped(zipfile.ZIP_STORED, main__csv=NOISE), 5000), "damaged or cut off"),
        (flipped(zipped(main__csv=NOISE), 5000), "damaged or cut off"),
        (gzip.compress(NOISE)[:-100], "damaged or cut off"),
        (flipped(gzip.compress(NOISE), -5), "damaged or cut off"),
        (gzip.compress(BODY) + b"and more", "damaged or cut off"),
    ],
    ids="several none nested nested-gz zip-in-gz encrypted no-directory crc crc-deflated gz-cut gz-crc gz-tail".split(),
)
def test_archives_that_are_refused(tmp_path: Path, body: bytes, complaint: str) -> None:
    with pytest.raises(LayoutError) as caught:
        read(kept(tmp_path, "main.zip", body))
    assert complaint in str(caught.value) and str(caught.value).startswith("main.zip: ") and "\n" not in str(caught.value)


def test_a_failed_crc_is_met_by_a_reader_that_stops_early(tmp_path: Path) -> None:
    damaged = kept(tmp_path, "main.zip", flipped(zipped(zipfile.ZIP_STORED, main__csv=NOISE), (2 << 20)))
    with pytest.raises(LayoutError, match="damaged"), open_download(damaged) as stream:
        stream.read(10)


def test_the_readers_own_error_is_not_hidden(tmp_path: Path) -> None:
    damaged = kept(tmp_path, "main.zip", flipped(zipped(zipfile.ZIP_STORED, main__csv=NOISE), (2 << 20)))
    with pytest.raises(KeyError), open_download(damaged) as stream:
        assert stream.read(1)
        raise KeyError


@pytest.mark.parametrize("pack", [lambda body: zipped(main__csv=body), gzip.compress])
def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    bomb = kept(tmp_path, "main.zip", pack(bytes(4 << 20)))
    assert len(read(bomb)) == 4 << 20
    monkeypatch.setattr(unpack, "RATIO_COUNTS_FROM", 1 << 20)
    with pytest.raises(LayoutError, match="zip bomb"):
        read(bomb)
    monkeypatch.setattr(unpack, "MAXIMUM_UNPACKED", 2 << 20)
    with pytest.raises(LayoutError, match="unpacks to more than"):
        read(bomb)


def test_a_bomb_of_real_size_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = kept(tmp_path, "main.zip", zipped(main__csv=bytes(60 << 20)))
    with pytest.raises(LayoutError, match="zip bomb"):
        read(bomb)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    body = bytearray(zipped(main__csv=bytes(1 << 20)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = body.index(signature) + offset
        body[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(LayoutError, match="damaged"):
        read(kept(tmp_path, "main.zip", bytes(body)))


def test_a_download_that_is_gone_says_what_to_run(tmp_path: Path) -> None:
    gone = kept(tmp_path, "main.csv", BODY)
    gone.path.unlink()
    with pytest.raises(StoreError, match="run resolver refresh again"):
        read(gone)


def test_it_is_streamed(tmp_path: Path) -> None:
    def first(stream: BinaryIO) -> bytes:
        return stream.readline()

    with open_download(kept(tmp_path, "main.zip", zipped(main__csv=BODY))) as stream:
        assert first(stream) == b"id,name\n"
        assert list(stream) == [b"1,Example Ltd\n"]


def test_parts_are_read_as_one_file(tmp_path: Path) -> None:
    parts = []
    for number, body in enumerate((b"one\ntwo", b"", b"three\n" * 400_000)):
        part = tmp_path / str(number)
        part.mkdir()
        parts.append(kept(part, f"{number}.txt", body))
    with open_parts(parts) as stream:
        assert stream.read() == b"one\ntwo\n\n" + b"three\n" * 400_000
    with open_parts(parts[:1]) as stream:
        assert stream.read() == b"one\ntwo"
