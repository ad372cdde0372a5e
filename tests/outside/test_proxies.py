"""Behind a real proxy nobody can send us a request that the proxy has not seen."""

import pytest

from tests.outside.careless import careless_server
from tests.outside.corpus import CORPUS
from tests.outside.fronts import FRONTS, front
from tests.outside.judge import deliver, disagreements
from tests.outside.raw import after_each_cr, whole
from tests.outside.witness import Witness

pytestmark = pytest.mark.slow


# Cut, the end of a body is late, and a proxy that streams sends it on in chunks of its own.
@pytest.mark.parametrize("cut", [whole, after_each_cr])
@pytest.mark.parametrize("name", FRONTS)
def test_the_proxy_and_we_never_disagree_about_a_message(name, engine, cut, tmp_path):
    witness = Witness()
    with witness.serve(engine) as server, front(name, tmp_path, server.port) as proxy:
        deliveries = deliver(proxy, CORPUS, cut)
    # Here both have ended: nothing more can be sent, and the log is complete.
    wrong = disagreements(proxy.sent(), witness.seen, CORPUS)
    wrong += [complaint for delivery in deliveries for complaint in delivery.complaints()]
    assert not wrong, f"{len(wrong)} of {len(CORPUS)}:\n" + "\n".join(wrong)
    hostile = [request for request in witness.seen if "/after/" not in request.target]
    assert len(hostile) > len(CORPUS) / 2, "too little passed the proxy: nothing is proven"


STREAMING = [("nginx, lenient", after_each_cr), ("apache, lenient", whole), ("haproxy", whole)]


@pytest.mark.parametrize("name, cut", STREAMING)
def test_a_careless_server_is_smuggled_to_and_that_is_noticed(name, cut, tmp_path):
    seen = []
    with careless_server(seen) as port, front(name, tmp_path, port) as proxy:
        deliver(proxy, CORPUS[::5], cut)
    smuggled = [request for request in seen if "/hidden/" in request.target and not request.ids]
    assert smuggled
    assert len(disagreements(proxy.sent(), seen, CORPUS[::5])) >= len(smuggled)
