"""Interests as arrays for the whole world, as columns for a file of them, as holdings on a day, and drawn with networkx."""

from resolver.graph.columns import Columns, Grouped, Terms, knotted
from resolver.graph.holding import Holding, holdings, once
from resolver.graph.neighbourhood import (
    DatasetOf,
    Neighbourhood,
    by_prefix,
    current,
    drawn,
    is_current,
    stated_by,
)
from resolver.graph.whole import Around, Graph, build

__all__ = [
    "Around",
    "Columns",
    "DatasetOf",
    "Graph",
    "Grouped",
    "Holding",
    "Neighbourhood",
    "Terms",
    "build",
    "by_prefix",
    "current",
    "drawn",
    "holdings",
    "is_current",
    "knotted",
    "once",
    "stated_by",
]
