"""The engines: the only room of the core that touches sockets, threads and loops."""
