"""What RFC 9110 and RFC 9112 say of requests, as bytes and verdicts: one row, one rule.

A row quotes its section. `ACCEPTED` rows give what is understood; `REFUSED` rows the status.
"""

from dataclasses import dataclass, field

HOST = b"Host: t\r\n"


@dataclass(frozen=True)
class Accepted:
    section: str
    rule: str
    data: bytes
    method: str = "GET"
    target: str = "/"
    body: bytes = b""
    version: str = "1.1"
    stays: bool = True
    host: str | None = "t"

    @property
    def understood(self):
        return self.method, self.target, self.body, self.version, self.stays, self.host


@dataclass(frozen=True)
class Refused:
    section: str
    rule: str
    status: int
    data: bytes
    limits: dict = field(default_factory=dict)


def get(*fields, line=b"GET / HTTP/1.1"):
    return b"".join(part + b"\r\n" for part in (line, b"Host: t", *fields, b""))


def post(*fields, body=b""):
    return get(*fields, line=b"POST / HTTP/1.1") + body


def chunked(chunks, *fields):
    return post(b"Transfer-Encoding: chunked", *fields, body=chunks)


def sized(value, body=b""):
    return post(b"Content-Length: " + value, body=body)


A, M = "RFC 9110", "RFC 9112"
POST = {"method": "POST"}
ACCEPTED = [
    Accepted(f"{M} 2.1", "a request line, fields, an empty line", get(b"A: b")),
    Accepted(f"{M} 2.2", "an empty line before the request line is ignored", b"\r\n" + get()),
    Accepted(f"{M} 2.2", "so are two", b"\r\n\r\n" + get()),
    Accepted(f"{A} 2.5", "a higher minor version is read as ours", get(line=b"GET / HTTP/1.9")),
    Accepted(
        f"{M} 3.2.1",
        "origin-form: path and query as they come",
        get(line=b"GET /a%20b/../c?d=%7e&&e|f HTTP/1.1"),
        target="/a%20b/../c?d=%7e&&e|f",
    ),
    Accepted(
        f"{M} 3.2.2",
        "absolute-form: its host is the one that counts",
        get(line=b"GET http://h:80/x?y HTTP/1.1"),
        target="/x?y",
        host="h:80",
    ),
    Accepted(
        f"{M} 3.2.4",
        "asterisk-form of OPTIONS",
        get(line=b"OPTIONS * HTTP/1.1"),
        method="OPTIONS",
        target="*",
    ),
    Accepted(f"{M} 3.2", "a Host may be empty", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", host=""),
    Accepted(
        f"{A} 7.2",
        "a Host may be an address with a port",
        b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        host="[::1]:80",
    ),
    Accepted(f"{M} 5", "white space around a value is no part of it", get(b"A: \t b \t ")),
    Accepted(
        f"{M} 5",
        "white space around the host is no part of it",
        b"GET / HTTP/1.1\r\nHost: \tt\t \r\n\r\n",
    ),
    Accepted(f"{A} 5.5", "a value may hold bytes of other alphabets", get(b"A: \xc3\xa9\xff")),
    Accepted(f"{A} 5.6.2", "a name is a token", get(b"!#$%&'*+-.^_`|~09azAZ: x")),
    Accepted(f"{M} 6.2", "a body has its length", sized(b"5", b"he\r\no"), body=b"he\r\no", **POST),
    Accepted(
        f"{M} 6.2", "a length may begin with zeros", sized(b"0002", b"ab"), body=b"ab", **POST
    ),
    Accepted(f"{M} 6.3", "a request without a length has no body", post(), **POST),
    Accepted(f"{M} 6.3", "a length of 0 is no body", sized(b"0"), **POST),
    Accepted(f"{M} 6.3", "a GET may have a body", get(b"Content-Length: 2") + b"hi", body=b"hi"),
    Accepted(
        f"{M} 7.1",
        "a body in chunks",
        chunked(b"2\r\nhe\r\nA\r\n0123456789\r\n0\r\n\r\n"),
        body=b"he0123456789",
        **POST,
    ),
    Accepted(
        f"{M} 7.1",
        "a size has digits of both cases and zeros in front",
        chunked(b"00c\r\n0123456789ab\r\n000\r\n\r\n"),
        body=b"0123456789ab",
        **POST,
    ),
    Accepted(
        f"{M} 7.1.1",
        "extensions of chunks are ignored",
        chunked(b'2;a;b=c ; d="e\\"f;\\\\"\r\nhi\r\n0;last\r\n\r\n'),
        body=b"hi",
        **POST,
    ),
    Accepted(
        f"{M} 7.1.2",
        "trailers are no header fields",
        chunked(b"2\r\nhi\r\n0\r\nConnection: close\r\nExpect: tea\r\nX:\r\n\r\n"),
        body=b"hi",
        **POST,
    ),
    Accepted(
        f"{M} 7",
        "names of codings have no case",
        post(b"Transfer-Encoding: ChunKed", body=b"0\r\n\r\n"),
        **POST,
    ),
    Accepted(
        f"{M} 9.3",
        "HTTP/1.0 stays when it asks to",
        get(b"Connection: Keep-Alive", line=b"GET / HTTP/1.0"),
        version="1.0",
    ),
    Accepted(f"{A} 7.6.1", "other options of a connection are not ours", get(b"Connection: te, x")),
    Accepted(
        f"{A} 7.8",
        "an upgrade that is not offered is ignored",
        get(b"Connection: upgrade", b"Upgrade: h2c, websocket"),
    ),
    Accepted(
        f"{A} 7.8",
        "a body beside an upgrade is a body",
        post(b"Connection: Upgrade", b"Upgrade: x", b"Content-Length: 2", body=b"hi"),
        body=b"hi",
        **POST,
    ),
    Accepted(
        f"{A} 10.1.1",
        "an expectation of 100-continue",
        post(b"Expect: 100-Continue", b"Content-Length: 2", body=b"hi"),
        body=b"hi",
        **POST,
    ),
    Accepted(
        f"{A} 10.1.1",
        "an expectation of HTTP/1.0 is ignored",
        get(b"Expect: tea", b"Connection: keep-alive", line=b"GET / HTTP/1.0"),
        version="1.0",
    ),
]
LAST = [
    Accepted(
        f"{M} 3.2.2",
        "absolute-form of HTTP/1.0 without Host",
        b"GET HTTP://h HTTP/1.0\r\n\r\n",
        version="1.0",
        stays=False,
        host="h",
    ),
    Accepted(f"{M} 9.6", "close closes", get(b"Connection: close"), stays=False),
    Accepted(f"{M} 9.6", "close among others", get(b"Connection: x,\tCLOSE"), stays=False),
    Accepted(f"{M} 9.3", "close wins", get(b"Connection: keep-alive, close"), stays=False),
    Accepted(
        f"{M} 9.3", "close wins over a later line",
        get(b"Connection: close", b"Connection: keep-alive", line=b"GET / HTTP/1.0"),
        version="1.0", stays=False,
    ),
    Accepted(
        f"{M} 9.3", "HTTP/1.0 closes", b"GET / HTTP/1.0\r\n\r\n",
        version="1.0", stays=False, host=None,
    ),
    Accepted(
        f"{M} 9.6",
        "close after a body",
        post(b"Connection: close", b"Content-Length: 2", body=b"hi"),
        body=b"hi",
        stays=False,
        **POST,
    ),
]  # fmt: skip
REFUSED = [
    # The request line
    Refused(f"{M} 2.2", "a line ends with CR and LF: no LF alone", 400,
            b"GET / HTTP/1.1\nHost: t\n\n"),
    Refused(f"{M} 2.2", "no LF alone after a field", 400, b"GET / HTTP/1.1\r\nHost: t\n\r\n"),
    Refused(f"{M} 2.2", "no CR alone in a line", 400, get(b"A: b\rC: d")),
    Refused(f"{M} 2.2", "no LF alone as the empty line", 400, b"GET / HTTP/1.1\r\nHost: t\r\n\n"),
    Refused(f"{M} 2.2", "no white space before the first field", 400,
            b"GET / HTTP/1.1\r\n Host: t\r\n\r\n"),
    Refused(f"{M} 2.2", "no end of empty lines", 400, b"\r\n" * 3 + get()),
    Refused(f"{M} 3", "one space after the method", 400, get(line=b"GET  / HTTP/1.1")),
    Refused(f"{M} 3", "a space, no tab", 400, get(line=b"GET\t/ HTTP/1.1")),
    Refused(f"{M} 3", "one space after the target", 400, get(line=b"GET /  HTTP/1.1")),
    Refused(f"{M} 3", "nothing after the version", 400, get(line=b"GET / HTTP/1.1 ")),
    Refused(f"{M} 3", "nothing before the method", 400, b" " + get()),
    Refused(f"{M} 3", "no space in a target", 400, get(line=b"GET /a b HTTP/1.1")),
    Refused(f"{M} 3", "a target there must be", 400, get(line=b"GET  HTTP/1.1")),
    Refused(f"{M} 3", "no garbage", 400, b"GARBAGE\r\n\r\n"),
    Refused(f"{M} 3", "no TLS", 400, b"\x16\x03\x01\x02\x00\n"),
    Refused(f"{M} 3", "no garbage without an end", 400, b"\x00" * 300, {"target_bytes": 100}),
    Refused(f"{M} 3.1", "a method is a token", 400, get(line=b"G(T / HTTP/1.1")),
    Refused(f"{A} 9.1", "an unknown method", 501, get(line=b"BREW / HTTP/1.1")),
    Refused(f"{A} 9.1", "methods have a case", 501, get(line=b"get / HTTP/1.1")),
    Refused(f"{M} 3", "a method longer than any", 501, b"G" * 40 + b" / HTTP/1.1\r\n"),
    Refused(f"{A} 9.3.6", "no tunnels", 501,
            b"CONNECT t:443 HTTP/1.1\r\nHost: t:443\r\n\r\n"),
    Refused(f"{M} 3.2", "no fragment", 400, get(line=b"GET /#a HTTP/1.1")),
    Refused(f"{M} 3.2", "no bytes but printable ASCII", 400, get(line=b"GET /\xc3\xa9 HTTP/1.1")),
    Refused(f"{M} 3.2", "no control bytes", 400, get(line=b"GET /\x00 HTTP/1.1")),
    Refused("RFC 3986 2.1", "a percent sign and no number", 400, get(line=b"GET /a%zz HTTP/1.1")),
    Refused("RFC 3986 2.1", "half a number", 400, get(line=b"GET /?a=%4 HTTP/1.1")),
    Refused(f"{M} 3.2.1", "a path begins with a slash", 400, get(line=b"GET a HTTP/1.1")),
    Refused(f"{M} 3.2.4", "an asterisk is for OPTIONS", 400, get(line=b"GET * HTTP/1.1")),
    Refused(f"{A} 4.2.1", "http has a host", 400, get(line=b"GET http:///a HTTP/1.1")),
    Refused(f"{A} 4.2.4", "no user in a target", 400, get(line=b"GET http://u@t/ HTTP/1.1")),
    Refused(f"{M} 3.2.2", "no scheme but http", 400, get(line=b"GET ftp://t/ HTTP/1.1")),
    Refused(f"{M} 3", "a target beyond the limit", 414,
            get(line=b"GET /" + b"x" * 300 + b" HTTP/1.1"), {"target_bytes": 100}),
    Refused(f"{M} 3", "a target without an end", 414, b"GET /" + b"x" * 300, {"target_bytes": 100}),
    Refused(f"{A} 7.4", "https over a connection in the clear", 421,
            get(line=b"GET https://t/ HTTP/1.1")),
    # The version
    Refused(f"{M} 2.3", "HTTP/0.9 has no version", 400, b"GET /\r\n\r\n"),
    Refused(f"{A} 15.6.6", "HTTP/0.9 by name", 505, get(line=b"GET / HTTP/0.9")),
    Refused(f"{A} 15.6.6", "HTTP/2.0", 505, get(line=b"GET / HTTP/2.0")),
    Refused(f"{A} 15.6.6", "HTTP/3.0 of an unknown method", 505, get(line=b"BREW / HTTP/3.0")),
    Refused("RFC 9113 3.4", "the preface of HTTP/2", 505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Refused(f"{M} 2.3", "the name HTTP has a case", 400, get(line=b"GET / http/1.1")),
    Refused(f"{M} 2.3", "a version of two digits", 400, get(line=b"GET / HTTP/1.10")),
    Refused(f"{M} 2.3", "a version with a dot", 400, get(line=b"GET / HTTP/1,1")),
    Refused(f"{M} 2.3", "another protocol", 400, get(line=b"DESCRIBE / RTSP/1.0")),
    # Fields
    Refused(f"{M} 5", "a field has a colon", 400, get(b"A")),
    Refused(f"{M} 5.1", "no space before the colon", 400, get(b"A : b")),
    Refused(f"{M} 5.1", "no tab before the colon", 400, get(b"Content-Length\t: 3")),
    Refused(f"{M} 5.1", "a name there must be", 400, get(b": b")),
    Refused(f"{A} 5.1", "a name is a token", 400, get(b"A(: b")),
    Refused(f"{A} 5.1", "a name is ASCII", 400, get(b"\xc3\xa9: b")),
    Refused(f"{A} 5.5", "no NUL in a value", 400, get(b"A: \x00")),
    Refused(f"{A} 5.5", "no control byte in a value", 400, get(b"A: \x0b")),
    Refused(f"{A} 5.5", "no DEL in a value", 400, get(b"A: \x7f")),
    Refused(f"{M} 5.2", "no folded line", 400, get(b"A: b", b" c")),
    Refused(f"{M} 5.2", "no line folded by a tab", 400, get(b"A: b", b"\tc")),
    Refused(f"{A} 5.4", "a head beyond the limit", 431,
            get(b"A: " + b"x" * 300), {"head_bytes": 200}),
    Refused(f"{A} 5.4", "a head without an end", 431, get(b"A: " + b"x" * 300)[:-4],
            {"head_bytes": 200}),
    Refused(f"{A} 5.4", "too many fields", 431, get(b"A: b", b"A: b"), {"header_count": 2}),
    # Host
    Refused(f"{M} 3.2", "no Host", 400, b"GET / HTTP/1.1\r\nA: b\r\n\r\n"),
    Refused(f"{M} 3.2", "two Hosts", 400, get(b"Host: t")),
    Refused(f"{M} 3.2", "two Hosts of another case", 400, get(b"hOST: u")),
    Refused(f"{M} 3.2", "two Hosts of HTTP/1.0", 400, get(b"Host: t", line=b"GET / HTTP/1.0")),
    Refused(f"{M} 3.2", "no Host beside an absolute target", 400,
            b"GET http://t/ HTTP/1.1\r\n\r\n"),
    Refused(f"{M} 3.2", "a Host with a space", 400, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    Refused(f"{M} 3.2", "a Host with a path", 400, b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    Refused(f"{M} 3.2", "a Host with a user", 400, b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    Refused(f"{M} 3.2", "two Hosts in one", 400, b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    Refused(f"{M} 3.2", "a Host with a port that is none", 400,
            b"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
    # Where a body ends
    Refused(f"{M} 6.3", "two lengths that differ", 400,
            post(b"Content-Length: 3", b"Content-Length: 4")),
    Refused(f"{M} 6.3", "two lengths that agree", 400,
            post(b"Content-Length: 3", b"Content-Length: 3")),
    Refused(f"{M} 6.3", "a list of lengths", 400, sized(b"3, 3", b"abc")),
    Refused(f"{A} 8.6", "a length with a sign", 400, sized(b"+3", b"abc")),
    Refused(f"{A} 8.6", "a negative length", 400, sized(b"-3", b"abc")),
    Refused(f"{A} 8.6", "a length in hexadecimal", 400, sized(b"0x3", b"abc")),
    Refused(f"{A} 8.6", "a length with an underscore", 400, sized(b"1_0", b"abc")),
    Refused(f"{A} 8.6", "a length with a point", 400, sized(b"3.0", b"abc")),
    Refused(f"{A} 8.6", "a length with a space", 400, sized(b"3 3", b"abc")),
    Refused(f"{A} 8.6", "an empty length", 400, sized(b"")),
    Refused(f"{A} 8.6", "a length beyond 64 bits", 400, sized(b"9" * 30)),
    Refused(f"{M} 6.1", "a length and an encoding", 400,
            post(b"Content-Length: 3", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n")),
    Refused(f"{M} 6.1", "an encoding and a length", 400,
            post(b"Transfer-Encoding: chunked", b"Content-Length: 3", body=b"0\r\n\r\n")),
    Refused(f"{M} 6.1", "an encoding of HTTP/1.0", 400,
            get(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.0")),
    Refused(f"{M} 6.1", "another encoding before chunked", 501,
            post(b"Transfer-Encoding: gzip, chunked")),
    Refused(f"{M} 6.3", "an encoding that is not chunked", 400, post(b"Transfer-Encoding: gzip")),
    Refused(f"{M} 6.3", "chunked is not the last", 400, post(b"Transfer-Encoding: chunked, gzip")),
    Refused(f"{M} 6.1", "chunked twice", 400, post(b"Transfer-Encoding: chunked, chunked")),
    Refused(f"{M} 6.1", "chunked twice, in two fields", 400,
            post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked")),
    Refused(f"{M} 6.3", "chunked in disguise: a letter", 400, post(b"Transfer-Encoding: xchunked")),
    Refused(f"{M} 6.3", "chunked in disguise: a quote", 400, post(b'Transfer-Encoding: "chunked"')),
    Refused(f"{M} 6.3", "chunked in disguise: a parameter", 400,
            post(b"Transfer-Encoding: chunked;a=b")),
    Refused(f"{M} 6.3", "chunked in disguise: identity", 400, post(b"Transfer-Encoding: identity")),
    Refused(f"{M} 6.3", "an empty encoding", 400, post(b"Transfer-Encoding:")),
    Refused(f"{A} 15.5.14", "a declared body beyond the limit", 413,
            sized(b"5"), {"body_bytes": 4}),
    Refused(f"{A} 15.5.14", "a body of chunks beyond the limit", 413,
            chunked(b"3\r\nabc\r\n2\r\nde\r\n"), {"body_bytes": 4}),
    Refused(f"{A} 10.1.1", "another expectation", 417, post(b"Expect: tea", b"Content-Length: 2")),
    # Chunks
    Refused(f"{M} 7.1", "a size there must be", 400, chunked(b"\r\nabc\r\n")),
    Refused(f"{M} 7.1", "a size is hexadecimal", 400, chunked(b"x\r\n")),
    Refused(f"{M} 7.1", "a size has no sign", 400, chunked(b"+3\r\nabc\r\n")),
    Refused(f"{M} 7.1", "a size has no prefix", 400, chunked(b"0x3\r\nabc\r\n")),
    Refused(f"{M} 7.1", "a size has no space before", 400, chunked(b" 3\r\nabc\r\n")),
    Refused(f"{M} 7.1", "a size has no space after", 400, chunked(b"3 \r\nabc\r\n")),
    Refused(f"{M} 7.1", "a size ends with CR and LF", 400, chunked(b"3\nabc\n0\n\n")),
    Refused(f"{M} 7.1", "a size beyond 64 bits", 400, chunked(b"1" * 17 + b"\r\n")),
    Refused(f"{M} 7.1", "a size of 64 bits is beyond the limit", 413, chunked(b"f" * 16 + b"\r\n")),
    Refused(f"{M} 7.1", "a chunk is as long as its size", 400, chunked(b"3\r\nabcd\r\n0\r\n\r\n")),
    Refused(f"{M} 7.1", "a chunk ends with CR and LF", 400, chunked(b"3\r\nabc\n0\r\n\r\n")),
    Refused(f"{M} 7.1.1", "an extension has a name", 400, chunked(b"3;\r\nabc\r\n")),
    Refused(f"{M} 7.1.1", "an extension has a semicolon", 400, chunked(b"3 a=b\r\nabc\r\n")),
    Refused(f"{M} 7.1.1", "no CR in an extension", 400, chunked(b"3;a\rb\r\nabc\r\n")),
    Refused(f"{M} 7.1.1", "an extension ends with CR and LF", 400, chunked(b"3;a\nabc\r\n")),
    Refused(f"{M} 7.1.1", "no NUL in an extension", 400, chunked(b"3;a=\x00\r\nabc\r\n")),
    Refused(f"{M} 7.1.1", "extensions beyond the limit", 413, chunked(b"3;a=" + b"x" * 300),
            {"head_bytes": 200}),
    Refused(f"{M} 7.1.1", "many extensions beyond the limit", 413,
            chunked(b"1;aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n" * 20), {"head_bytes": 200}),
    Refused(f"{M} 7.1.2", "a trailer has a colon", 400, chunked(b"0\r\nA\r\n\r\n")),
    Refused(f"{M} 7.1.2", "a trailer ends with CR and LF", 400, chunked(b"0\r\nA: b\n\r\n")),
    Refused(f"{M} 7.1.2", "no space before the colon of a trailer", 400,
            chunked(b"0\r\nA : b\r\n\r\n")),
    Refused(f"{M} 7.1.2", "no folded trailer", 400, chunked(b"0\r\nA: b\r\n c\r\n\r\n")),
    Refused(f"{A} 6.5.1", "no length in a trailer", 400,
            chunked(b"0\r\nContent-Length: 9\r\n\r\n")),
    Refused(f"{A} 6.5.1", "no encoding in a trailer", 400,
            chunked(b"0\r\nTransfer-Encoding: chunked\r\n\r\n")),
    Refused(f"{A} 6.5.1", "no Host in a trailer", 400, chunked(b"0\r\nhost: u\r\n\r\n")),
    Refused(f"{M} 7.1.2", "trailers beyond the limit", 431, chunked(b"0\r\nA: " + b"x" * 300),
            {"head_bytes": 200}),
    Refused(f"{M} 7.1.2", "too many trailers", 431, chunked(b"0\r\n" + b"A: b\r\n" * 3 + b"\r\n"),
            {"header_count": 2}),
    # Where two rules are broken, the first one counts
    Refused(f"{M} 3", "a long target, then garbage", 414,
            get(line=b"GET /" + b"x" * 300 + b"\x00"), {"target_bytes": 100}),
    Refused(f"{M} 2.2", "a bare LF, then a head beyond the limit", 400,
            get(b"A: b\n", b"A: " + b"x" * 300), {"head_bytes": 200}),
    Refused(f"{M} 2.2", "an unknown method and a bare LF", 400,
            get(b"A: b\n", line=b"BREW / HTTP/1.1")),
    Refused(f"{A} 5.4", "a head beyond the limit, then a bare LF", 431,
            get(b"A: " + b"x" * 300, b"B: c\n"), {"head_bytes": 200}),
    Refused(f"{A} 5.4", "a head beyond the limit of a version that is not ours", 431,
            get(b"A: " + b"x" * 300, line=b"GET / HTTP/2.0"), {"head_bytes": 200}),
]  # fmt: skip
