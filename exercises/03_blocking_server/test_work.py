"""What your work.py has to do. You may read this; the points come from a copy of it."""

from asyncweb.grading import Mistake, believes, same, task


@task("3.1")
def test_a_request_is_answered_and_the_connection_closed(work, given):
    connection = given.Connection(given.get(b"/tea"))
    work.serve_one(connection, given.echo)
    same(connection.sent, b"[/tea]")
    with believes("open", why="the answer is sent"):
        assert not connection.is_open


@task("3.1")
def test_a_request_in_three_pieces_is_answered_when_it_is_whole(work, given):
    request = given.get(b"/coffee")
    connection, asked = given.Connection(request[:3], request[3:-2], request[-2:]), []
    work.serve_one(connection, lambda request: asked.append(request) or b"answer")
    if asked and type(asked[0]) is bytes and len(asked[0]) < len(request):
        raise Mistake("M14", pieces=3, got=asked[0])
    same(asked, [request])


@task("3.1")
def test_a_client_that_closes_too_early_gets_no_answer(work, given):
    connection, asked = given.Connection(given.get(b"/")[:-4], then="closes"), []
    given.serve_one(work, connection, lambda request: asked.append(request) or b"answer")
    with believes("gone", what="You have answered half a request."):
        same(asked, [])
    with believes("open", why="the client has gone"):
        assert not connection.is_open


@task("3.1")
def test_a_long_answer_is_sent_to_its_end(work, given):
    connection, answer = given.Connection(given.get(b"/")), b"0123456789" * 250
    work.serve_one(connection, lambda request: answer)
    if 0 < len(connection.sent) < len(answer):
        raise Mistake("part", size=len(answer), sent=len(connection.sent))
    same(connection.sent, answer)


@task("3.2")
def test_three_clients_are_served_one_after_the_other(work, given):
    clients = [given.Connection(given.get(b"/%d" % number)) for number in range(3)]
    ended = given.serve(work, *clients, answer=given.echo)
    served = sum(bool(client.sent) for client in clients)
    with believes("once", clients=3, served=served):
        assert ended or served == 3
    same([client.sent for client in clients], [b"[/0]", b"[/1]", b"[/2]"])
    if not isinstance(ended, OSError):
        raise AssertionError("accept raised OSError, and serve has not passed it on") from ended


@task("3.2")
def test_a_client_that_says_nothing_is_given_up(work, given):
    clients = given.Connection(then="silent"), given.Connection(given.get(b"/next"))
    ended = given.serve(work, *clients, answer=given.echo)
    with believes("fragile", what="A client was silent, recv raised TimeoutError"):
        assert clients[1].sent or not isinstance(ended, TimeoutError)
    same(clients[1].sent, b"[/next]")


@task("3.2")
def test_a_client_that_resets_costs_the_others_nothing(work, given):
    clients = given.Connection(b"GET", then="resets"), given.Connection(given.get(b"/next"))
    ended = given.serve(work, *clients, answer=given.echo)
    with believes("fragile", what="A client has reset its connection"):
        assert clients[1].sent or not isinstance(ended, ConnectionResetError)
    same(clients[1].sent, b"[/next]")


@task("3.3")
def test_clients_that_come_together_are_answered_one_by_one(work):
    got = work.answered_at([0, 0, 0], 100)
    if got == [100, 100, 100]:
        raise Mistake("M16", arrivals=[0, 0, 0], got=got, each=100)
    same(got, [100, 200, 300])


@task("3.3")
def test_a_server_rests_while_nobody_is_there(work):
    arrivals = [0, 10, 500]
    got = work.answered_at(arrivals, 100)
    with believes("idle", arrivals=arrivals, got=got):
        same(got, [100, 200, 600])
