"""What is measured of a server: latencies, loop lag, memory, threads and CPU."""
