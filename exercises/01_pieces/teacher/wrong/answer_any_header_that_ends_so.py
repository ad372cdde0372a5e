"""Finds the words Content-Length inside of another header's name."""


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower().endswith(b"content-length"):
            return int(value)
    return 0
