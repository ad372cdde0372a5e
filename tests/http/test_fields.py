"""Header and query fields keep order and repetition, and refuse what would forge a message."""

from decimal import Decimal
from itertools import islice

import pytest

from asyncweb.errors import BadRequest
from asyncweb.http.fields import Headers
from asyncweb.http.query import Query


def test_header_names_compare_without_case_and_are_kept_lower():
    headers = Headers({"X-One": "1"})
    assert headers["x-ONE"] == "1"
    assert list(headers.fields()) == [("x-one", "1")]


def test_headers_may_be_made_of_pairs_and_keep_their_order():
    pairs = [("b", "1"), ("a", "2"), ("b", "3")]
    assert list(Headers(pairs).fields()) == pairs


def test_several_values_of_a_name_are_joined_or_kept_apart():
    headers = Headers([("a", "1"), ("b", "x"), ("A", "2")])
    assert headers["a"] == "1, 2"
    assert headers.get_all("A") == ["1", "2"]
    assert headers.get_all("c") == []


def test_headers_made_of_others_keep_several_values_of_a_name_apart():
    headers = Headers([("set-cookie", "a=1"), ("vary", "accept"), ("Set-Cookie", "b=2")])
    copy = Headers(headers)
    assert copy.fields() == headers.fields()
    copy.add("vary", "cookie")
    assert headers.get_all("vary") == ["accept"]


def test_a_header_that_is_not_there_is_a_key_error_with_its_name():
    with pytest.raises(KeyError, match="Missing"):
        Headers()["Missing"]


def test_setting_a_header_replaces_all_its_values_at_the_end():
    headers = Headers([("a", "1"), ("b", "2"), ("a", "3")])
    headers["A"] = "4"
    assert list(headers.fields()) == [("b", "2"), ("a", "4")]


def test_setting_a_header_to_what_is_refused_leaves_it_as_it_was():
    headers = Headers({"a": "1"})
    with pytest.raises(ValueError, match="control character"):
        headers["a"] = "2\r\nb: 3"
    assert list(headers.fields()) == [("a", "1")]


def test_deleting_a_header_removes_all_its_values():
    headers = Headers([("a", "1"), ("b", "2"), ("a", "3")])
    del headers["A"]
    assert list(headers.fields()) == [("b", "2")]
    with pytest.raises(KeyError, match="a"):
        del headers["a"]


def test_only_text_can_be_the_name_of_a_header():
    headers = Headers({"a": "1"})
    assert "A" in headers
    assert "b" not in headers
    assert 1 not in headers


def test_headers_count_and_list_each_name_once():
    headers = Headers([("b", "1"), ("a", "2"), ("B", "3")])
    assert list(headers) == ["b", "a"]
    assert len(headers) == 2


def test_headers_show_their_fields():
    assert repr(Headers({"A": "1"})) == "Headers([('a', '1')])"


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\n", "ä", "a\n"])
def test_a_name_that_is_no_token_is_refused(name):
    with pytest.raises(ValueError, match="is no header name"):
        Headers().add(name, "1")


@pytest.mark.parametrize("code", [*range(9), *range(10, 32), 127])
def test_a_control_character_in_a_value_is_refused(code):
    with pytest.raises(ValueError, match=r"header a: .* holds a control character"):
        Headers().add("a", f"x{chr(code)}y")


def test_a_tab_and_latin_1_letters_are_allowed_in_a_value():
    headers = Headers()
    headers.add("a", "x\té\xff")
    assert headers["a"] == "x\té\xff"


def test_a_value_beyond_latin_1_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"'€' is not Latin-1; encode it, e\.g\. urllib"):
        Headers().add("a", "€")


def test_headers_from_the_wire_are_decoded_and_stripped():
    headers = Headers.from_wire([(b"X-A", b" \tcaf\xe9 \t"), (b"x-a", b"2")])
    assert list(headers.fields()) == [("x-a", "café"), ("x-a", "2")]


def test_a_query_gives_the_last_value_or_every_one():
    query = Query("a=1&b=x&a=2")
    assert query["a"] == "2"
    assert query.get_all("a") == ["1", "2"]
    assert query.get_all("A") == []


def test_a_query_is_decoded_and_keeps_blank_values():
    query = Query("na%20me=caf%C3%A9+au+lait&empty=&bare")
    assert dict(query) == {"na me": "café au lait", "empty": "", "bare": ""}


def test_a_query_field_that_is_not_there_is_a_key_error():
    query = Query("a=1")
    with pytest.raises(KeyError, match="b"):
        query["b"]
    assert query.get("b", "default") == "default"


def test_a_query_counts_and_lists_each_name_once():
    query = Query("b=1&a=2&b=3")
    assert list(query) == ["b", "a"]
    assert len(query) == 2
    assert len(Query("")) == 0


def test_a_query_shows_its_fields():
    assert repr(Query("a=1")) == "Query([('a', '1')])"


def test_a_query_is_read_as_another_kind_or_refused_by_name():
    query = Query("page=7&ratio=0.5&all=No&when=&page=8")
    assert (query.get_as("page", int), query.get_as("ratio", float)) == (8, 0.5)
    assert (query.get_as("all", bool, True), query.get_as("none", bool, True)) == (False, True)
    assert query.get_as("none", int) is None
    for name, kind, told in [
        ("all", int, "all='No' is no int"),
        ("ratio", bool, "ratio='0.5' is no bool"),
        ("when", Decimal, "when='' is no Decimal"),
    ]:
        with pytest.raises(BadRequest, match=told):
            query.get_as(name, kind)


def test_setting_headers_leaves_those_alone_that_somebody_goes_through():
    headers = Headers({"a": "1", "b": "2"})
    for name, value in islice(headers.fields(), 10):  # else it might have no end
        headers[f"x-{name}"] = value
    assert headers.fields() == [("a", "1"), ("b", "2"), ("x-a", "1"), ("x-b", "2")]
