"""Apps of others on our servers: ASGI on the event loop, WSGI on threads."""
