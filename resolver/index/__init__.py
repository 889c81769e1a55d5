"""Candidate names for a query, memory-mapped; builds the lexicon at refresh."""

from resolver.index.directory import Directory, build_directory
from resolver.index.names import Candidate, Index, build

__all__ = ["Candidate", "Directory", "Index", "build", "build_directory"]
