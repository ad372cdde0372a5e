"""The process of a Locust master: Locust's own, told by a pipe when to start and when to stop.

Rule: nothing here knows what a load is. What Locust's workers report goes up the pipe as it came.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, ClassVar

from asyncweb.errors import LoadError
from asyncweb.loadtest.locust.wire import KEY
from asyncweb.servers.child import Pipe

LOOK_S = 0.25  # at the workers


@dataclass(frozen=True, slots=True)
class Order:
    """What a master shall listen at, and what its workers shall do."""

    host: str
    port: int
    url: str
    users: int
    spawn_rate: float


@dataclass(frozen=True, slots=True)
class Listening:
    """The master is there."""

    port: int


@dataclass(frozen=True, slots=True)
class Workers:
    """The state of each worker, as Locust calls it: ready, spawning, running or missing."""

    states: dict[str, str]


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """What a worker has told beside Locust's own table: `WorkerReport("machine-2", data)`.

    `data` is None if it told nothing.
    """

    worker: str
    data: Any


@dataclass(frozen=True, slots=True)
class Stopped:
    """All workers have stopped; what Locust itself has counted."""

    requests: int
    failures: int
    table: str


START, STOP = "start", "stop"


def main(pipe: Pipe) -> None:
    """Takes an Order, then START and STOP; ends when the pipe closes, and tells its workers."""
    order: Order = pipe.receive()
    import locust.env  # before gevent is used: it puts its own in the place of threads and sockets
    from locust.event import Events

    class Asyncweb(locust.User):  # type: ignore[misc]
        """Stands for one connection of ours; it runs nowhere, and has nothing to do."""

        tasks: ClassVar = [lambda user: None]  # Locust warns of one who has none

    events = Events()
    environment = locust.env.Environment(user_classes=[Asyncweb], events=events, host=order.url)
    try:
        logging.disable(logging.ERROR)  # what it says is told by the error below
        runner = environment.create_master_runner(order.host, order.port)
    except (SystemExit, Exception) as error:
        pipe.send(
            LoadError(
                f"no Locust master can listen at {order.host}:{order.port} "
                f"({error.__context__ or error}): give an address of this machine, and a port that "
                "is free"
            )
        )
        return
    logging.disable(logging.NOTSET)
    events.worker_report.add_listener(
        lambda client_id, data, **more: pipe.send(WorkerReport(client_id, data.get(KEY)))
    )
    pipe.send(Listening(runner.server.port))
    _serve(pipe, runner, order)


def _serve(pipe: Pipe, runner: Any, order: Order) -> None:
    import gevent

    telling = gevent.spawn(_tell_of_workers, pipe, runner)
    # A read of the pipe would hold up every greenlet: it is done by a thread that is a real one.
    waiting = gevent.get_hub().threadpool
    while (said := waiting.apply(_said, (pipe,))) is not None:
        if said == START:
            gevent.spawn(runner.start, order.users, order.spawn_rate)
        elif said == STOP:
            runner.stop()
            pipe.send(_stopped(runner.stats))
    telling.kill()
    runner.quit()


def _said(pipe: Pipe) -> str | None:
    """START or STOP; None when who says so is gone."""
    try:
        return str(pipe.receive())
    except EOFError:
        return None


def _tell_of_workers(pipe: Pipe, runner: Any) -> None:
    import gevent

    while True:
        pipe.send(Workers({worker.id: worker.state for worker in runner.clients.all}))
        gevent.sleep(LOOK_S)


def _stopped(stats: Any) -> Stopped:
    from locust.stats import get_error_report_summary, get_stats_summary

    lines = get_stats_summary(stats, current=False)
    if stats.errors:
        lines += get_error_report_summary(stats)
    return Stopped(stats.total.num_requests, stats.total.num_failures, "\n".join(lines))
