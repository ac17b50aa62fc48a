"""The connect specification, v0.1 to v0.4: REST sources and what maps their answers to fields.

Composition does not read connectors; it checks that their directives are used as defined and hands them on. Source:
https://specs.apollo.dev/connect.
"""

from __future__ import annotations

from collections.abc import Mapping

from router.composition.spec.link import FeatureUrl, Version
from router.composition.spec.specification import Specification

CONNECT = "https://specs.apollo.dev/connect"
NEWEST_STABLE = Version(0, 3)

_FEDERATION = {
    Version(0, 1): Version(2, 10),
    Version(0, 2): Version(2, 11),
    Version(0, 3): Version(2, 12),
    Version(0, 4): Version(2, 13),
}
_REQUEST = "headers: [{HTTPHeaderMapping}!], path: {JSONSelection}, queryParams: {JSONSelection}"
_METHODS = " ".join(f"{method}: {{URLPathTemplate}}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))
_TYPES: Mapping[str, str] = {
    "URLPathTemplate": "scalar {URLPathTemplate}",
    "JSONSelection": "scalar {JSONSelection}",
    "ConnectorErrors": "input {ConnectorErrors} {{ message: {JSONSelection}, extensions: {JSONSelection} }}",
    "HTTPHeaderMapping": "input {HTTPHeaderMapping} {{ name: String!, from: String, value: String }}",
    "ConnectBatch": "input {ConnectBatch} {{ maxSize: Int }}",
    "SourceHTTP": f"input {{SourceHTTP}} {{{{ baseURL: String!, {_REQUEST} }}}}",
    "ConnectHTTP": f"input {{ConnectHTTP}} {{{{ {_METHODS}, body: {{JSONSelection}}, {_REQUEST} }}}}",
}
_DIRECTIVES: Mapping[str, str] = {
    "connect": "(source: String, id: String, http: {ConnectHTTP}, batch: {ConnectBatch}, errors: {ConnectorErrors},"
    " selection: {JSONSelection}!, entity: Boolean = false, isSuccess: {JSONSelection})"
    " repeatable on FIELD_DEFINITION | OBJECT",
    "source": "(name: String!, http: {SourceHTTP}!, errors: {ConnectorErrors}, isSuccess: {JSONSelection})"
    " repeatable on SCHEMA",
}

DIRECTIVES = frozenset(_DIRECTIVES)
VERSIONS = tuple(
    Specification(FeatureUrl(CONNECT, "connect", version), _DIRECTIVES, _TYPES, since)
    for version, since in _FEDERATION.items()
)
