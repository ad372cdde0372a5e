"""Moments as HTTP spells them, in any of its three ways."""

import pytest

from asyncweb.http.dates import http_date, parse_http_date


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_a_date_is_read_in_each_of_its_spellings(text):
    assert parse_http_date(text) == 784111777


def test_what_is_written_is_read_back():
    for moment in (0, 784111777, 4102444800):
        assert parse_http_date(http_date(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "1 2 3 4 5 6 7 8",
        "Sun, 06 Nov 99999 08:49:37 GMT",
    ],
)
def test_what_is_no_date_is_none(text):
    assert parse_http_date(text) is None


def test_a_year_of_two_digits_is_never_far():
    assert parse_http_date("Thursday, 01-Jan-70 00:00:00 GMT") == 0
    assert http_date(parse_http_date("Tuesday, 01-Jan-69 00:00:00 GMT")).split()[3] == "2069"
