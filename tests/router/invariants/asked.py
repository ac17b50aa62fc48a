"""What a request may ask: fields that its subgraph resolves there, and fields with @requires together with their inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.graph import TYPENAME, graph_of
from router.graph.needs import Need
from router.plan import RepresentationField
from router.supergraph.model import SubgraphField, Supergraph
from tests.router.invariants.picks import Pick


def assert_asked_rightly(picks: Iterable[Pick], supergraph: Supergraph, labels: frozenset[str]) -> None:
    """Each field is resolved by its subgraph while these labels are true, or provided by a field on the way to it."""
    for pick in picks:
        if pick.name == TYPENAME or any(node.name.value == pick.name for node in pick.provided):
            continue
        for parent, resolved in _resolvers(pick, supergraph):
            where = f"{pick.fetch.subgraph} is asked for {parent}.{pick.name}"
            taken_over = resolved.override_label in labels
            assert resolved.resolves(taken_over=taken_over), f"{where}, which it does not resolve"
            if resolved.requires is not None:
                assert pick.inputs is not None, f"{where}, whose inputs only representations bring"
                _assert_inputs(pick, parent, resolved, supergraph)


def _resolvers(pick: Pick, supergraph: Supergraph) -> Iterator[tuple[str, SubgraphField]]:
    """Who answers: the type it is asked on, or each member of an interface."""
    subgraph = pick.fetch.subgraph
    asked_on = supergraph.types[pick.parent]
    is_object = asked_on.kind == "OBJECT" or subgraph in asked_on.interface_object_in
    members = asked_on.members.get(subgraph, frozenset()) & pick.types
    for parent in [pick.parent] if is_object else sorted(members):
        yield parent, supergraph.types[parent].fields[pick.name].by_subgraph[subgraph]


def _assert_inputs(pick: Pick, parent: str, resolved: SubgraphField, supergraph: Supergraph) -> None:
    assert resolved.requires is not None
    needs = graph_of(supergraph).needs(resolved.requires, parent)
    for representation in pick.inputs or ():
        for need in needs:
            if representation.on in need.types:
                where = f"{pick.fetch.subgraph} needs {need} of {representation.on} for {pick.name}"
                assert any(_is(field, need, supergraph) for field in representation.fields), where


def _is(field: RepresentationField, need: Need, supergraph: Supergraph) -> bool:
    """Whether a field of a representation says what is needed. Below abstract positions types may be out of reach."""
    if field.name != need.name:
        return False
    if need.is_leaf or supergraph.types[need.target].kind != "OBJECT":
        return True
    return all(any(_is(inner, child, supergraph) for inner in field.fields) for child in need.needs)
