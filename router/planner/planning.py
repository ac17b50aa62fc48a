"""One operation on its way to a plan, stage by stage: what `plan` runs through, and what the command line prints."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from router.graph import Graph, graph_of
from router.operation.model import Operation
from router.plan import Deferred, Fetch, QueryPlan
from router.planner.apart import apart, dissolved, has_deferred
from router.planner.defer import Layout, Layouter
from router.planner.fetches import Builder
from router.planner.introspection import introspection_of
from router.planner.operations import written
from router.planner.optimize import optimize
from router.planner.output import output_of
from router.planner.requests import Request
from router.planner.roots import start_parallel, start_serial, start_source
from router.planner.sites import Site
from router.planner.wanted import Wanted, wanted_of
from router.supergraph.model import Supergraph

_STARTS = {"query": start_parallel, "mutation": start_serial, "subscription": start_source}


@dataclass(frozen=True)
class Planning:
    """What each stage makes of an operation. A stage runs when it is first asked for, after those that it reads."""

    operation: Operation
    supergraph: Supergraph
    labels: frozenset[str] = frozenset()

    @cached_property
    def graph(self) -> Graph:
        """The query graph under the labels that are true."""
        return graph_of(self.supergraph, self.labels.intersection(self.supergraph.labels))

    @cached_property
    def wanted(self) -> Wanted:
        """What the client asks for, what is deferred apart."""
        wanted = wanted_of(self.operation, self.supergraph.api)
        if not self._is_deferring:
            return wanted
        return apart(wanted, wanted_of(dissolved(self.operation), self.supergraph.api))

    @cached_property
    def _is_deferring(self) -> bool:
        return has_deferred(self.operation.selections)

    @cached_property
    def layout(self) -> Layout:
        """The places of the merged tree, and what is fetched of them: at once, or part by part."""
        layouter = Layouter(self.operation, self.supergraph, self.graph, _STARTS[self.operation.kind])
        return layouter.in_parts(self.wanted) if self._is_deferring else layouter.at_once(self.wanted)

    @cached_property
    def root(self) -> Site:
        """The places of the merged tree, with the client's keys."""
        return self.layout.root

    @cached_property
    def built(self) -> Builder:
        """How it can be had, and the groups of fields to be fetched for that."""
        return self.layout.builder

    @cached_property
    def requests(self) -> list[Request]:
        """The groups with fewer requests. They are changed by it."""
        return optimize(self.built.groups)

    @cached_property
    def fetches(self) -> tuple[Fetch, ...]:
        """The requests written down."""
        return written(self.requests, self.operation)

    @cached_property
    def deferred(self) -> tuple[Deferred, ...]:
        """The parts of the answer that come later."""
        index = {id(later): at for at, (later, _) in enumerate(self.layout.parts)}
        return tuple(
            Deferred(
                label=later.postponed.label,
                path=later.site.path,
                output=output_of(later.postponed.wanted, later.site, self.supergraph.api),
                fetches=tuple(at for at, request in enumerate(self.requests) if request.first.part is part),
                within=index[id(later.within)] if later.within is not None else None,
            )
            for later, part in self.layout.parts
        )

    @cached_property
    def plan(self) -> QueryPlan:
        """The fetches, and the shape of the answer."""
        return QueryPlan(
            kind=self.operation.kind,
            fetches=self.fetches,
            output=output_of(self.wanted, self.root, self.supergraph.api),
            introspection=introspection_of(self.operation),
            deferred=self.deferred,
        )
