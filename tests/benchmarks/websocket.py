"""What a WebSocket costs: an echo beside other servers, and a broadcast to very many.

    python tests/benchmarks/websocket.py [--rounds N] [--members N] [--json FILE]

Needs uvicorn and wsproto. Echo: interleaved rounds, medians of messages for each second of the
server process's own CPU; the clients are in this process and speak without compression. Broadcast:
members in several processes, each on its own loopback address; memory (USS) for each member, and
the time from the send to the last reader.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
import uvloop

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))
from tests.websocket_peer import TEXT, frame, handshake  # noqa: E402

KINDS = ("async", "threads", "websockets", "uvicorn-websockets-sansio", "uvicorn-wsproto")
CONNECTIONS, ROUND_S, TEXT_BYTES = 16, 2.0, 32
PER_PROCESS = 5_000
ECHO = frame(TEXT, b"x" * TEXT_BYTES)
ECHOED_BYTES = len(frame(TEXT, b"x" * TEXT_BYTES, masked=False))


class Server:
    def __init__(self, kind):
        script = [sys.executable, str(HERE / "websocket_server.py"), kind]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(script, text=True, **pipes)
        self.port = int(self.process.stdout.readline())
        self.account = psutil.Process(self.process.pid)

    def cpu_s(self):
        return sum(self.account.cpu_times()[:2])

    def memory(self):
        return self.account.memory_full_info().uss

    def broadcast(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        reached, seconds = self.process.stdout.readline().split()
        return int(reached), float(seconds)

    def stop(self):
        self.process.kill()
        self.process.communicate()


class Speaker(asyncio.Protocol):
    """Says the same again as soon as it comes back."""

    def __init__(self):
        self.echoes, self._bytes, self._is_open = 0, 0, False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(handshake("/"))

    def data_received(self, data):
        if not self._is_open:
            assert data.startswith(b"HTTP/1.1 101") and data.endswith(b"\r\n\r\n"), data
            self._is_open = True
            self.transport.write(ECHO)
            return
        self._bytes += len(data)
        if self._bytes >= ECHOED_BYTES:
            self._bytes -= ECHOED_BYTES
            self.echoes += 1
            self.transport.write(ECHO)


async def speak(port, seconds):
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Speaker, "127.0.0.1", port) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    for transport, _ in made:
        transport.abort()
    return sum(speaker.echoes for _, speaker in made)


def measure_echo(rounds):
    servers = {kind: Server(kind) for kind in KINDS}
    found = {kind: [] for kind in KINDS}
    for number in range(rounds):
        for kind in KINDS if number % 2 else reversed(KINDS):
            before = servers[kind].cpu_s()
            echoes = uvloop.run(speak(servers[kind].port, ROUND_S))
            found[kind].append(echoes / (servers[kind].cpu_s() - before))
    for server in servers.values():
        server.stop()
    return {kind: round(statistics.median(values)) for kind, values in found.items()}


class Listener(asyncio.Protocol):
    """Counts what it hears: the 101, then messages so short that each comes whole."""

    def __init__(self, heard, options):
        self._heard, self._options = heard, options

    def connection_made(self, transport):
        self._transport = transport
        transport.write(handshake("/room", **self._options))

    def data_received(self, data):
        self._heard()


def listen(port, host, count, options, pipe):
    """In a process of its own: tells when all are open, and the time of the last reader."""

    async def main():
        loop, heard, all_heard = asyncio.get_running_loop(), 0, asyncio.Event()

        def one_heard():
            nonlocal heard
            heard += 1
            if heard == count:
                heard = 0
                all_heard.set()

        for _ in range(count):
            await loop.create_connection(
                lambda: Listener(one_heard, options), "127.0.0.1", port, local_addr=(host, 0)
            )
        while True:
            await all_heard.wait()
            all_heard.clear()
            pipe.send(time.monotonic())

    uvloop.run(main())


def measure_broadcast(members, rounds, options):
    server = Server("async")
    warm = server.memory()
    spawning = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for number in range(max(members // PER_PROCESS, 1)):
        ours, theirs = spawning.Pipe()
        count = min(PER_PROCESS, members)
        args = (server.port, f"127.0.0.{number + 2}", count, options, theirs)
        processes.append(spawning.Process(target=listen, args=args, daemon=True))
        processes[-1].start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    found = {"bytes_per_member": round((server.memory() - warm) / members)}
    last, cpu = [], []
    for _ in range(rounds):
        before, began = server.cpu_s(), time.monotonic()
        reached, _ = server.broadcast("x" * 200)
        assert reached == members, reached
        last.append(max(pipe.recv() for pipe in pipes) - began)
        cpu.append(server.cpu_s() - before)
    for process in processes:
        process.kill()
    server.stop()
    found["seconds_to_the_last_reader"] = round(statistics.median(last), 3)
    found["server_cpu_us_per_member"] = round(1e6 * statistics.median(cpu) / members, 1)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    deflate = {"sec_websocket_extensions": "permessage-deflate; client_max_window_bits"}
    found = {
        "echoes_per_cpu_second": measure_echo(options.rounds),
        f"broadcast to {options.members}": {
            "plain": measure_broadcast(options.members, options.rounds, {}),
        },
    }
    found[f"broadcast to {options.members}"]["compression offered"] = measure_broadcast(
        options.members, options.rounds, deflate
    )
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
