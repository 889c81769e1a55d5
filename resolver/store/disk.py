"""What the disk says when it refuses, in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resolver.errors import StoreError


def is_damage(error: Exception) -> bool:
    """Whether the error is SQLite's: a segment that cannot be read."""
    return isinstance(error, sqlite3.Error)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns what the disk or SQLite says into one line with the path."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"cannot write {path}: {error}; free some space or check the folder's rights") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {path}: {reason}; free some space or check the folder's rights") from error
