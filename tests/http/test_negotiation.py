"""Which content coding is used for which Accept-Encoding."""

import pytest

from asyncweb.http.negotiation import agree

OFFERED = ["zstd", "br", "gzip", "deflate"]


@pytest.mark.parametrize(
    ("accepted", "coding", "may_be_plain"),
    [
        (None, "identity", True),
        ("", "identity", True),
        ("gzip", "gzip", True),
        ("GZIP", "gzip", True),
        ("x-gzip", "gzip", True),
        ("gzip, deflate, br, zstd", "zstd", True),
        ("gzip, deflate, br", "br", True),
        ("deflate", "deflate", True),
        ("*", "zstd", True),
        ("*;q=0", "identity", True),
        ("gzip;q=0", "identity", True),
        ("gzip;q=0, *", "zstd", True),
        ("zstd;q=0, br;q=0.0, *;q=0.1", "gzip", True),
        ("gzip;q=0.5, deflate ; q=0.8", "deflate", True),
        ("gzip;q=0.5, identity", "identity", True),
        ("gzip;q=0.5, identity;q=0.4", "gzip", True),
        ("gzip, identity;q=0", "gzip", False),
        ("gzip, *;q=0", "gzip", False),
        ("*;q=0, identity, gzip", "gzip", True),
        ("identity;q=0", "identity", True),
        ("compress, lzma", "identity", True),
        ("gzip;q=2, br;q=x, ;;, deflate;q=0.1", "deflate", True),
    ],
)
def test_the_best_coding_that_both_know_is_used(accepted, coding, may_be_plain):
    agreement = agree(accepted, OFFERED)
    assert (agreement.coding, agreement.may_be_plain) == (coding, may_be_plain)


def test_who_offers_nothing_sends_the_content_as_it_is():
    assert agree("gzip", []).coding == "identity"
