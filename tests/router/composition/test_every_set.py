"""What composition promises of any set of subgraphs, held on every set of the corpus."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from graphql import build_schema

from router.composition import Composed, compose, format_text
from router.supergraph import load_supergraph
from router.supergraph.validity import schema_errors
from tests.conformance.composition.corpus import SubgraphSet, whole_corpus

SETS = whole_corpus()
each_set = pytest.mark.parametrize("subgraphs", SETS, ids=lambda given: given.name)

# Composes the corpus in a process of its own and prints a digest of every outcome.
DIGESTS = """
import hashlib, json
from router.composition import compose
from tests.conformance.composition.corpus import whole_corpus
outcomes = {given.name: json.dumps(compose(given.subgraphs).as_dict()) for given in whole_corpus()}
print(json.dumps({name: hashlib.sha256(text.encode()).hexdigest() for name, text in outcomes.items()}))
"""


@each_set
def test_order_does_not_matter(subgraphs: SubgraphSet) -> None:
    """The outcome is the same, to the byte, in whatever order the subgraphs come."""
    shuffled = list(subgraphs.subgraphs)
    random.Random(subgraphs.name).shuffle(shuffled)

    assert compose(shuffled) == compose(subgraphs.subgraphs) == compose(subgraphs.subgraphs[::-1])


@each_set
def test_what_composes_loads(subgraphs: SubgraphSet) -> None:
    """A supergraph is valid GraphQL, and the router reads its subgraphs and API off it."""
    outcome = compose(subgraphs.subgraphs)
    if not isinstance(outcome, Composed):
        assert outcome.errors, "refused without a reason"
        return

    loaded = load_supergraph(outcome.sdl)

    assert schema_errors(build_schema(outcome.sdl)) == []
    assert set(loaded.subgraphs) == {subgraph.name for subgraph in subgraphs.subgraphs}
    assert loaded.api.query_type is not None


@each_set
def test_findings_are_complete(subgraphs: SubgraphSet) -> None:
    """Every finding has words, names subgraphs that are there and places that exist, and is the same as data."""
    outcome = compose(subgraphs.subgraphs)
    lines = {subgraph.name: subgraph.sdl.count("\n") + 1 for subgraph in subgraphs.subgraphs}

    for finding in (*getattr(outcome, "errors", ()), *outcome.hints):
        assert finding.message.endswith((".", "!", "?", "}")), finding.message
        assert set(finding.subgraphs) <= lines.keys()
        assert finding.code.name in format_text(outcome)
        for place in getattr(finding, "places", ()):
            assert 1 <= place.line <= lines[place.subgraph]
            assert place.column >= 1
    assert json.loads(json.dumps(outcome.as_dict()))["success"] == isinstance(outcome, Composed)


def test_the_order_of_dictionaries_does_not_matter() -> None:
    """Two processes that hash strings differently say the same of every set."""
    first, second = (digests(seed) for seed in ("1", "2"))

    assert first == second
    assert len(first) == len({given.name for given in SETS})


def digests(hash_seed: str) -> dict[str, str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    ended = subprocess.run(
        [sys.executable, "-c", DIGESTS], env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stderr
    digested: dict[str, str] = json.loads(ended.stdout)
    return digested
