"""Snapshots: immutable, versioned, switched atomically; all the SQL of the records."""

from resolver.store.difference import Change, difference
from resolver.store.holdings import holdings
from resolver.store.home import Home, default_home
from resolver.store.segment import Counts, FileCount, Segment, disk_errors, shared_identifiers, write
from resolver.store.snapshot import Held, Links, Manifest, Proposal, Snapshot, write_links

__all__ = [
    "Change",
    "Counts",
    "FileCount",
    "Held",
    "Home",
    "Links",
    "Manifest",
    "Proposal",
    "Segment",
    "Snapshot",
    "default_home",
    "difference",
    "disk_errors",
    "holdings",
    "shared_identifiers",
    "write",
    "write_links",
]
