"""The operation that a request asks for, if it keeps every rule of the API schema."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLError, OperationType
from graphql import parse as parse_graphql
from graphql import validate as validate_graphql

from router import limits
from router.errors import BadRequest, OperationInvalid, TooLarge, VariablesInvalid
from router.exchange import ClientRequest, OperationName
from router.operation import condition_variables, deferrals
from router.operation.normalize.source import select_operation
from router.operation.variables import VariableReader
from router.pipeline.handed_on import Checked, Valid
from router.pipeline.limiting import hold_within, refuse_introspection
from router.pipeline.state import RouterState


def validate(request: ClientRequest, router: RouterState) -> Valid:
    """The operation to run, valid against the API schema, with its variables.

    Raises:
        TooLarge: it is over one of the configuration's `limits`; IntrospectionDisabled: it asks for the schema.
        OperationInvalid: the text does not parse (GRAPHQL_PARSE_FAILED) or breaks a rule (GRAPHQL_VALIDATION_FAILED).
        VariablesInvalid: a variable does not fit its type (BAD_USER_INPUT).
        BadRequest: there is no such operation, or it may not be sent this way.
    """
    checked = check(request, router)
    request.reply.operation = checked.name
    if request.read_only and checked.kind is OperationType.MUTATION:
        raise BadRequest("A mutation cannot be sent by GET: use POST.", status=405)
    coerced = checked.variables.read(request.variables, errors_max=limits.OPERATION_ERRORS_MAX)
    if isinstance(coerced, list):
        raise VariablesInvalid(coerced)
    return Valid(checked, coerced)


def check(request: ClientRequest, router: RouterState) -> Checked:
    """The part of `validate` that needs no variables, remembered. Raises what that raises."""
    checked = router.checked.get((request.query, request.operation_name))
    if checked is None:
        document = parse(request, router)
        with router.telemetry.stage("validate"):
            checked = _check(document, request, router)
        router.checked.put((request.query, request.operation_name), checked, weight=len(request.query))
    return checked


def parse(request: ClientRequest, router: RouterState) -> DocumentNode:
    """The syntax tree, remembered for the other operations of its document. Raises OperationInvalid, TooLarge."""
    document = router.documents.get(request.query)
    if document is None:
        with router.telemetry.stage("parse"):
            document = _parsed(request.query, router.bounds.tokens)
        router.documents.put(request.query, document, weight=len(request.query))
    return document


def _parsed(text: str, tokens_max: int) -> DocumentNode:
    try:
        return parse_graphql(text, no_location=True, max_tokens=tokens_max)
    except GraphQLError as error:
        if f"more than {tokens_max} tokens" in error.message:
            raise TooLarge(f"The document has more than {tokens_max} tokens.", "MAX_TOKENS_LIMIT") from None
        raise OperationInvalid([error], "GRAPHQL_PARSE_FAILED") from None


def _check(document: DocumentNode, request: ClientRequest, router: RouterState) -> Checked:
    hold_within(router.bounds, document)
    if validate_graphql(router.supergraph.api, document, max_errors=1):
        # Documents are kept without locations, which would triple their size; now they are worth another look.
        located = parse_graphql(request.query)
        errors = validate_graphql(
            router.supergraph.api,
            located,
            max_errors=limits.OPERATION_ERRORS_MAX,
            hide_suggestions=not router.bounds.introspection,
        )
        raise OperationInvalid(errors, "GRAPHQL_VALIDATION_FAILED")
    source = select_operation(document, request.operation_name)
    if not router.bounds.introspection:
        refuse_introspection(source)
    definition = source.operation
    name = request.operation_name
    return Checked(
        document,
        definition.operation,
        OperationName(definition.operation.value, definition.name.value if definition.name is not None else None),
        condition_variables(document, name),
        VariableReader(
            router.supergraph.api, definition.variable_definitions or (), suggests=router.bounds.introspection
        ),
        deferrals(document, name),
        condition_variables(document, name, incremental=True),
    )
