"""Fields that a client may fill with anything: reading them never fails."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from asyncweb.http.conditions import failed_condition, wants_ranges
from asyncweb.http.cookies import parse_cookies
from asyncweb.http.dates import parse_http_date
from asyncweb.http.fields import Headers
from asyncweb.http.negotiation import agree
from asyncweb.http.query import Query

CONDITIONS = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"]
# All that a field can hold: Latin-1 without control characters.
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]))
TAGS = st.lists(st.sampled_from(['"a"', 'W/"a"', '"b"', "*", "a", ", ", '"'])).map("".join)
DATES = st.from_regex(
    r"[A-Z][a-z]{2},? ?[0-9 -]{0,4}[A-Za-z]{3}[0-9: -]{0,16}( GMT)?", fullmatch=True
)
CODINGS = st.lists(
    st.sampled_from(["gzip", "br", "identity", "*", ";q=0", ";q=0.5", ";q=1", ",", " ", ";"])
).map("".join)


QUERIES = st.lists(st.sampled_from([*"ab&&==+%;", "%41", "%C3%A9", "%FF", "é"])).map("".join)


@given(VALUES)
def test_cookies_are_names_with_values(value):
    for name, content in parse_cookies([value]).items():
        assert name and ";" not in name + content


@given(VALUES | DATES)
def test_a_date_is_a_number_or_nothing(value):
    assert isinstance(parse_http_date(value), int | None)


@given(VALUES | CODINGS)
def test_a_coding_is_one_of_those_offered(value):
    agreement = agree(value, ["gzip", "br"])
    assert agreement.coding in ("gzip", "br", "identity")
    assert agreement.may_be_plain or agreement.coding != "identity"


@given(st.dictionaries(st.sampled_from(CONDITIONS), VALUES | TAGS | DATES))
def test_a_condition_is_answered_in_one_of_three_ways(fields):
    assert failed_condition("GET", Headers(fields), '"a"', 784111777) in (None, 304, 412)
    assert wants_ranges(Headers(fields), '"a"', 784111777) in (True, False)


@given(VALUES | QUERIES)
def test_a_query_is_read_as_the_library_reads_a_form(text):
    pairs, query = parse_qsl(text, keep_blank_values=True), Query(text)
    assert list(query) == list(dict(pairs))
    for name in query:
        assert query.get_all(name) == [value for other, value in pairs if other == name]
