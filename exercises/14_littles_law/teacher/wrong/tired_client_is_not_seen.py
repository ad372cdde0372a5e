"""Looks at the server only."""


def whose_limit(client_s, server_s, lasted_s, same_core):
    """Whose limit a load test has found: "client", "server", "both" or "neither".

    Each of the two has computed for so many of the `lasted_s` seconds. On the same core, both
    together are at the limit or nobody is; else the client comes first.
    """
    full_s = FULL * lasted_s
    if same_core:
        return "both" if client_s + server_s >= full_s else "neither"
    return "server" if server_s >= full_s else "neither"
