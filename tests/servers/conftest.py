"""Fixtures of the servers' tests."""

from tests.callers import caller as caller
