"""Conditional requests, by the rules of RFC 9110, 13."""

import pytest

from asyncweb.http.conditions import failed_condition, wants_ranges
from asyncweb.http.dates import http_date
from asyncweb.http.fields import Headers

NOW = 784111777
BEFORE, AT, AFTER = (http_date(NOW + seconds) for seconds in (-1, 0, 1))


def status(method="GET", etag='"a"', **asked):
    fields = {name.replace("_", "-"): value for name, value in asked.items()}
    return failed_condition(method, Headers(fields), etag, NOW)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, None),
        ({"if_none_match": '"a"'}, 304),
        ({"if_none_match": 'W/"a"'}, 304),
        ({"if_none_match": '"b", "a"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"b"'}, None),
        ({"if_none_match": "a"}, None),
        ({"if_modified_since": AT}, 304),
        ({"if_modified_since": AFTER}, 304),
        ({"if_modified_since": BEFORE}, None),
        ({"if_modified_since": "yesterday"}, None),
        ({"if_match": '"a"'}, None),
        ({"if_match": "*"}, None),
        ({"if_match": '"b"'}, 412),
        ({"if_match": 'W/"a"'}, 412),
        ({"if_match": "nonsense"}, 412),
        ({"if_unmodified_since": AT}, None),
        ({"if_unmodified_since": BEFORE}, 412),
        ({"if_unmodified_since": http_date(0)}, 412),
        ({"if_unmodified_since": "yesterday"}, None),
        # The tag decides, and the date beside it is not looked at.
        ({"if_none_match": '"b"', "if_modified_since": AFTER}, None),
        ({"if_match": '"a"', "if_unmodified_since": BEFORE}, None),
        # What must not be answered comes before what need not be.
        ({"if_match": '"b"', "if_none_match": '"a"'}, 412),
        ({"if_match": '"a"', "if_none_match": '"a"'}, 304),
    ],
)
def test_a_condition_has_one_answer(asked, expected):
    assert status(**asked) == expected
    assert status("HEAD", **asked) == expected


def test_a_weak_tag_is_the_same_for_reading_and_another_for_changing():
    assert status(etag='W/"a"', if_none_match='"a"') == 304
    assert status(etag='W/"a"', if_match='W/"a"') == 412


def test_a_method_that_changes_is_refused_where_one_that_reads_is_told_nothing_new():
    assert status("PUT", if_none_match="*") == 412
    assert status("PUT", if_modified_since=AFTER) is None


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (None, True),
        ('"a"', True),
        ('"b"', False),
        ('W/"a"', False),
        (AT, True),
        (BEFORE, False),
        (AFTER, False),
        ("nonsense", False),
    ],
)
def test_parts_are_only_of_the_version_that_a_client_knows(known, wanted):
    asked = Headers({} if known is None else {"if-range": known})
    assert wants_ranges(asked, '"a"', NOW) is wanted


def test_a_weak_tag_promises_no_bytes():
    assert not wants_ranges(Headers({"if-range": 'W/"a"'}), 'W/"a"', NOW)
