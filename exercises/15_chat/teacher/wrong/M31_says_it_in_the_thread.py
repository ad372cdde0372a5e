"""Calls the room from the thread."""


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""
    room.say(text)
