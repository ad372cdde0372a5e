"""More of the same, with other numbers, and on a real connection."""

import contextlib
import random
import socket

from asyncweb.grading import believes, same, task


@task("2.1")
def test_requests_are_found_whatever_the_cuts(work, given, seed):
    dice = random.Random(seed)
    bodies = [dice.randbytes(dice.randrange(1, 50)) for _ in range(4)]
    requests = [given.get(b"/", b"content-length: %d" % len(body)) + body for body in bodies]
    stream = b"".join(requests)
    places = sorted(dice.sample(range(1, len(stream)), 7))
    pieces = [stream[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]
    connection, received = given.Connection(*pieces), bytearray()
    for request in requests:
        given.take(work, connection, received, request, "four requests", "eight pieces")


@task("2.2")
def test_pipelined_requests_of_a_real_client_are_answered_in_order(work, given):
    paths = [b"/%d" % number for number in range(20)]
    requests = [given.get(path) for path in paths[:-1]]
    requests.append(given.get(paths[-1], b"CONNECTION: Close"))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"".join(requests))
        work.serve(theirs, given.echo)
        came = b"".join(iter(lambda: ours.recv(4096), b""))
    same(came, b"".join(b"[%b]" % path for path in paths))


@task("2.2")
def test_the_connection_is_closed_when_the_client_breaks_off(work, given):
    connection = given.Connection(given.get(b"/1")[:-5], closes=True)
    with contextlib.suppress(EOFError):
        work.serve(connection, given.echo)
    with believes("open", why="the client has gone in the middle of a request"):
        assert not connection.is_open


@task("2.3")
def test_answers_go_out_in_order_and_as_early_as_they_can(work, seed):
    order = list(range(30))
    random.Random(seed).shuffle(order)
    replies, there, out = work.Replies(), set(), b""
    for number in order:
        there.add(number)
        out += replies.ready(number, bytes([number]))
        in_turn = next(turn for turn in range(31) if turn not in there)
        same(out, bytes(range(in_turn)))
