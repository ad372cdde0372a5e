"""Load from many machines: a master of Locust, and workers of ours that speak its protocol.

Rule: a worker loads ZeroMQ and MessagePack, and never Locust, which rewrites half the standard
library when it is imported; a master is Locust's own, in a process of its own.
"""
