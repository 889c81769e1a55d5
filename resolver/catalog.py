"""Finds every list in `lists/`: each module there that states a DATASET and a `parse`.

The user's own formats (`own_*`) are templates: `import` gives them a name and a prefix of their own.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from resolver import __version__
from resolver.errors import InputError
from resolver.model import Dataset, Statement
from resolver.record import SetAside, Taken

OWN = "own_"


@dataclass(frozen=True, slots=True)
class ListModule:
    """A list: what it is, and how it is read. `format` is the module's name."""

    dataset: Dataset
    format: str
    module: ModuleType

    @property
    def own(self) -> bool:
        """Whether it is a format of the user's own files."""
        return self.format.startswith(OWN)

    def parse(self, files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
        """The outcomes of every row of the files, by resource key."""
        if self.own:
            outcomes: Iterator[Taken[Statement] | SetAside] = self.module.parse(files, self.dataset)
        else:
            outcomes = self.module.parse(files)
        return outcomes

    @property
    def dated(self) -> bool:
        """Whether the publisher's file may say in its first bytes of which day it is (the pattern EDITION)."""
        return hasattr(self.module, "EDITION")

    def edition(self, head: bytes) -> str:
        """The day (ISO 8601) that the first bytes of a file say it is of, empty where they say none."""
        found = self.module.EDITION.search(head)
        return found[1].decode() if found else ""

    def fingerprint(self) -> str:
        """Names the code that reads the list: with the same bytes and the same fingerprint, a segment is the same."""
        room = Path(__file__).parent
        words = (room / f"{name}.py" for name in ("countries", "identifiers", "model", "share"))
        readers = [*words, *sorted(room.glob("record/*.py"))]
        import lists

        package = Path(lists.__file__ or "").parent
        texts = [path.read_bytes() for path in (*sorted(package.rglob("*.py")), *readers)]
        digest = hashlib.sha256(repr((__version__, self.format, self.dataset.name, self.dataset.prefix)).encode())
        for text in texts:
            digest.update(hashlib.sha256(text).digest())
        return digest.hexdigest()


def _modules() -> Iterator[ListModule]:
    import lists

    for found in sorted(pkgutil.iter_modules(lists.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"lists.{found.name}")
        if hasattr(module, "DATASET"):
            yield ListModule(module.DATASET, found.name, module)


def datasets() -> dict[str, ListModule]:
    """Every public list and registry, by dataset name."""
    return {one.dataset.name: one for one in _modules() if not one.own}


def own(format: str, name: str, file: str = "") -> ListModule:
    """The user's own dataset `name`, read from `file` in the format `own_<format>`, whose messages then name the file.

    Raises InputError for a format there is not.
    """
    formats = {one.format: one for one in _modules() if one.own}
    if format not in formats:
        raise InputError(f"no import format {format!r}: there are {', '.join(sorted(formats))}")
    found = formats[format]
    resources = tuple(replace(one, patterns=(file,)) for one in found.dataset.resources) if file else found.dataset.resources
    dataset = replace(found.dataset, name=name, prefix=name, title=f"{name} (imported)", resources=resources)
    return replace(found, dataset=dataset)
