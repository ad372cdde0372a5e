"""How a crowd's connections are made, and whose fault it is when one is not."""

import asyncio
import errno

from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan


class OutOfPorts:
    """A loop on a machine that has one free port left; of a name, another address refuses."""

    def __init__(self, loop):
        self._loop = loop
        self._has_port = True

    def __getattr__(self, name):
        return getattr(self._loop, name)

    async def create_connection(self, make_visitor, host, port, **more):
        if self._has_port:
            self._has_port = False
            return await self._loop.create_connection(make_visitor, host, port, **more)
        if host == "localhost":
            raise OSError("Multiple exceptions: [Errno 111] refused, [Errno 99] no address")
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")


def test_ports_that_ran_out_are_our_own_fault_also_where_the_server_has_a_name(server):
    url = f"http://localhost:{server.port}/"

    async def run():
        crowd = Crowd(Plan(url, connections=1, requests=2, duration_s=0.3, keep_alive=False))
        crowd.loop = OutOfPorts(crowd.loop)
        return await crowd.run()

    result = asyncio.run(run())
    assert (result.requests, result.errors.keys()) == (1, {"own ports"})
    assert result.limited_by == "ports"
