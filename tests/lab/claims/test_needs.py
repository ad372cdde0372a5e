"""What each claim needs to be measured: enough to decide it, and nothing else is waited for."""

import pytest

from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.needs import NEEDS, needed
from asyncweb.lab.claims.protocol import full
from asyncweb.lab.claims.twelve import CLAIMS
from tests.lab.claims import made_up_report as made_up


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_decided_alike_by_what_it_needs_alone(claim):
    everything = made_up.figures()
    needs = {name: looks for name, looks in everything.looks.items() if name in NEEDS[claim.id]}
    assert claim.decide(Figures(needs)) == claim.decide(everything)


def test_all_claims_together_need_all_that_is_measured():
    measured = {measure for visit in full().measures() for measure in visit}
    assert measured <= {measure for needs in NEEDS.values() for measure in needs}
    assert needed(CLAIMS) <= {measure for needs in NEEDS.values() for measure in needs}
