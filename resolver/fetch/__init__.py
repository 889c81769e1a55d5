"""The publisher's bytes as content-addressed downloads with provenance, and those bytes opened for reading.

A download lies under `<downloads>/<sha256[:2]>/<sha256>` exactly as it came, and is never rewritten; beside it,
`<sha256>.json` says where the bytes came from and when. Nothing here judges what the bytes say: a web page in place of a
list is a fine download, and the list's own reader refuses it.
"""

from resolver.fetch.naming import assigned
from resolver.fetch.source import RETRIES, TIMEOUT, fetch, keep, offers
from resolver.fetch.unpack import open_download, open_parts
from resolver.fetch.vault import Download, retrieved

__all__ = [
    "RETRIES",
    "TIMEOUT",
    "Download",
    "assigned",
    "fetch",
    "keep",
    "offers",
    "open_download",
    "open_parts",
    "retrieved",
]
