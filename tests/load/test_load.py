"""A small siege of each engine: short limits, few clients, and the same complaints: none."""

import pytest

from asyncweb import Limits
from tests.load.__main__ import ENGINES
from tests.load.siege import Terms, lay_siege, limited_by

pytestmark = pytest.mark.slow

SHORT = Limits(head_s=3.0, body_s=3.0, write_s=3.0, idle_s=4.0)
SMALL = Terms(connections=1000, seconds=12.0, alone_s=2.0, rate_rps=450.0, limits=SHORT)


@pytest.mark.parametrize("engine", ENGINES)
def test_good_clients_are_served_rightly_while_bad_ones_misbehave(engine):
    found = lay_siege(engine, SMALL, print)
    print(limited_by(found))  # shown by pytest -rP
    assert not found.complaints(), "\n".join(found.complaints())
