"""A server and its crowd in numbers only: what a million users would do to it, in seconds.

Rule: this room is quiet. The same seed gives the same result on every machine, and each result says
what it leaves out.

    model    a server: what a request costs it, and what it has room for
    loads    who asks: a stream of requests (open loop), or users who wait and think (closed loop)
    run      the simulation itself: one heap of events
    record   what came of it; Little's law holds in it exactly
    theory   what is known without simulating: M/M/1, M/M/c, capacity, the knee
"""
