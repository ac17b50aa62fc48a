"""What is compiled and what is not, and what a compiled plan says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from router.executor.compiled import Refused, compile_plan, compiled
from router.plan import Anchor, ContextRead, Entities, Fetch, QueryPlan
from tests.router.executor.harness import entity_fetch, output_of, root_fetch, supergraph_of
from tests.router.planning import fixture, planned

API = "type Query { crate: Crate events: Int! } type Subscription { events: Int! } type Crate { id: ID! weight: Int! }"
ROOT = root_fetch("dock", "{ crate { id } }")
WEIGHT = entity_fetch("scales", "... on Crate { weight }", number=1, path="crate", on="Crate")


def crates(*fetches: Fetch) -> QueryPlan:
    """A plan for a crate and its weight."""
    return QueryPlan("query", fetches, output_of(supergraph_of(API).api, "{ crate { id weight } }"))


def test_the_source_shows_what_runs() -> None:
    """Every fetch has its two functions, and a legend tells which attribute holds which key."""
    supergraph = fixture("payments")
    code = compiled(planned(supergraph, "{ me { id email } }"), supergraph)
    assert "def ask_0(s):" in code.source
    assert "def take_0(s, body):" in code.source
    assert "def finish(s):" in code.source
    assert " is 'email'" in code.source
    assert code.size > len(code.source)


def test_nothing_that_was_written_by_others_becomes_code() -> None:
    """Aliases and names of subgraphs stand in the source as literals and in comments, never as identifiers."""
    supergraph = fixture("payments")
    code = compiled(planned(supergraph, "{ me { import: id class: email } }"), supergraph)
    told = [line for line in code.source.splitlines() if "import" in line or "class" in line]
    assert told
    assert all("'import'" in line or "'class'" in line for line in told)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        pytest.param(replace(crates(ROOT), kind="subscription"), "the plan is run once per event", id="subscription"),
        pytest.param(
            crates(
                ROOT,
                replace(
                    WEIGHT,
                    entities=(
                        Entities(
                            (
                                Anchor(
                                    WEIGHT.anchors[0].path,
                                    WEIGHT.anchors[0].representations,
                                    (ContextRead("v", 0, ()),),
                                ),
                            )
                        ),
                    ),
                ),
            ),
            "the plan reads values from objects further up (@fromContext)",
            id="context",
        ),
        pytest.param(crates(ROOT), "a field that is never null is brought by nobody", id="denied"),
    ],
)
def test_what_is_not_compiled(plan: QueryPlan, reason: str) -> None:
    """The generic engine runs such plans each time; the reason is told."""
    supergraph = supergraph_of(API)
    with pytest.raises(Refused, match=reason.replace("(", r"\(").replace(")", r"\)")):
        compiled(plan, supergraph)
    assert compile_plan(plan, supergraph) is None


def test_a_plan_with_too_many_positions_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code for a huge operation would cost more memory than it is worth."""
    supergraph = fixture("payments")
    made = planned(supergraph, "{ me { id email } }")
    monkeypatch.setattr("router.executor.compiled.places.COMPILED_PLACES_MAX", 1)
    assert compile_plan(made, supergraph) is None
