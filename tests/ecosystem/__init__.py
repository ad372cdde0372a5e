"""The rest from the ecosystem: frameworks on our servers, our App on servers of others, clients.

Rule: every library is the real one, as it is installed; a proof whose library is missing is
skipped with the reason, and fails when CI=true.
"""
