"""Snapshots: immutable, versioned, switched atomically; all the SQL of the records.

What a reader needs is imported here; `writing`, `difference` and `holdings` are for those who refresh and compare.
"""

from resolver.store.home import Home, default_home
from resolver.store.segment import Segment
from resolver.store.snapshot import Held, Links, Manifest, Proposal, Snapshot

__all__ = ["Held", "Home", "Links", "Manifest", "Proposal", "Segment", "Snapshot", "default_home"]
