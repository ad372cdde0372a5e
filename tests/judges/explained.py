"""Deviations that are right: where a collection tests something else than an HTTP/1.1 server.

Rule: each line names the case, what our servers do instead, and the RFC section that justifies it.
A line that no longer matches anything is shown as stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.judges.judging import Deviation

TAKEN, REFUSED = "1 accepted where a refusal was due", "0 accepted, then 400"
NOT_KNOWN, WAITS = "0 accepted, then 501", "it goes on waiting where a refusal was due"


@dataclass(frozen=True)
class Explanation:
    """Why the cases that match `case` may end as `says` (both are shell patterns)."""

    judge: str
    case: str
    says: str
    section: str
    why: str

    def covers(self, judge: str, case: str, found: Deviation) -> bool:
        """Whether this deviation of this case is the one explained."""
        return (
            judge == self.judge
            and fnmatchcase(case, self.case)
            and fnmatchcase(found.says, self.says)
        )


FRAGMENT = ("9112 3.2", "a request target has no fragment")
USERINFO = ("9110 4.2.4", "userinfo is deprecated; a recipient should treat it as an error")
TRANSFER = ("9112 6.1", "a transfer coding that is not understood is answered with 501")
METHOD = ("9110 9.1", "an unknown method is answered with 501")
CONNECT = ("9110 9.3.6", "an origin server need not implement CONNECT")
FOLD = ("9112 5.2", "obsolete folding is refused with 400")
LIMIT = ("9110 5.4", "how much is too much is the server's choice; ours is larger")
SINGLETON = ("9110 5.3", "a repeated field that frames nothing is left to the app")
UNDERSCORE = ("9110 5.1", "'_' is a letter of a name like any other; there is no CGI here")
CLOSED = ("9112 9.6", "what comes after a request with close is not read")
CUT = ("9112 8", "a message cut short may be refused or dropped")
ASCII_TARGET = ("9112 3.2", "a request target is printable ASCII")
BARE_LF = ("9112 2.2", "a bare LF may be taken for a line end, or be refused")
REG_NAME = ("3986 3.2.2", "it is a registered name, whatever else it looks like")
VERSION = ("9110 2.5", "another major version is answered with 505")
HOST_OF_TARGET = ("9112 3.2.2", "the host of an absolute target replaces the field")
BODY_OF_GET = ("9110 9.3.1", "a length frames the body of any method, so the next request is safe")

EXPLAINED: tuple[Explanation, ...] = tuple(
    Explanation(judge, case, says, *why)
    for judge, case, says, why in (
        ("llhttp", "* [[]lenient-*]", "*, then 400",
         ("9112 2.2", "a lenient mode takes what the strict one and the RFC refuse")),
        ("llhttp", "* [[]lenient-*]", "refused with 400",
         ("9112 2.2", "a lenient mode takes what the strict one and the RFC refuse")),
        ("llhttp", "* Content-Length reset when no body is received", REFUSED,
         ("9112 6.2", "a parser told to skip bodies; a server has to wait for it")),
        ("llhttp", "method/* request", NOT_KNOWN, METHOD),
        ("llhttp", "* No HTTP version", REFUSED, ("9112 3", "HTTP/0.9 is not spoken here")),
        ("llhttp", "* Fragment in URI", REFUSED, FRAGMENT),
        ("llhttp", "* `host:port` and basic auth", REFUSED, USERINFO),
        ("llhttp", "lenient-version/*", "0 accepted, then 505", VERSION),
        ("llhttp", "method/* with *", REFUSED, ("9112 2.3", "ICE and RTSP are not HTTP")),
        ("llhttp", "uri/*", "request 1: fields: *", HOST_OF_TARGET),
        ("llhttp", "transfer-encoding/2* POST with `chunked` as last *", REFUSED, FRAGMENT),
        ("gunicorn", "invalid/00[678]", TAKEN, LIMIT),
        ("gunicorn", "invalid/017", TAKEN, LIMIT),
        ("gunicorn", "invalid/* [[]limit_request_field*]", TAKEN, LIMIT),
        ("gunicorn", "invalid/019 *", TAKEN,
         ("9110 5.1", "what a proxy says of itself is an unknown field here")),
        ("gunicorn", "invalid/* [[]header_map]", TAKEN, UNDERSCORE),
        ("gunicorn", "valid/040*", "request 1: fields: *", UNDERSCORE),
        ("gunicorn", "invalid/041", TAKEN, SINGLETON),
        ("gunicorn", "invalid/rfc9112_leading_crlf_02", TAKEN,
         ("9112 2.2", "at least one empty line before a request is ignored")),
        ("gunicorn", "valid/099", REFUSED,
         ("9112 8", "the fixture has half the body it declares")),
        ("gunicorn", "valid/005", REFUSED, FRAGMENT),
        ("gunicorn", "valid/025*", NOT_KNOWN, TRANSFER),
        ("gunicorn", "valid/029", NOT_KNOWN, TRANSFER),
        ("gunicorn", "valid/030", NOT_KNOWN, TRANSFER),
        ("gunicorn", "valid/rfc9112_smuggle_*", NOT_KNOWN, TRANSFER),
        ("gunicorn", "valid/028 [[]strip_header_spaces]", REFUSED,
         ("9112 5.1", "a space before the colon is refused")),
        ("gunicorn", "valid/031*", NOT_KNOWN, METHOD),
        ("gunicorn", "valid/compat_obs_fold*", REFUSED, FOLD),
        ("gunicorn", "valid/pp_0?*", REFUSED, ("9112 3", "the PROXY protocol is not HTTP")),
        ("gunicorn", "valid/rfc9112_target_absolute_userinfo_01", REFUSED, USERINFO),
        ("gunicorn", "valid/rfc9112_target_authority_*", NOT_KNOWN, CONNECT),
        ("gunicorn", "valid/rfc9112_target_absolute_https_01", "0 accepted, then 4*",
         ("9110 7.4", "https over a plain connection is refused")),
        ("aiohttp", "test_duplicate_non_security_singleton_header_*", TAKEN, SINGLETON),
        ("aiohttp", "test_headers_old_websocket_key1*", TAKEN,
         ("9110 5.1", "a field of a WebSocket draft is an unknown field")),
        ("aiohttp", "test_http_request_message_after_close*", TAKEN, CLOSED),
        ("aiohttp", "test_parse_query_method*", NOT_KNOWN, METHOD),
        ("aiohttp", "test_py_parser_normalises_method_to_uppercase*", NOT_KNOWN,
         ("9110 9.1", "methods are case-sensitive")),
        ("aiohttp", "test_http_request_parser_utf8_request_line*", REFUSED, ASCII_TARGET),
        ("aiohttp", "test_parse_uri_utf8#*", REFUSED, ASCII_TARGET),
        ("aiohttp", "test_parse_uri_percent_encoded#[45]", REFUSED, FRAGMENT),
        ("aiohttp", "test_parse_uri_empty_query_with_fragment*", REFUSED, FRAGMENT),
        ("h11", "*Some: multi-line*", REFUSED, FOLD),
        ("h11", "*___utmva*", REFUSED,
         ("9110 5.5", "a control character in a value may be replaced or refused")),
        ("apache", "strict 'GET http://017700000001/*", TAKEN, REG_NAME),
        ("apache", "strict 'GET http://0x7f.1/*", TAKEN, REG_NAME),
        ("apache", "strict 'GET http://127.01.0.1/*", TAKEN, REG_NAME),
        ("apache", "strict 'GET http://%3127.0.0.1/*", TAKEN, REG_NAME),
        ("apache", "unsafe 'GET / HTTP/2.0*", "0 accepted, then 505", VERSION),
        ("apache", "unsafe 'GET http://[[]4712:abcd::,]/*", REFUSED,
         ("3986 3.2.2", "no IPv6 address has a comma")),
        ("httparse", "test_request_newlines", REFUSED, BARE_LF),
        ("httparse", "test_request_empty_lines_prefix_lf_only", REFUSED, BARE_LF),
        ("httparse", "test_request_path_backslash", REFUSED, BARE_LF),
        ("picohttpparser", "parse multiline", REFUSED, FOLD),
        ("picohttpparser", "accept MSB chars", REFUSED, ASCII_TARGET),
        ("picohttpparser", "accept multiple spaces *", REFUSED,
         ("9112 3", "one space stands between the parts; leniency is optional")),
        ("desync", "coding alone b'chunked\\t'", REFUSED,
         ("9112 6.1", "httptools takes no tab there; in doubt a coding is refused")),
        ("http11probe", "MAL-LONG-METHOD", "refused with 501",
         ("9112 3", "a method longer than any that is known is answered with 501")),
        ("http11probe", "COMP-HOST-EMPTY-VALUE", TAKEN,
         ("9112 3.3", "without an authority a server may fall back to its default")),
        ("http11probe", "COMP-405-ALLOW", TAKEN,
         ("9110 15.5.6", "the echo answers every method; 405 is the router's own test")),
        ("http11probe", "SMUG-GET-CL-PREFIX-DESYNC", "2 accepted *", BODY_OF_GET),
        ("http11probe", "SMUG-GET-CL-BODY-DESYNC", "2 accepted *", BODY_OF_GET),
        ("http11probe", "SMUG-OPTIONS-CL-BODY-DESYNC", "2 accepted *", BODY_OF_GET),
        ("http11probe", "SMUG-EXPECT-100-CL-DESYNC", "2 accepted *",
         ("9110 10.1.1", "a client need not wait for 100, so the next request is safe")),
        ("http11probe", "SMUG-CL0-BODY-POISON", TAKEN,
         ("9112 6.3", "what follows an empty body is the next request, and is refused")),
    )
)  # fmt: skip
