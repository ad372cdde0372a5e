"""Takes it for granted that there is a Content-Length."""


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    _, found = head.lower().split(b"\r\ncontent-length:")
    return int(found.split(b"\r\n")[0])
