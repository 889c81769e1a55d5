"""What a screening is asked to look at, and as of when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from resolver.match import DEFAULT_THRESHOLD
from resolver.model import Level

_DEPTH = {Level.ACT: 0, Level.REVIEW: 1, Level.ALL: 2}


@dataclass(frozen=True, slots=True)
class Options:
    """`as_of` is the day asked about; `regimes` empty means every one; `level` is the least serious one shown.

    `overrides` gives a regime a status of the user's own (`us-bis`: `suspended`), where the public text leaves it open.
    """

    as_of: date
    regimes: tuple[str, ...] = ()
    level: Level = Level.REVIEW
    threshold: float = DEFAULT_THRESHOLD
    overrides: dict[str, str] = field(default_factory=dict)

    def shows(self, level: Level) -> bool:
        """Whether findings of that level are asked for."""
        return _DEPTH[level] <= _DEPTH[self.level]
