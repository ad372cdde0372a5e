"""Which bytes a Range field asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.http.ranges import RANGES, content_range, parse_ranges


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("bytes=0-0", [(0, 1)]),
        ("bytes=2-5", [(2, 6)]),
        ("bytes=5-", [(5, 10)]),
        ("bytes=5-99999999999", [(5, 10)]),
        ("bytes=-3", [(7, 10)]),
        ("bytes=-99", [(0, 10)]),
        ("Bytes = 1-1", [(1, 2)]),
        ("bytes=7-8, ,0-1", [(7, 9), (0, 2)]),
        ("bytes=0-4,3-6", [(0, 7)]),
        ("bytes=3-6,9-9,0-4", [(0, 7), (9, 10)]),
        ("bytes=0-1,20-30", [(0, 2)]),
        ("bytes=10-", []),
        ("bytes=-0", []),
        ("bytes=10-12,-0", []),
    ],
)
def test_a_range_names_the_bytes_that_there_are(text, spans):
    assert parse_ranges(text, 10) == spans


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=1",
        "bytes=1-2-3",
        "bytes=0x1-2",
        "bytes=\u0661-2",
        "bytes=" + "1" * 5000 + "-",
        "lines=1-2",
        "bytes=" + ",".join(["0-0"] * (RANGES + 1)),
    ],
)
def test_what_is_no_range_of_bytes_asks_for_the_whole(text):
    assert parse_ranges(text, 10) is None


def test_of_nothing_there_are_no_parts():
    assert parse_ranges("bytes=0-0", 0) is None


def test_a_range_is_told_with_its_last_byte():
    assert content_range((2, 6), 10) == "bytes 2-5/10"


@given(
    text=st.text("0123456789-, ", max_size=40) | st.text("0123456789-,=bytes", max_size=40),
    size=st.integers(0, 1000),
)
def test_parts_are_inside_apart_and_no_more_than_the_whole(text, size):
    spans = parse_ranges("bytes=" + text, size)
    if spans:
        assert all(0 <= first < after <= size for first, after in spans)
        assert len({byte for span in spans for byte in range(*span)}) == sum(
            after - first for first, after in spans
        )
