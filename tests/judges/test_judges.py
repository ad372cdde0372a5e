"""The judges that need nothing but this repository or a package registry, before every engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.judges.cases import Case
from tests.judges.echo import ENGINES, start
from tests.judges.hearing import hear
from tests.judges.sources import SOURCES, NotAvailable, Source

AT_HAND = [source for source in SOURCES if source.is_ours or source.package]
pytestmark = pytest.mark.slow


HEARINGS = 3  # a reset may take an answer with it that was sent; what is wrong, is wrong again


@pytest.fixture(scope="module")
def gather(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Source], list[Case]]:
    """The cases of a collection, fetched once; without them CI fails and others skip."""
    scratch: Path = tmp_path_factory.mktemp("judges")

    def cases(source: Source) -> list[Case]:
        try:
            found = list(source.read(source.folder(None, scratch)))
        except NotAvailable as why:
            absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            absent(f"{source.name}: {why}")
        assert found, f"{source.name} has no cases: has its form changed?"
        return found

    return cases


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", AT_HAND, ids=lambda source: source.name)
def test_a_judge_finds_nothing_that_is_not_explained(source, engine, gather):
    cases = gather(source)
    server = start(engine)
    try:
        for _ in range(HEARINGS):
            hearing = hear(engine, server.port, source.name, cases)
            cases = [found.case for found in hearing.failures]
    finally:
        server.stop()
    told = [
        f"{found.deviation.kind} {found.case.name}: expected {found.case.verdict}; came "
        f"{found.came}; {found.deviation.says}; sent {found.case.data[:200]!r}"
        for found in hearing.failures
    ]
    assert not told, "\n".join(told)
