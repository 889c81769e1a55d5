"""The line to a server: asked politely, again where the trouble may pass, and never without an end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from resolver import __version__
from resolver.errors import FetchError
from resolver.fetch.vault import Download, Vault

if TYPE_CHECKING:
    import requests

T = TypeVar("T")

DEADLINE = 6 * 3600.0
"""Seconds for one file in all; OFAC's 127 MB have been seen to come at 190 kB/s."""
MAXIMUM_WAIT = 600.0
"""Seconds that a server may ask for with Retry-After."""
LONGEST_PAUSE = 60.0
MAXIMUM_PAGE = 8 << 20
MAXIMUM_REDIRECTS = 10
CHUNK = 1 << 20
USER_AGENT = f"Mozilla/5.0 (compatible; corporate-structure-resolver/{__version__})"
"""Names the project; DFAT and GLEIF refuse an agent that does not look like a browser."""
MAY_PASS = frozenset((408, 429, 500, 502, 503, 504))


class Absent(FetchError):
    """The server says that there is no such file."""


class Passing(FetchError):
    """A trouble that may pass. `wait` is what the server asks to wait for, in seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Line:
    """A session, whom it is for, and its patience: `retries` questions in all, `timeout` seconds without a byte."""

    dataset: str
    session: requests.Session
    retries: int
    timeout: float
    sleep: Callable[[float], None]

    def ask(self, url: str, headers: Mapping[str, str], use: Callable[[requests.Response], T]) -> T:
        """What `use` makes of the answer (200 or 304). Raises Absent for 404 and 410, FetchError for all else."""
        for attempt in range(self.retries):
            try:
                return self._once(url, headers, use)
            except Passing as trouble:
                if attempt + 1 == self.retries:
                    raise FetchError(f"{trouble}, asked {self.retries} times: try again later") from trouble
                if trouble.wait is not None and trouble.wait > MAXIMUM_WAIT:
                    raise FetchError(f"{trouble}, and asks to wait {trouble.wait:.0f} seconds: try again then") from trouble
                self.sleep(min(2.0**attempt, LONGEST_PAUSE) if trouble.wait is None else trouble.wait)
        raise FetchError(f"{self.dataset}: {url} was never asked")

    def _once(self, url: str, headers: Mapping[str, str], use: Callable[[requests.Response], T]) -> T:
        import requests

        try:
            with self.session.get(url, headers=dict(headers), stream=True, timeout=self.timeout) as response:
                self._check(url, response, asked_conditionally=bool(headers))
                return use(response)
        except requests.TooManyRedirects as error:
            raise FetchError(f"{self.dataset}: {url} redirects more than {MAXIMUM_REDIRECTS} times") from error
        except requests.exceptions.SSLError as error:
            raise FetchError(f"{self.dataset}: {url} has no certificate that can be trusted: {_short(error)}") from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            raise Passing(f"{self.dataset}: the connection to {url} failed or was cut: {_short(error)}") from error
        except requests.Timeout as error:
            raise Passing(f"{self.dataset}: {url} was silent for {self.timeout:g} seconds") from error
        except requests.RequestException as error:
            raise FetchError(f"{self.dataset}: {url} cannot be fetched: {_short(error)}") from error

    def _check(self, url: str, response: requests.Response, asked_conditionally: bool) -> None:
        hops = [urlsplit(one.url).scheme for one in (*response.history, response)]
        if "https" in hops and hops[-1] == "http":
            raise FetchError(f"{self.dataset}: {url} redirects from https to http: not followed")
        status = response.status_code
        if status == 200 or (status == 304 and asked_conditionally):
            return
        what = f"{self.dataset}: {url} answers {status} {response.reason or ''}".rstrip()
        if status in (404, 410):
            raise Absent(what)
        if status in MAY_PASS:
            raise Passing(what, _retry_after(response.headers.get("Retry-After", "")))
        if status in (401, 403):
            raise FetchError(
                f"{what}: the publisher refuses programs; download the file with a browser into DIR/{self.dataset}/ "
                f"and refresh with --from DIR"
            )
        raise FetchError(what)

    def page(self, response: requests.Response) -> bytes:
        """The whole answer, which is a small one."""
        body = bytearray()
        for chunk in self.chunks(response):
            body += chunk
            if len(body) > MAXIMUM_PAGE:
                raise FetchError(
                    f"{self.dataset}: {response.url} is larger than {MAXIMUM_PAGE:,} bytes: not the page it should be"
                )
        return bytes(body)

    def chunks(self, response: requests.Response) -> Iterator[bytes]:
        """The bytes of the answer. Raises Passing where fewer come than were announced."""
        end = time.monotonic() + DEADLINE
        for chunk in response.iter_content(CHUNK):
            yield chunk
            if time.monotonic() > end:
                raise FetchError(f"{self.dataset}: {response.url} was not through after {DEADLINE / 3600:g} hours")
        announced = response.headers.get("Content-Length", "")
        came = response.raw.tell()
        if announced.isdigit() and int(announced) != came:
            raise Passing(f"{self.dataset}: {response.url} was cut off after {came:,} of {int(announced):,} bytes")

    def download(self, resource: str, name: str, url: str, vault: Vault, known: Mapping[str, Download]) -> Download:
        """The file at an address; the known download of that address where the server says it is unchanged."""

        def take(response: requests.Response) -> Download:
            if response.status_code == 304:
                return vault.again(known[url])
            return vault.keep(resource, name, url, self.chunks(response), response.headers)

        return self.ask(url, conditions(known.get(url)), take)


def conditions(known: Download | None) -> dict[str, str]:
    """The headers that ask for a file only if it is no longer the known one."""
    if known is None:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def _retry_after(value: str) -> float | None:
    """Seconds to wait: the header's number, or the time until its date (RFC 9110, 10.2.3)."""
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else f"{text[:157]}..."
