"""Outside judges: request collections that nobody of this project wrote, put to both servers.

Rule: bytes go in over a socket and a verdict comes out; nothing here looks into the server, and
no case is dropped in silence: it passes, it fails, or `explained.py` says why with an RFC section.
"""
