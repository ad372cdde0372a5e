"""How httptools, an independent reader, hears whole messages.

Rule: it judges what we accepted or sent; what it refuses and HTTP allows is named here.
"""

import httptools

# What HTTP allows and httptools does not read: a minor version above 1, white space and other
# alphabets in an extension of a chunk, and any trailer field: it takes `Connection: close` there
# for a header field.
STRICTER = (
    "Data after `Connection: close`",
    "upgrade",
    "Invalid HTTP version",
    "Invalid character in chunk size",
    "Invalid character in chunk extensions",
    "Invalid quoted-pair in chunk extensions",
    "Empty Transfer-Encoding",
    "Invalid `Transfer-Encoding` header value",
    "Content-Length can't be present with Transfer-Encoding",
)


def is_stricter(trouble: str) -> bool:
    """Whether httptools went on no further because it is stricter than HTTP."""
    return trouble.startswith(STRICTER)


class Heard:
    """A message, as it was heard so far."""

    def __init__(self) -> None:
        self.method = ""
        self.status = 0
        self.target = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.whole = False

    def aims_at(self, target: object) -> bool:
        """Whether this target means `target`; the host of an absolute one is told as a field."""
        said = self.target.decode()
        if not said.lower().startswith("http://"):
            return said == target
        authority, slash, path = said[7:].partition("/")
        _, mark, query = authority.partition("?")
        if mark:
            return target == f"/?{query}{slash}{path}"
        return target == (slash + path or ("*" if self.method == "OPTIONS" else "/"))


class Listener:
    """Notes what httptools calls back."""

    parser: httptools.HttpRequestParser

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    def on_message_begin(self) -> None:
        self.heard.append(Heard())

    def on_url(self, part: bytes) -> None:
        self.heard[-1].target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self.heard[-1].fields.append((name, value))

    def on_headers_complete(self) -> None:
        if isinstance(self.parser, httptools.HttpRequestParser):
            self.heard[-1].method = self.parser.get_method().decode()
        else:
            self.heard[-1].status = self.parser.get_status_code()

    def on_body(self, part: bytes) -> None:
        self.heard[-1].body += part

    def on_message_complete(self) -> None:
        self.heard[-1].whole = True


def requests_heard(stream: bytes) -> tuple[list[Heard], str]:
    """The whole requests in `stream`, and what httptools says of the rest, "" for nothing."""
    listener = Listener()
    listener.parser = httptools.HttpRequestParser(listener)
    return _heard(listener, stream)


def responses_heard(stream: bytes) -> tuple[list[Heard], str]:
    """The responses in `stream`, and what httptools says of the rest, "" for nothing."""
    listener = Listener()
    listener.parser = httptools.HttpResponseParser(listener)
    return _heard(listener, stream)


def _heard(listener: Listener, stream: bytes) -> tuple[list[Heard], str]:
    trouble = ""
    try:
        listener.parser.feed_data(stream)
    except httptools.HttpParserUpgrade:
        trouble = "upgrade"
        listener.heard.pop()  # it takes what follows the head for another protocol
    except httptools.HttpParserError as error:
        trouble = str(error)
    return [message for message in listener.heard if message.whole], trouble
