"""What the tests against other people's libraries share."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

import pytest

collect_ignore = ["http_3.py"]  # no tests in there, and imports of extras


def library(name: str) -> ModuleType:
    """The library `name`. Without it the test is skipped, and fails when CI=true."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        reason = f"the library {name} is not installed ({error})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def needs():
    """`needs("flask")` is that library; without it the test is skipped, or fails in CI."""
    return library
