"""Fixtures of the servers' tests."""

from tests.callers import caller as caller
from tests.callers import tls as tls
