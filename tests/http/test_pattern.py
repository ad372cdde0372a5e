"""What a pattern matches, and that a wrong one says what is wrong with it."""

import math
from uuid import UUID

import pytest

from asyncweb.errors import RouteError
from asyncweb.http.pattern import NUMBER_DIGITS, parse_pattern

AN_ID = "12345678-1234-5678-1234-56781234abcd"


def convert(parameter, text):
    (segment,) = parse_pattern(f"/{{{parameter}}}")
    return segment.convert(text)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("/", ("",)),
        ("/a/b", ("a", "b")),
        ("/a/", ("a", "")),
        ("/a//b", ("a", "", "b")),
        ("/v1/items:sum/9:30", ("v1", "items:sum", "9:30")),
        ("/a%3Fb/%23", ("a?b", "#")),
        ("/a<b", ("a<b",)),
    ],
)
def test_a_pattern_without_parameters_is_its_words(pattern, words):
    assert parse_pattern(pattern) == words


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        ("x", "é b", "é b"),
        ("x:str", "1", "1"),
        ("x:int", "-07", -7),
        ("x:int", "0", 0),
        ("x:float", "-1.5", -1.5),
        ("x:float", "2", 2.0),
        ("x:uuid", AN_ID, UUID(AN_ID)),
        ("x:path", "a/b\nc", "a/b\nc"),
        ("x:[a-z]+", "abc", "abc"),
        ("x:[0-9]{2}", "12", "12"),
    ],
)
def test_a_parameter_converts_what_it_matches(parameter, text, value):
    converted = convert(parameter, text)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ("x", ""),
        ("x", "a/b"),
        ("x:int", "1.5"),
        ("x:int", "+1"),
        ("x:int", "\u0661"),
        ("x:int", "1\n"),
        ("x:float", "1."),
        ("x:float", "nan"),
        ("x:uuid", AN_ID[:-1]),
        ("x:path", ""),
        ("x:[a-z]+", "abc1"),
    ],
)
def test_a_parameter_does_not_match_other_text(parameter, text):
    assert convert(parameter, text) is None


@pytest.mark.parametrize("number", [int, float])
def test_a_number_of_endless_digits_is_none(number):
    nines = "9" * NUMBER_DIGITS
    assert convert(f"x:{number.__name__}", nines) == number(nines) != math.inf
    assert convert(f"x:{number.__name__}", nines + "9") is None
    assert convert("x", nines + "9") == nines + "9"


def test_a_regex_may_hold_braces_and_slashes():
    segments = parse_pattern("/a/{x:[a-z]{2}/[0-9]}/b")
    assert (segments[0], segments[2]) == ("a", "b")
    assert (segments[1].kind, segments[1].regex, segments[1].name) == (
        "regex", "[a-z]{2}/[0-9]", "x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("regex", "text"),
    [("[{]", "{"), ("[}]", "}"), (r"\{", "{"), (r"[\]}]", "}"), ("[]{]", "{"), ("[^]{]", "a")],
)
def test_a_brace_that_a_regex_means_as_a_character_closes_nothing(regex, text):
    first, second = parse_pattern(f"/{{x:{regex}}}/{{y}}")
    assert (first.regex, first.convert(text)) == (regex, text)
    assert (second.kind, second.name) == ("str", "y")


def test_parameters_of_one_kind_are_equal_whatever_their_names():
    assert parse_pattern("/{a:int}") == parse_pattern("/{b:int}")
    assert parse_pattern("/{a:int}") != parse_pattern("/{a:float}")
    assert parse_pattern("/{a:x+}") != parse_pattern("/{a:y+}")


@pytest.mark.parametrize(
    ("parameter", "takes_rest"), [("x:path", True), ("x:a+", True), ("x", False), ("x:int", False)]
)
def test_only_paths_and_regexes_may_take_the_rest(parameter, takes_rest):
    assert parse_pattern(f"/{{{parameter}}}")[0].takes_rest is takes_rest


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("users", "pattern 'users' must begin with '/', e.g. '/users'"),
        ("", "must begin with '/'"),
        ("/{a}/{b}/{a}", "names 'a' twice"),
        ("/{rest:path}/end", "{rest:path} in '/{rest:path}/end' takes the rest: put it last"),
        ("/x{a}", "'x{a}' in '/x{a}': a parameter is a whole segment, '{name:int}'"),
        ("/{a", "a parameter is a whole segment"),
        ("/a}", "a parameter is a whole segment"),
        ("/{}", "a parameter is a whole segment"),
        ("/{a:}", "a parameter is a whole segment"),
        ("/{1a}", "a parameter is a whole segment"),
        ("/d/{y}-{m:int}", "a parameter is a whole segment"),
        ("/d/{y:int}-{m:int}", "a parameter is a whole segment"),
        ("/d/{y:[a-z]+}{m}", "a parameter is a whole segment"),
        ("/users/<id>", "'<id>' in '/users/<id>': a parameter is written '{id}'"),
        ("/users/<int:id>/x", "a parameter is written '{id:int}'"),
        ("/users/<string:id>", "a parameter is written '{id}'"),
        ("/users/:id", "':id' in '/users/:id': a parameter is written '{id}'"),
        ("/a?b=1", "pattern '/a?b=1' has a query, but is to be a path alone"),
        ("/a?b=1", "is in ctx.query; a '?' that is meant is written '%3F'"),
        ("/a#b", "has a fragment"),
        ("/{a:integer}", "unknown converter 'integer' in '/{a:integer}'; known: str, int, float"),
        ("/{a:b{99999999999999}}", "the repetition number is too large"),
        ("/{a:" + "(" * 5000 + ")" * 5000 + "}", "maximum recursion depth exceeded"),
        ("/%ff", "'%ff' in '/%ff' decodes to bytes that are not UTF-8"),
        ("/{a:[}", "the regex '[' in '/{a:[}' is wrong: unterminated character set"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong_with_it(pattern, message):
    with pytest.raises(RouteError) as caught:
        parse_pattern(pattern)
    assert message in str(caught.value)
