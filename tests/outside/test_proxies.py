"""Behind a real proxy nobody can send us a request that the proxy has not seen."""

import pytest

from tests.outside.corpus import CORPUS
from tests.outside.fronts import FRONTS, front
from tests.outside.judge import deliver, disagreements
from tests.outside.witness import Witness

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", FRONTS)
def test_the_proxy_and_we_never_disagree_about_a_message(name, engine, tmp_path):
    witness = Witness()
    with witness.serve(engine) as server, front(name, tmp_path, server.port) as proxy:
        deliveries = deliver(proxy, CORPUS)
    # Here both have ended: nothing more can be sent, and the log is complete.
    wrong = disagreements(proxy.sent(), witness.seen, CORPUS)
    wrong += [complaint for delivery in deliveries for complaint in delivery.complaints()]
    assert not wrong, f"{len(wrong)} of {len(CORPUS)}:\n" + "\n".join(wrong)
    hostile = [request for request in witness.seen if "/after/" not in request.target]
    assert len(hostile) > len(CORPUS) / 20, "hardly anything passed the proxy: nothing is proven"
