"""Answers the `__schema` and `__type` part of an operation from the API schema, with graphql-core's own executor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, execute_sync, parse

from router.plan import Introspection


def introspect(
    introspection: Introspection, *, api: GraphQLSchema, variables: Mapping[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """`data` under the client's own keys, and errors. Nothing inaccessible shows: the API schema does not have it."""
    used = {name: variables[name] for name in introspection.variables if name in variables}
    result = execute_sync(api, parse(introspection.operation, no_location=True), variable_values=used)
    return result.data or {}, [dict(error.formatted) for error in result.errors or ()]
