"""What happens to an operation, in order: validate → authorize → label → plan → execute → project.

The stages up to the plan are pure and cached, so that an operation seen before costs a few look-ups. Each cache is keyed by
everything that shapes its values.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import Any, NamedTuple, TypeAlias, cast

import msgspec
import structlog
from graphql import DocumentNode, GraphQLError, OperationType
from graphql import parse as parse_graphql
from graphql import validate as validate_graphql

from router import executor, limits, planner
from router.errors import BadRequest, ClientError, OperationInvalid, Unexpected, VariablesInvalid
from router.exchange import ClientRequest, ClientResponse
from router.executor import Executable, ExecutionResult
from router.lru import Lru
from router.operation import condition_variables, normalize
from router.operation.labels import labels_on
from router.operation.normalize.source import select_operation
from router.operation.variables import VariableReader
from router.plan.nodes import OperationKind
from router.plans import PlanCache
from router.security.authorization import Authorization, Authorized, Denial
from router.security.caller import View
from router.sharing import Sharing
from router.supergraph.model import Supergraph
from router.telemetry import Telemetry
from router.transport.base import Transport
from router.transport.dedupe import told_apart

log = structlog.get_logger(__name__)

LabelSource: TypeAlias = Callable[[ClientRequest], Awaitable[Collection[str]]]
"""Says which override labels are true for a request; those it does not know or name are decided by their own rule."""


async def nobody_sets_labels(request: ClientRequest) -> Collection[str]:  # noqa: ARG001 - a LabelSource
    """The source of a router that was given none: only `percent(n)` labels can be true."""
    return ()


async def answer(request: ClientRequest, router: RouterState) -> ClientResponse:
    """Answer a query or mutation. Never raises: what is refused or goes wrong is part of the response."""
    try:
        valid = validate(request, router)
        permitted = authorize(valid, request, router)
        labelled = await label(permitted, request, router)
        planned = plan(labelled, router)
        result = await execute(planned, request, router)
        return project(result, planned, router)
    except Exception as error:
        return refuse(error, request, router)


async def subscribe(request: ClientRequest, router: RouterState) -> AsyncGenerator[ClientResponse, None]:
    """Yield a response per event of a subscription; of a query or mutation, its one response.

    Never raises: a refusal is the last response. Closing the generator ends the subscription at its subgraph.
    """
    try:
        valid = validate(request, router)
        permitted = authorize(valid, request, router)
        labelled = await label(permitted, request, router)
        planned = plan(labelled, router)
        if planned.kind == "subscription":
            async with aclosing(events(planned, request, router)) as results:
                async for result in results:
                    yield project(result, planned, router)
        else:
            yield project(await execute(planned, request, router), planned, router)
    except Exception as error:
        yield refuse(error, request, router)


# ── what the stages hand on ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Checked:
    """An operation that passed every rule of the API schema. `conditions` are the variables of its @skip and @include."""

    document: DocumentNode
    kind: OperationType
    conditions: tuple[str, ...]
    variables: VariableReader


class Valid(NamedTuple):
    """A checked operation with its variables coerced and defaulted."""

    checked: Checked
    variables: Mapping[str, Any]


class PlanKey(NamedTuple):
    """Everything that shapes a plan. `labels` are the override labels that are true, of those that the operation meets."""

    text: str
    operation_name: str | None
    conditions: tuple[Any, ...]
    view: View
    labels: frozenset[str] = frozenset()


RunKey: TypeAlias = tuple[PlanKey, bytes, tuple[tuple[str, str], ...]]
"""What makes two queries the same: plan, variables as JSON, and the headers that go to subgraphs."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A normalised operation with what callers of a view may not have marked, and the override labels that it meets."""

    authorized: Authorized
    labels_met: frozenset[str]


class Permitted(NamedTuple):
    """An operation as its caller may run it, and the variables to run it with."""

    key: PlanKey
    allowed: Allowed
    variables: Mapping[str, Any]


class Planned(NamedTuple):
    """A plan ready to run. `denials` are the fields that its caller may not have."""

    key: PlanKey
    executable: Executable
    denials: tuple[Denial, ...]
    variables: Mapping[str, Any]

    @property
    def kind(self) -> OperationKind:
        return self.executable.prepared.plan.kind

    @property
    def denied(self) -> list[tuple[str, ...]]:
        """Where nulls need no error of their own."""
        return [denial.position for denial in self.denials]


@dataclass(slots=True)
class RouterState:
    """One supergraph being served: what its requests share. The caches belong to the event loop that serves it."""

    supergraph: Supergraph
    transport: Transport
    telemetry: Telemetry = field(default_factory=Telemetry)
    labels: LabelSource = nobody_sets_labels
    dice: Random = field(default_factory=SystemRandom)
    shares_queries: bool = False  # equal queries of clients that are under way together run once
    authorization: Authorization = field(init=False)
    documents: Lru[str, DocumentNode] = field(init=False)
    checked: Lru[tuple[str, str | None], Checked] = field(init=False)
    allowed: Lru[PlanKey, Allowed] = field(init=False)
    plans: PlanCache[PlanKey, Executable] = field(init=False)
    running: Sharing[RunKey, ExecutionResult] = field(init=False)

    def __post_init__(self) -> None:
        self.authorization = Authorization(self.supergraph.full)
        # Weighed by the length of the text that each value was made from.
        self.documents = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.checked = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.allowed = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)
        self.plans = PlanCache(lambda executable: executable.size)
        self.running = Sharing()
        self.telemetry.watch_plans(self.plans)


# ── the stages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def validate(request: ClientRequest, router: RouterState) -> Valid:
    """The operation to run, valid against the API schema, with its variables.

    Raises:
        OperationInvalid: the text does not parse (GRAPHQL_PARSE_FAILED) or breaks a rule (GRAPHQL_VALIDATION_FAILED).
        VariablesInvalid: a variable does not fit its type (BAD_USER_INPUT).
        BadRequest: there is no such operation, or it may not be sent this way.
    """
    checked = check(request, router)
    if request.read_only and checked.kind is OperationType.MUTATION:
        raise BadRequest("A mutation cannot be sent by GET: use POST.", status=405)
    coerced = checked.variables.read(request.variables, errors_max=limits.OPERATION_ERRORS_MAX)
    if isinstance(coerced, list):
        raise VariablesInvalid(coerced)
    return Valid(checked, coerced)


def check(request: ClientRequest, router: RouterState) -> Checked:
    """The part of `validate` that needs no variables, remembered. Raises OperationInvalid, BadRequest."""
    checked = router.checked.get((request.query, request.operation_name))
    if checked is None:
        document = parse(request, router)
        with router.telemetry.stage("validate"):
            checked = _check(document, request, router)
        router.checked.put((request.query, request.operation_name), checked, weight=len(request.query))
    return checked


def parse(request: ClientRequest, router: RouterState) -> DocumentNode:
    """The syntax tree, remembered for the other operations of its document. Raises OperationInvalid."""
    document = router.documents.get(request.query)
    if document is None:
        with router.telemetry.stage("parse"):
            document = _parsed(request.query)
        router.documents.put(request.query, document, weight=len(request.query))
    return document


def authorize(valid: Valid, request: ClientRequest, router: RouterState) -> Permitted:
    """The normalised operation with the fields marked that its caller may not have: nothing denied is ever fetched."""
    key = PlanKey(
        text=request.query,
        operation_name=request.operation_name,
        conditions=tuple(valid.variables.get(name) for name in valid.checked.conditions),
        view=router.authorization.view(request.caller),
    )
    return Permitted(key, allow(valid, key, router), valid.variables)


def allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    """What the callers of the key's view may have of an operation, remembered whatever its labels."""
    unlabelled = key._replace(labels=frozenset()) if key.labels else key
    allowed = router.allowed.get(unlabelled)
    if allowed is None:
        with router.telemetry.stage("authorize"):
            allowed = _allow(valid, key, router)
        router.allowed.put(unlabelled, allowed, weight=len(key.text))
    return allowed


async def label(permitted: Permitted, request: ClientRequest, router: RouterState) -> Permitted:
    """The same with each override label that the operation meets decided, once for this request."""
    met = permitted.allowed.labels_met
    if not met:
        return permitted
    labels = labels_on(met, await router.labels(request), router.dice)
    return permitted._replace(key=permitted.key._replace(labels=labels))


def plan(permitted: Permitted, router: RouterState) -> Planned:
    """The query plan, made once per `PlanKey`. Raises Unplannable."""
    authorized = permitted.allowed.authorized
    made = False

    def make() -> Executable:
        nonlocal made
        made = True
        with router.telemetry.stage("plan"):
            query_plan = planner.plan(authorized.operation, router.supergraph, permitted.key.labels)
            return executor.prepare(query_plan, router.supergraph)

    executable = router.plans.get_or_make(permitted.key, make)
    router.telemetry.plan_looked_up(hit=not made)
    return Planned(permitted.key, executable, authorized.denials, permitted.variables)


async def execute(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    """Ask the subgraphs. Their failures are errors of the result."""
    if planned.kind == "subscription":
        raise BadRequest("A subscription needs a WebSocket with the subprotocol graphql-transport-ws.")
    with router.telemetry.stage("execute"):
        if router.shares_queries and planned.kind == "query":
            key = (planned.key, msgspec.json.encode(planned.variables), told_apart(request.headers))
            return await router.running.join(key, lambda: _perform(planned, request, router))
        return await _perform(planned, request, router)


async def events(
    planned: Planned, request: ClientRequest, router: RouterState
) -> AsyncGenerator[ExecutionResult, None]:
    """Listen at the subscription's subgraph; each event is completed by the rest of the plan."""
    results = executor.listen(
        planned.executable,
        variables=planned.variables,
        transport=router.transport,
        headers=request.headers,
        denied=planned.denied,
    )
    with router.telemetry.subscriptions.track_inprogress():
        async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", results)):
            async for result in results:
                yield result


def project(result: ExecutionResult, planned: Planned, router: RouterState) -> ClientResponse:
    """The client's answer: the executor shaped the data, and what was denied is told first."""
    errors = (*(denial.formatted() for denial in planned.denials), *result.errors)
    router.telemetry.answered("errors" if errors else "ok", errors)
    return ClientResponse(result.json, errors)


def refuse(error: Exception, request: ClientRequest, router: RouterState) -> ClientResponse:
    """The answer to a request that went no further. A fault of ours is logged under the request's id and told by it alone."""
    if not isinstance(error, ClientError):
        log.error("request failed", request_id=request.request_id, exc_info=error)
        error = Unexpected(request.request_id)
    router.telemetry.answered("refused", error.formatted())
    return ClientResponse(refusal=error)


def _parsed(text: str) -> DocumentNode:
    try:
        return parse_graphql(text, no_location=True, max_tokens=limits.DOCUMENT_TOKENS_MAX)
    except GraphQLError as error:
        raise OperationInvalid([error], "GRAPHQL_PARSE_FAILED") from None


async def _perform(planned: Planned, request: ClientRequest, router: RouterState) -> ExecutionResult:
    settled = planned.executable.is_settled
    result = await executor.perform(
        planned.executable,
        variables=planned.variables,
        transport=router.transport,
        headers=request.headers,
        denied=planned.denied,
        watch=router.telemetry,
    )
    if planned.executable.is_settled is not settled:
        router.plans.weigh_again(planned.key)
    return result


def _allow(valid: Valid, key: PlanKey, router: RouterState) -> Allowed:
    operation = normalize(valid.checked.document, key.operation_name, router.supergraph, valid.variables)
    authorized = router.authorization.authorize(operation, key.view)
    return Allowed(authorized, planner.labels_met(authorized.operation, router.supergraph))


def _check(document: DocumentNode, request: ClientRequest, router: RouterState) -> Checked:
    if validate_graphql(router.supergraph.api, document, max_errors=1):
        # Documents are kept without locations, which would triple their size; now they are worth another look.
        located = parse_graphql(request.query)
        errors = validate_graphql(router.supergraph.api, located, max_errors=limits.OPERATION_ERRORS_MAX)
        raise OperationInvalid(errors, "GRAPHQL_VALIDATION_FAILED")
    definition = select_operation(document, request.operation_name).operation
    variables = VariableReader(router.supergraph.api, definition.variable_definitions or ())
    return Checked(document, definition.operation, condition_variables(document, request.operation_name), variables)
