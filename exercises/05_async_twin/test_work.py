"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio
import warnings

from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import LoopWatch


@task("5.1")
def test_a_request_is_answered_and_the_connection_closed(work, given, run):
    writer = run(given.converse(work, given.get(b"/tea"), handle=given.echo))
    same(writer.sent, b"[/tea]")
    with believes("open", why="the answer is written"):
        assert not writer.is_open


@task("5.1", hang="M01")
def test_the_loop_goes_on_while_a_handler_blocks(work, given, run):
    async def watched():
        def handle(request):
            watch.sleep(30)  # a query that takes so long
            return [b"slow"]

        with LoopWatch() as watch:
            return watch, await given.converse(work, given.get(b"/"), handle=handle)

    watch, writer = run(watched())
    same((watch.slept, writer.sent), (1, b"slow"))
    with believes("M01"):
        assert not watch.blocks


@task("5.1")
def test_a_request_in_three_pieces_is_handled_when_it_is_whole(work, given, run):
    request, asked = given.get(b"/coffee"), []
    pieces = request[:3], request[3:-2], request[-2:]
    run(given.converse(work, *pieces, handle=lambda request: asked.append(request) or [b""]))
    if asked and type(asked[0]) is bytes and len(asked[0]) < len(request):
        raise Mistake("M14", pieces=3, got=asked[0])
    same(asked, [request])


@task("5.1")
def test_a_slow_client_makes_the_answer_wait(work, given, run):
    pieces = [bytes([number]) * 10_000 for number in range(30)]
    writer = run(given.converse(work, given.get(b"/film"), handle=lambda request: [*pieces]))
    assert writer.sent == b"".join(pieces), "not all pieces of the answer were written, in order"


@task("5.1")
def test_a_client_that_closes_too_early_gets_nothing(work, given, run):
    asked = []
    early = given.converse(work, b"GET / HT", handle=asked.append, closes=True)
    with believes("gone", EOFError, error="IncompleteReadError"):
        writer = run(early)
    same((asked, writer.sent), ([], b""))
    with believes("open", why="the client has gone"):
        assert not writer.is_open


@task("5.2")
def test_a_server_is_started_and_answers(work, given, run):
    async def main():
        with given.all_awaited():
            server = await given.started(work, given.echo)
            came = await given.ask(server, given.get(b"/tea"))
            server.close()
        return came

    same(run(main()), b"[/tea]")


async def two_and_three():
    """What is to be run."""
    await asyncio.sleep(0)
    return [2, 3]


@task("5.3")
def test_a_coroutine_runs_where_no_loop_is_running(work, given):
    given.same_result(work.run_anywhere(two_and_three), [2, 3])


@task("5.3")
def test_a_coroutine_runs_in_a_cell_of_a_notebook(work, given, run):
    async def cell():
        return work.run_anywhere(two_and_three)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a coroutine that could not be run has its own message
        try:
            got = run(cell())
        except NotImplementedError:
            raise
        except RuntimeError as error:
            raise Mistake("M27") from error
    given.same_result(got, [2, 3])
