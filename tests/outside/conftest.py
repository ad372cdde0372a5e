"""What the tests against other people's programs share."""

from __future__ import annotations

import pytest

from tests.outside import programs
from tests.outside.witness import ENGINES


@pytest.fixture(scope="session")
def needs():
    """`needs("nginx")` is the program's place; without it the test is skipped, or fails in CI."""
    return programs.needs


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each kind of server, by name."""
    return str(request.param)
