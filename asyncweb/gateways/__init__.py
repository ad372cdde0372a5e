"""Our App on the servers of others: as ASGI on a loop, as WSGI on a thread."""
