"""A worker of a Locust master: the master says how many users there shall be, our crowd is them.

Rule: whatever the load does, the master hears of us every second; whatever the master does, what
was measured comes back.

What the messages mean is told by locust/runners.py of Locust 2: WorkerRunner, and for the other
side MasterRunner.handle_message.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable
from dataclasses import replace

import psutil

from asyncweb.errors import LoadError
from asyncweb.loadtest.locust.address import Address, locust_version
from asyncweb.loadtest.locust.link import FromMaster, Link
from asyncweb.loadtest.locust.table import Table
from asyncweb.loadtest.locust.under_way import UnderWay
from asyncweb.loadtest.locust.wire import KEY, partial, to_wire
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess

LOOK_S = 0.05  # at the master, and at the load
HEARTBEAT_S = 1.0  # a master gives up who is silent for three of them
REPORT_S = 1.0
ACK_S = 10.0  # for the master to know us
SILENCE_S = 15.0  # a master answers each heartbeat; so long a silence is its end
READY, SPAWNING, RUNNING = "ready", "spawning", "running"


class LocustWorker:
    """`LocustWorker(address, plan_for).work()`: `plan_for(host, users)` is the load to make.

    `host` is the one that the master names, "" if it names none.
    """

    def __init__(self, address: Address, plan_for: Callable[[str, int], Plan]):
        self._version = locust_version()
        self._address = address
        self._plan_for = plan_for
        self.lost = ""  # why the master is taken for lost
        self._state = READY
        self._users: dict[str, int] = {}  # of each class, as the master wants them
        self._host = ""
        self._heard_of_users_at = 0.0  # by the master's clock
        self._load: UnderWay | None = None
        self._is_ending = False
        self._found: Result | None = None  # of the load under way, or of the last one
        self._due_s = {"heartbeat": 0.0, "report": 0.0}

    def work(self, ack_s: float = ACK_S, silence_s: float = SILENCE_S) -> Result | None:
        """What the last load found; None when the master asked for none.

        Works until the master quits, or is `lost` in silence, or Ctrl-C, which gives what was found
        until then with `interrupted` set. Raises LoadError when no master answers within `ack_s`,
        and when the load cannot be made; the master is told why.
        """
        with LoadProcess() as self._process, contextlib.closing(Link(self._address)) as self._link:
            self._cpu = psutil.Process(self._process.pid)
            self._process.gather()  # whom the master counts could begin at once
            self._introduce(ack_s)
            try:
                self._serve(silence_s)
            except KeyboardInterrupt:
                self._end()
                self._serve(silence_s)
                if self._found is None:
                    raise
                self._found = replace(self._found, interrupted=True)
            except LoadError as error:
                self._link.send("exception", {"msg": str(error), "traceback": ""})
                raise
            finally:
                self._link.send("quit")
            return self._found

    def _introduce(self, ack_s: float) -> None:
        """Returns when the master knows us."""
        self._link.send("client_ready", self._version)
        deadline = time.monotonic() + ack_s
        while (left_s := deadline - time.monotonic()) > 0:
            message = self._link.receive(left_s)
            if message is not None and message.kind == "ack":
                return
        raise LoadError(
            f"no Locust master answers at {self._address}: start it first, e.g. "
            f"`asyncweb load URL --engine {self._address} master`"
        )

    def _serve(self, silence_s: float) -> None:
        """Does what the master says, until the end."""
        heard_at = time.monotonic()
        while not (self._is_ending and self._load is None):
            message = self._link.receive(LOOK_S)
            if message is not None:
                heard_at = time.monotonic()
                self._hear(message)
            elif time.monotonic() > heard_at + silence_s and not self._is_ending:
                self.lost = f"the master at {self._address} has said nothing for {silence_s:g} s"
                self._end()
            self._look_at_load()
            if self._is_due("heartbeat", HEARTBEAT_S):
                self._beat()

    # ------------------------------------------------------------------ what the master says

    def _hear(self, message: FromMaster) -> None:
        match message.kind:
            case "spawn":
                self._spawn(message)
            case "stop":
                self._users = {}
                self._stop_load()
                if self._load is None:
                    self._be_ready()
            case "quit":
                self._end()
            case "reconnect":
                self._link.reconnect()

    def _spawn(self, message: FromMaster) -> None:
        self._link.send("spawning")
        if message.data["timestamp"] <= self._heard_of_users_at or self._is_ending:
            return
        self._heard_of_users_at = message.data["timestamp"]
        self._users, self._host = message.data["user_classes_count"], message.data["host"] or ""
        self._state = SPAWNING
        if self._load is None:
            self._begin()
        else:
            self._load.resize(sum(self._users.values()))
        self._link.send("spawning_complete", self._attendance())
        self._state = RUNNING

    def _end(self) -> None:
        self._is_ending = True
        self._stop_load()

    def _stop_load(self) -> None:
        if self._load is not None:
            self._load.stop()

    # ------------------------------------------------------------------ what the load says

    def _begin(self) -> None:
        """Starts the load, if there shall be any users yet."""
        users = sum(self._users.values())
        if users:
            plan = self._plan_for(self._host, users)
            self._load, self._found = UnderWay(self._process, plan), None
            method = "WS" if plan.is_websocket else plan.method
            self._table = Table(method, plan.target, time.time())

    def _look_at_load(self) -> None:
        """Hears what is new of the load, and tells the master now and then."""
        while self._load is not None:
            try:
                news = self._load.news.get_nowait()
            except queue.Empty:
                break
            if isinstance(news, LoadError):
                raise news
            if isinstance(news, Progress):
                self._found = partial(news, self._load.plan)
                self._table.see(self._found, time.time())
            else:
                self._conclude(news)
        if self._load is not None and self._found and self._is_due("report", REPORT_S):
            self._report(self._found)

    def _conclude(self, found: Result) -> None:
        """The load is over: the master gets all of it before it hears that we have stopped.

        Of one that ended by itself it hears nothing: it would order the same again.
        """
        self._found, self._load = found, None
        self._report(found)
        if not self._users and not self._is_ending:
            self._be_ready()

    def _be_ready(self) -> None:
        self._users, self._state = {}, READY
        self._link.send("client_stopped")
        self._link.send("client_ready", self._version)

    # ------------------------------------------------------------------ what the master is told

    def _report(self, found: Result) -> None:
        told = self._table.report(found, time.time())
        self._link.send("stats", {**told, **self._attendance(), KEY: to_wire(found)})

    def _attendance(self) -> dict[str, object]:
        return {"user_classes_count": self._users, "user_count": sum(self._users.values())}

    def _beat(self) -> None:
        """Says that we are there, and how busy the process is that makes the load."""
        cpu_percent, memory = 0.0, 0
        with contextlib.suppress(psutil.Error):  # it has ended: the load will tell
            cpu_percent, memory = self._cpu.cpu_percent(), self._cpu.memory_info().rss
        self._link.send(
            "heartbeat",
            {
                "state": self._state,
                "current_cpu_usage": cpu_percent,
                "current_memory_usage": memory,
            },
        )

    def _is_due(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._due_s[what]:
            return False
        self._due_s[what] = now + every_s
        return True
