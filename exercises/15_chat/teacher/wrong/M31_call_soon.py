"""Hands it to the loop, by the door that is for the loop itself."""


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""
    loop.call_soon(room.say, text)
