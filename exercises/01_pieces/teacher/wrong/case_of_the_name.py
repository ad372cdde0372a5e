"""Knows one spelling of Content-Length."""


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    for line in head.split(b"\r\n"):
        if line.startswith(b"Content-Length: "):
            return int(line[16:])
    return 0
