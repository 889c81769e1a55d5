"""A corporate-structure entity resolver for sanctions and export-control screening.

The rooms of this package are floors: each takes values and returns values, and imports from lower floors only.
`tests/test_architecture.py` holds the table of floors.
"""

__version__ = "0.1.0"
