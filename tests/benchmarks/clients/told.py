"""What every client here tells at its end, on one line of JSON."""

import json
import sys
import time

URL, SECONDS, CONNECTIONS = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])


class Told:
    """Counts from its making on: `requests` answered, and the CPU of this process."""

    def __init__(self):
        self.requests = 0
        self._cpu = time.process_time()
        self._began = time.perf_counter()

    def tell(self):
        """Prints it."""
        cpu_s = time.process_time() - self._cpu
        seconds = time.perf_counter() - self._began
        print(json.dumps({"requests": self.requests, "cpu_s": cpu_s, "seconds": seconds}))
