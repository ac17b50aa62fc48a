"""Which document a request names.

Sources: Apollo's automatic persisted queries (`extensions.persistedQuery`), and "Persisted Documents" of GraphQL over HTTP (`documentId`);
Relay's servers are sent `doc_id` or `id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from router.errors import BadRequest
from router.exchange import ClientRequest

DOCUMENT_IDS: Final = ("documentId", "doc_id", "id")


class Reference(NamedTuple):
    """The name of a document. `by_hash`: the client sent it as the SHA-256 of an automatic persisted query."""

    id: str
    by_hash: bool


def reference_of(request: ClientRequest) -> Reference | None:
    """What the request names, or None. Raises BadRequest where its `persistedQuery` cannot be read."""
    if "persistedQuery" in request.extensions:
        return Reference(_hash(request.extensions["persistedQuery"]), by_hash=True)
    return Reference(request.document_id, by_hash=False) if request.document_id is not None else None


def document_id(given: Mapping[str, Any]) -> str | None:
    """The document id among a request's parameters. `doc_id` and `id` mean one only where there is no text: others use them, too."""
    names = DOCUMENT_IDS[:1] if given.get("query") else DOCUMENT_IDS
    for name in names:
        if isinstance(value := given.get(name), str) and value:
            return value
    return None


def names_a_document(given: Mapping[str, Any]) -> bool:
    """Whether parameters without a text may still be a request."""
    extensions = given.get("extensions")
    return document_id(given) is not None or (isinstance(extensions, dict) and "persistedQuery" in extensions)


def _hash(persisted_query: Any) -> str:
    match persisted_query:
        case {"version": 1, "sha256Hash": str(digest)}:
            return digest
        case {"version": int(version), "sha256Hash": str()} if version != 1:
            raise BadRequest(f"Version {version} of persisted queries is not supported: send version 1.")
        case _:
            raise BadRequest('The extension "persistedQuery" must be {"version": 1, "sha256Hash": "…"}.')
