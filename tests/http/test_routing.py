"""Which handler a method and a path lead to, and with which parameters."""

import pickle
from functools import partial

import pytest

from asyncweb.errors import BadRequest, HTTPError, RouteError
from asyncweb.http.awaiting import may_suspend
from asyncweb.http.routing import Route, RouteTable, handler_name


def plain(ctx):
    return "plain"


def other(ctx):
    return "other"


async def hurried(ctx):
    return "hurried"


async def waiting(ctx):
    await ctx.sleep(1)


async def listening(ctx):
    async for _ in ctx:
        pass


def both(ctx, more):
    return more


class Counter:
    async def __call__(self, ctx):
        await ctx.sleep(1)


class Page:
    def __call__(self, ctx):
        return "page"

    def show(self, ctx):
        return "shown"


def table(*patterns, methods=("GET",)):
    return RouteTable(tuple(Route(pattern, methods, plain) for pattern in patterns))


def found(routes, raw_path, method="GET"):
    route, params = routes.find(method, raw_path)
    return route.pattern, params


def refusal(routes, method, raw_path):
    with pytest.raises(HTTPError) as caught:
        routes.find(method, raw_path)
    return caught.value


@pytest.mark.parametrize(
    ("raw_path", "expected"),
    [
        ("/", ("/", {})),
        ("/users/me", ("/users/me", {})),
        ("/users/%6De", ("/users/me", {})),
        ("/users/7", ("/users/{id:int}", {"id": 7})),
        ("/users/0", ("/users/{id:int}", {"id": 0})),
        ("/users/1.5", ("/users/{share:float}", {"share": 1.5})),
        ("/users/abc", ("/users/{tag:[a-c]+}", {"tag": "abc"})),
        ("/users/ann", ("/users/{name}", {"name": "ann"})),
        ("/users/an%20n", ("/users/{name}", {"name": "an n"})),
        ("/users/x/y", ("/users/{rest:path}", {"rest": "x/y"})),
        ("/users/x%2Fy", ("/users/{rest:path}", {"rest": "x/y"})),
        ("/users/7/posts/8", ("/users/{user:int}/posts/{post:int}", {"user": 7, "post": 8})),
        ("/users/7/posts/x", ("/users/{rest:path}", {"rest": "7/posts/x"})),
    ],
)
def test_the_most_specific_pattern_answers(raw_path, expected):
    routes = table(
        "/users/{rest:path}", "/users/{name}", "/users/{tag:[a-c]+}", "/users/{share:float}",
        "/users/{id:int}", "/users/me", "/", "/users/{user:int}/posts/{post:int}",
    )  # fmt: skip
    assert found(routes, raw_path) == expected


def test_an_encoded_slash_is_no_border_between_segments():
    assert refusal(table("/a/b", "/{one}"), "GET", "/a%2Fb").status == 404


def test_a_regex_in_the_last_segment_may_take_the_rest():
    routes = table("/{tag:[a-z/]+}")
    assert found(routes, "/a/b/c") == ("/{tag:[a-z/]+}", {"tag": "a/b/c"})
    assert refusal(routes, "GET", "/a/1").status == 404


def test_a_slash_at_the_end_makes_another_path():
    assert refusal(table("/a"), "GET", "/a/").status == 404


def test_patterns_may_share_a_parameter_under_different_names():
    routes = table("/{a:int}/x", "/{b:int}/y")
    assert found(routes, "/1/x")[1] == {"a": 1}
    assert found(routes, "/1/y")[1] == {"b": 1}


def test_a_path_nobody_answers_is_404_and_named_decoded():
    error = refusal(table("/a"), "GET", "/caf%C3%A9")
    assert (error.status, error.message, error.headers) == (404, "no route for /café", {})


def test_a_path_that_is_not_utf_8_is_a_bad_request():
    with pytest.raises(BadRequest, match="not UTF-8"):
        table("/{name}").find("GET", "/%FF")


def test_a_method_nobody_answers_is_405_with_those_that_are():
    error = refusal(table("/a", "/{name}"), "POST", "/a")
    assert (error.status, error.headers) == (405, {"allow": "GET, HEAD, OPTIONS"})
    assert error.message == "POST is not allowed here; allowed: GET, HEAD, OPTIONS"


def test_head_is_answered_by_get_unless_it_has_a_route():
    routes = table("/a").with_route(Route("/b", ("GET",), plain))
    assert found(routes, "/a", "HEAD") == ("/a", {})
    routes = routes.with_route(Route("/b", ("HEAD",), other))
    assert routes.find("HEAD", "/b")[0].handler is other
    assert routes.find("GET", "/b")[0].handler is plain


def test_head_is_not_answered_by_post():
    error = refusal(table("/a", methods=("POST",)), "HEAD", "/a")
    assert (error.status, error.headers) == (405, {"allow": "OPTIONS, POST"})


def test_a_less_specific_pattern_answers_the_method_the_other_lacks():
    routes = RouteTable((Route("/{id:int}", ("GET",), plain), Route("/{x}", ("POST",), other)))
    assert found(routes, "/1", "POST") == ("/{x}", {"x": "1"})
    assert routes.allowed("/1") == ["GET", "HEAD", "OPTIONS", "POST"]
    assert routes.allowed("/a") == ["OPTIONS", "POST"]
    assert routes.allowed("/a/b") == []


def test_the_star_allows_what_any_route_allows():
    routes = RouteTable((Route("/a", ("GET",), plain), Route("/b", ("PUT",), plain)))
    assert routes.allowed("*") == ["GET", "HEAD", "OPTIONS", "PUT"]
    error = refusal(routes, "OPTIONS", "*")
    assert (error.status, error.headers["allow"]) == (405, "GET, HEAD, OPTIONS, PUT")
    assert refusal(RouteTable(), "OPTIONS", "*").status == 404


def test_adding_a_route_leaves_the_old_table_as_it_was():
    old = table("/a")
    new = old.with_route(Route("/b", ("GET",), plain))
    assert [route.pattern for route in new.routes] == ["/a", "/b"]
    assert refusal(old, "GET", "/b").status == 404


def test_another_handler_at_the_same_place_collides():
    routes = table("/{a:int}", methods=("POST", "GET"))
    with pytest.raises(RouteError) as caught:
        routes.with_route(Route("/{b:int}", ("GET", "POST"), other))
    start = f"GET /{{b:int}} ({__name__}.other) collides with /{{a:int}} ({__name__}.plain)"
    assert str(caught.value).startswith(start)


def test_the_same_handler_at_the_same_place_is_replaced():
    again = Route("/a", ("GET",), partial(plain))
    assert table("/a").with_route(again).routes == (again,)


def test_a_handler_that_is_made_of_another_value_replaces_the_one_of_its_name():
    def page(text):
        return lambda ctx: text

    again = Route("/a", ("GET",), page("new"))
    assert RouteTable().with_route(Route("/a", ("GET",), page("old"))).with_route(again).routes == (
        again,
    )


def test_the_same_handler_may_answer_other_methods_beside():
    routes = table("/a").with_route(Route("/a", ("POST",), plain))
    assert [route.methods for route in routes.routes] == [("GET",), ("POST",)]


def test_a_replaced_handler_keeps_the_methods_not_defined_again():
    routes = table("/a", methods=("GET", "PUT")).with_route(Route("/a", ("GET",), plain))
    assert [(route.pattern, route.methods) for route in routes.routes] == [
        ("/a", ("PUT",)), ("/a", ("GET",)),
    ]  # fmt: skip


def test_a_table_survives_pickling_and_finds_the_same():
    copy = pickle.loads(pickle.dumps(table("/a", "/{id:int}")))
    assert found(copy, "/a") == ("/a", {})
    assert found(copy, "/7") == ("/{id:int}", {"id": 7})


@pytest.mark.parametrize(
    ("handler", "suspends", "is_async"),
    [
        (plain, False, False),
        (hurried, False, True),
        (waiting, True, True),
        (listening, True, True),
        (partial(partial(waiting)), True, True),
        (Counter(), True, True),
        (Page(), False, False),
        (Page().show, False, False),
        (dict, False, False),
    ],
)
def test_a_route_knows_whether_its_handler_may_wait(handler, suspends, is_async):
    route = Route("/", ("GET",), handler)
    assert (route.suspends, route.is_async) == (suspends, is_async)
    assert may_suspend(handler) is suspends


@pytest.mark.parametrize(
    ("handler", "name"),
    [
        (plain, "plain"),
        (partial(plain), "plain"),
        (Page().show, "Page.show"),
        (Page(), "Page.__call__"),
        (Page, "Page"),
    ],
)
def test_a_handler_is_named_by_module_and_function(handler, name):
    assert handler_name(handler) == f"{__name__}.{name}"


def test_a_handler_is_a_function_of_ctx_and_nothing_else():
    with pytest.raises(RouteError, match="the handler of '/a' is 7; expected a function of ctx"):
        Route("/a", ("GET",), 7)
    with pytest.raises(RouteError, match=r"handler both of '/a' must take ctx and nothing else"):
        Route("/a", ("GET",), both)


def test_a_handler_without_a_signature_is_believed():
    assert Route("/", ("GET",), dict).handler is dict
