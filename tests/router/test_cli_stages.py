"""`plan --stage` and `inspect`: every stage prints, and what cannot be printed is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.router.test_cli import Done, run, sentence

FIXTURES = Path(__file__).parent / "fixtures"
HARBOUR = FIXTURES / "harbour.graphql"
QUERY = """
query Vessels($toll: Boolean = true) {
  vessels { name toll @include(if: $toll) }
  sightings { ... on Vessel { x: captain { bunk } } ... on Buoy { x: keeper { bunk } } }
}
"""


@pytest.fixture
def operation(tmp_path: Path) -> Path:
    """A file with a query that two waves of fetches answer."""
    file = tmp_path / "vessels.graphql"
    file.write_text(QUERY)
    return file


def plan(operation: Path, *arguments: str | Path) -> Done:
    """The command, over the fixture's supergraph."""
    return run("plan", "--supergraph", HARBOUR, "--operation", operation, *arguments)


def inspect(*arguments: str | Path) -> Done:
    """The command, over the fixture's supergraph."""
    return run("inspect", *arguments, "--supergraph", HARBOUR)


# ── plan --stage ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_operation_has_its_conditions_decided(operation: Path) -> None:
    """What the variables exclude is gone."""
    assert "toll" in plan(operation, "--stage", "operation").stdout
    without = plan(operation, "--stage", "operation", "--variables", '{"toll": false}').stdout
    assert "    toll" not in without
    assert "@include" not in without


def test_what_is_wanted_names_the_objects(operation: Path) -> None:
    """One place per line; types where a place is not wanted of all."""
    assert plan(operation, "--stage", "wanted").stdout == (
        """Query
  vessels: Vessel
    name
    toll
  sightings: Sighting
    x: captain: Officer on Vessel
      bunk
    x: keeper: Officer on Buoy
      bunk
"""
    )


def test_the_search_tells_where_it_goes_by_which_key(operation: Path) -> None:
    """Entries with keys and inputs, prices, and a block for every input that had to be looked for."""
    told = plan(operation, "--stage", "search").stdout
    assert told.startswith("at the root: cost ")
    assert "enter dock with Vessel(imo)" in told
    assert "toll needs (length berthRate)" in told
    assert "... on Buoy" in told
    assert "\n\nat vessels.@: cost " in told


def test_fetches_are_told_before_and_after_each_pass(operation: Path) -> None:
    """The requests at the end are those of the plan: two questions to one subgraph are one request."""
    told = plan(operation, "--stage", "fetches").stdout
    built, sunk, requests = told.split("\n\n")
    assert built.startswith("groups as built\n  0: fleet {")
    assert sunk == "after sink_into_later: as before"
    assert (
        "crew at sightings.@ Buoy(no) {...on Buoy{x:keeper{bunk}}}\n    + at sightings.@|[Vessel].x Officer(id)"
        in requests
    )
    assert len([line for line in requests.splitlines() if " wave " in line]) == told.count(" wave ")


def test_a_pass_that_merges_shows_what_is_left(tmp_path: Path) -> None:
    """The early fetch is gone after the pass."""
    file = tmp_path / "q.graphql"
    file.write_text("{ vessels { moorings { rate } toll } }")
    built, sunk, _ = plan(file, "--stage", "fetches").stdout.split("\n\n")
    assert [len(told.splitlines()) for told in (built, sunk)] == [5, 4]
    assert "{...on Vessel{toll moorings{rate}}}" in sunk


def test_the_plan_as_json_for_tools_or_as_it_is_sent(operation: Path) -> None:
    """Nodes that tools know by default; --batched shows one node for each request."""
    standard = plan(operation, "--format", "json").stdout
    assert "BatchFetch" not in standard
    batched = plan(operation, "--format", "json", "--batched").stdout
    assert "BatchFetch" in batched
    assert json.loads(batched)["node"]["kind"] == json.loads(standard)["node"]["kind"] == "Sequence"


def test_the_code_is_python(operation: Path, tmp_path: Path) -> None:
    """What runs in place of a popular plan; a plan that is not compiled says so."""
    compile(plan(operation, "--stage", "code").stdout, "<code>", "exec")

    payments = FIXTURES / "payments.graphql"
    events = tmp_path / "events.graphql"
    events.write_text("subscription { notifications { title } }")
    told = run("plan", "--supergraph", payments, "--operation", events, "--stage", "code")
    assert told.stdout == "# Not compiled, the generic engine runs it each time: the plan is run once per event.\n"


def test_timings_go_beside_the_output(operation: Path) -> None:
    """A line on standard error for every stage that ran, in order."""
    done = plan(operation, "--stage", "search", "--timings")
    stages = ["supergraph", "parse", "validate", "operation", "wanted", "search"]
    assert [line.split()[0] for line in done.stderr.splitlines()] == stages
    assert all(line.endswith(" ms") for line in done.stderr.splitlines())
    assert plan(operation, "--timings").stdout == plan(operation).stdout


def test_options_that_do_not_go_together_are_one_sentence(operation: Path) -> None:
    """JSON is for the plan, --batched for JSON, and labels are those of the supergraph."""
    assert "prints the plan only" in sentence(plan(operation, "--format", "json", "--stage", "search"))
    assert "use it with --format json" in sentence(plan(operation, "--batched"))
    assert 'has the label "beta"; there are: none' in sentence(plan(operation, "--label", "beta"))
    assert plan(operation, "--stage", "everything").returncode == 2


@pytest.mark.parametrize("stage", ["operation", "wanted", "search", "fetches", "plan", "code"])
def test_a_bad_operation_is_one_sentence_at_every_stage(stage: str, tmp_path: Path) -> None:
    """Whatever is to be printed, the operation must be valid."""
    bad = tmp_path / "bad.graphql"
    bad.write_text("{ nope }")
    assert sentence(plan(bad, "--stage", stage)) == "Cannot query field 'nope' on type 'Query'."
    assert "does not exist" in sentence(plan(tmp_path / "nowhere.graphql", "--stage", stage))


# ── inspect ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_public_schema_hides_what_is_inaccessible() -> None:
    """What clients see, without the machinery."""
    public = inspect("public").stdout
    assert "type Watch {" in public
    assert "join__" not in public


def test_subgraphs_are_told_with_what_they_can_be_asked_for() -> None:
    """A row for each."""
    head, *rows = inspect("subgraphs").stdout.splitlines()
    assert head.split() == ["subgraph", "types", "entities", "address"]
    assert [row.split()[0] for row in rows] == ["crew", "customs", "dock", "fleet"]
    assert rows[0].split() == ["crew", "6", "3", "http://crew.test/graphql"]


def test_types_are_told_with_their_keys() -> None:
    """Which subgraphs know a type, and by what."""
    told = inspect("types").stdout
    assert "\nBuoy      object     crew (no), fleet (no)\n" in told
    assert "customs (pier slot, not resolvable)" in told


def test_a_type_is_told_in_full() -> None:
    """Keys, who resolves which field on what conditions, and the ways in."""
    told = inspect("type", "Vessel").stdout
    assert told.startswith("Vessel: object\n\nsubgraphs\n")
    assert "toll: Float!         customs external; dock requires (berthRate length)" in told
    assert told.endswith("ways in\n  customs  with (imo)\n  dock     with (imo)\n  fleet    with (imo)\n")
    assert "returns Tug, Vessel" in inspect("type", "Craft").stdout
    assert "freely: a root type" in inspect("type", "Query").stdout


def test_protection_and_prices_are_told() -> None:
    """What callers need, and what is dear; where there is nothing of the kind, in a sentence."""
    assert inspect("protection").stdout.startswith("Nothing is protected")
    assert inspect("prices").stdout.startswith("Nothing has a price of its own")


def test_what_cannot_be_inspected_is_one_sentence(tmp_path: Path) -> None:
    """A name that is missing, wrong or too much, and a supergraph that is not there."""
    assert 'no object, interface or union type "Vesel". Did you mean Vessel?' in sentence(inspect("type", "Vesel"))
    assert "needs the name of a type" in sentence(inspect("type"))
    assert "takes no name" in sentence(inspect("types", "Vessel"))
    nowhere = tmp_path / "nowhere.graphql"
    assert "does not exist" in sentence(run("inspect", "types", "--supergraph", nowhere))
    assert inspect("everything").returncode == 2
