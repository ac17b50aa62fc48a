"""Reads the parameters of a GraphQL request from a POST body, a GET query string or a socket message.

Source: the GraphQL-over-HTTP specification, sections 5 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

from router.errors import BadRequest
from router.persisted.references import DOCUMENT_IDS, document_id, names_a_document

_NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Parameters(msgspec.Struct, frozen=True):
    """What the client asks. `query` is empty where `document_id` or an extension names a text that the router has."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]
    document_id: str | None = None


def decoded(body: bytes) -> Any:
    """The JSON value that a body holds. Raises BadRequest."""
    try:
        return msgspec.json.decode(body)  # keeps integers of any size, which custom scalars may hold
    except _NOT_JSON as error:
        raise BadRequest(f"The request body is not valid JSON: {error}.") from None


def from_query_string(query_string: bytes) -> Parameters:
    """The parameters in a URL's query string, where variables and extensions are JSON texts. Raises BadRequest."""
    try:
        given = parse_qs(query_string.decode("ascii"), errors="strict", keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        raise BadRequest("The query string is not percent-encoded UTF-8.") from None
    for name, values in given.items():
        if len(values) > 1:
            raise BadRequest(f'The URL gives the parameter "{name}" more than once.')
    single = {name: values[0] for name, values in given.items()}
    return from_mapping(
        {
            **{name: single[name] for name in DOCUMENT_IDS if name in single},
            "query": single.get("query"),
            "operationName": single.get("operationName") or None,
            "variables": _json(single, "variables"),
            "extensions": _json(single, "extensions"),
        }
    )


def from_mapping(given: Any) -> Parameters:
    """The parameters as a JSON object. Members of other names are ignored. Raises BadRequest."""
    if not isinstance(given, dict):
        raise BadRequest('A GraphQL request is a JSON object such as {"query": "{ __typename }"}.')
    query = given.get("query")
    if not query and names_a_document(given):
        query = ""
    elif not isinstance(query, str) or not query.strip():
        raise BadRequest('The parameter "query" is missing: it holds the GraphQL document as a string.')
    operation_name = given.get("operationName")
    if not (operation_name is None or isinstance(operation_name, str)):
        raise BadRequest('The parameter "operationName" must be a string.')
    variables, extensions = _object(given, "variables"), _object(given, "extensions")
    return Parameters(query, operation_name, variables, extensions, document_id(given))


def _object(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name)
    if not (value is None or isinstance(value, dict)):
        raise BadRequest(f'The parameter "{name}" must be a JSON object.')
    return value or {}


def _json(values: Mapping[str, str], name: str) -> Any:
    if not values.get(name):
        return None
    try:
        return msgspec.json.decode(values[name])
    except _NOT_JSON:
        raise BadRequest(f'The parameter "{name}" in the URL is not valid JSON.') from None
