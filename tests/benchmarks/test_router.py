"""The benchmark of the router runs and measures what it says. How fast anything is, no test says."""

from __future__ import annotations

import gc
import os

import orjson
import pytest

from benchmarks.router.contenders import CONTENDERS
from benchmarks.router.federation import CASES, truth
from benchmarks.router.load import Expected, WrongAnswer
from benchmarks.router.measure import Effort, measure

BRIEF = Effort(warm_up_s=0.05, rounds=2, round_s=0.05, connections=2)


def test_our_router_and_the_constant_answer_every_case_as_the_oracle_does(request: pytest.FixtureRequest) -> None:
    """A run over every case ends without a wrong answer, and its figures are of requests that were made."""
    cores = os.sched_getaffinity(0)
    contenders = [contender for contender in CONTENDERS if contender.name in ("constant", "ours")]
    request.addfinalizer(gc.unfreeze)
    gc.freeze()  # each round begins with a collection, which is no matter of what thousands of other tests hold

    results = [result for case in measure(CASES, contenders, BRIEF, lambda _: None) for result in case]

    assert {(result.case, result.contender) for result in results} == {
        (case.name, contender.name) for case in CASES for contender in contenders
    }
    assert all(result.best.rps > 0 and result.peak_bytes > 0 and len(result.rounds) == 2 for result in results)
    fetches = {(result.case, result.contender): result.best.fetches for result in results}
    assert fetches["small", "ours"] == 1.0
    assert fetches["small", "constant"] == 0.0
    assert os.sched_getaffinity(0) == cores


def test_the_heavy_answers_have_about_90_kilobytes_of_a_few_entities_or_of_many() -> None:
    """In one world five products stand everywhere, in the other no product comes twice; both answers are of a size."""
    answers = {case.name: truth(case) for case in CASES}

    repeating, unique = (_upcs(orjson.loads(answers[name])) for name in ("repeating", "unique"))

    assert len(repeating) == len(unique) == len(set(unique)) == 153
    assert len(set(repeating)) == 5
    assert all(85_000 < len(answers[name]) < 95_000 for name in ("repeating", "unique"))


def test_a_wrong_answer_is_found_and_other_spelling_is_allowed_to_peers_alone() -> None:
    """Peers may order and escape as they like; what must be exact may not."""
    spelled = b'{"data": {"a": "\\u00e9"}}'
    Expected('{"data":{"a":"é"}}'.encode(), exact=False).check(spelled)

    with pytest.raises(WrongAnswer):
        Expected('{"data":{"a":"é"}}'.encode(), exact=True).check(spelled)
    with pytest.raises(WrongAnswer):
        Expected(b'{"data":{"a":1}}', exact=False).check(b'{"data":{"a":2}}')


def _upcs(tree: object) -> list[str]:
    if isinstance(tree, list):
        return [upc for item in tree for upc in _upcs(item)]
    if not isinstance(tree, dict):
        return []
    own = [str(tree["upc"])] if "upc" in tree else []
    return own + [upc for value in tree.values() for upc in _upcs(value)]
