"""Reads all headers into a dict first."""


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    headers = dict(line.split(":", 1) for line in lines)
    lengths = [value for name, value in headers.items() if name.lower() == "content-length"]
    return int(lengths[0].strip()) if lengths else 0
