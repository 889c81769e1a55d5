"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
"""The publishers' real files, beside the project and never in it."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files; a test that asks for it is skipped where the folder is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the publishers' real files are not beside the project ({SHARED_DATA})")
    return SHARED_DATA
