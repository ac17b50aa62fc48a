"""From a plan to Python: what stands where, which classes hold it, then a function for every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import is_interface_type
from msgspec import UNSET

from router.executor.compiled import runtime
from router.executor.compiled.asks import Asks
from router.executor.compiled.classes import Classes
from router.executor.compiled.kinds import Kinds, kinds_of
from router.executor.compiled.output import Outputs
from router.executor.compiled.places import Place, places_of
from router.executor.compiled.refusal import Refused
from router.executor.compiled.run import Code, CompiledRun
from router.executor.compiled.source import Source
from router.executor.compiled.takes import Takes
from router.executor.compiled.walk import Walk
from router.executor.execution import Deopt
from router.executor.introspect import introspect
from router.executor.requests import array, client_variables, encode, request_body, request_head
from router.plan import Fetch, Introspection, QueryPlan
from router.supergraph.model import Supergraph

log = structlog.get_logger(__name__)

# Weights in bytes, fitted on CPython 3.11 so that no estimate is below what tracemalloc finds.
_BYTES_PER_CHARACTER = 8
_BYTES_PER_CLASS = 3_500
_BYTES = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A plan as Python: `source` is what runs, and `size` an estimate of the bytes that all of it takes."""

    source: str
    size: int
    code: Code

    def execution(self, variables: Mapping[str, Any]) -> CompiledRun:
        """A run with the client's variables, coerced and defaulted; those it left out are absent."""
        return CompiledRun(self.code, variables)


def compile_plan(plan: QueryPlan, supergraph: Supergraph) -> Compiled | None:
    """The plan as Python, or None for what the generic engine has to run each time: the log says why.

    That is: subscriptions; @defer; @fromContext; plans with more than COMPILED_PLACES_MAX object positions; a non-null field that is
    denied; an answer that stands at two positions of which one is below the other.
    """
    try:
        return compiled(plan, supergraph)
    except Refused as refused:
        log.debug("plan not compiled", reason=str(refused))
        return None


def compiled(plan: QueryPlan, supergraph: Supergraph) -> Compiled:
    """The plan as Python. Raises Refused, with the reason, for what the generic engine has to run each time."""
    if plan.kind == "subscription":
        raise Refused("the plan is run once per event")
    if plan.deferred:
        raise Refused("the answer is delivered in parts")
    root = places_of(plan, supergraph)
    kinds = kinds_of(root, supergraph.api)
    source = Source(_namespace(supergraph))
    state = _write(plan, root, kinds, source, supergraph)
    text = source.text()
    exec(compile(text, "<compiled plan>", "exec"), source.namespace)  # noqa: S102  # text of our own making
    classes = len(kinds.ordered) + 3 * len(plan.fetches)
    size = _BYTES + _BYTES_PER_CHARACTER * len(text) + _BYTES_PER_CLASS * classes
    return Compiled(text, size, _code(plan, source.namespace, source.namespace[f"K{kinds.at(root).number}"], state))


def _write(plan: QueryPlan, root: Place, kinds: Kinds, source: Source, supergraph: Supergraph) -> Sequence[str]:
    """Write every function; returns the names of the lists that a run remembers."""
    classes = Classes(kinds, supergraph.api, source)
    classes.make_all()
    walk = Walk(root, source)
    fills = [(fill, place) for place in root.within() for fill in place.fills]
    takes = Takes(kinds, classes, source, fills)
    asks = Asks(kinds, walk, source, {fetch.id: request_head(fetch) for fetch in plan.fetches})
    for fetch in plan.fetches:
        asks.write(fetch)
        takes.write(fetch)
    Outputs(kinds, walk, source, supergraph.api).write(root, plan.introspection)
    return walk.remembered


def _code(plan: QueryPlan, namespace: Mapping[str, Any], root: Any, remembered: Sequence[str]) -> Code:
    state = type("State", (_State,), {**dict.fromkeys(remembered), "make_root": root})
    return Code(
        fetches=plan.fetches,
        state=state,
        asks=[namespace[f"ask_{fetch.id}"] for fetch in plan.fetches],
        takes=[namespace[f"take_{fetch.id}"] for fetch in plan.fetches],
        finish=namespace["finish"],
        dependents=[[other.id for other in plan.fetches if fetch.id in other.after] for fetch in plan.fetches],
        waits=[len(fetch.after) for fetch in plan.fetches],
        first=[fetch.id for fetch in plan.fetches if not fetch.after],
    )


class _State:
    """What the functions of one run share. Lists of objects are None until they are made."""

    make_root: Any
    variables: Mapping[str, Any]

    def __init__(self) -> None:
        self.root = self.make_root()


def _namespace(supergraph: Supergraph) -> dict[str, Any]:
    """What the functions call."""
    interfaces = frozenset(name for name, type_ in supergraph.full.type_map.items() if is_interface_type(type_))

    def introspected(introspection: Introspection, variables: Mapping[str, Any]) -> dict[str, Any]:
        data, errors = introspect(introspection, api=supergraph.api, variables=variables)
        if errors:
            raise Deopt("introspection")
        return data

    names = ("INCOMPLETE", "fits", "merged", "merged_name", "needed", "nested", "own", "replaced")
    return {
        **{name: getattr(runtime, name) for name in names},
        "Deopt": Deopt,
        "INTERFACES": interfaces,
        "UNSET": UNSET,
        "array": array,
        "client_variables": client_variables,
        "encode": encode,
        "given": _given,
        "introspected": introspected,
        "request_body": request_body,
    }


def _given(fetch: Fetch, variables: Mapping[str, Any]) -> bytes:
    """The client's variables of a fetch as members of a JSON object, each with the comma behind it."""
    return b"".join(given + b"," for given in client_variables(fetch, variables))
