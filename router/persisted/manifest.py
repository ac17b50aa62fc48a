"""Reads manifests of trusted documents.

Sources: the format `apollo-persisted-query-manifest`, version 1, of `@apollo/generate-persisted-query-manifest`; and the map of id
to text that the Relay compiler writes (`persistConfig.file`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from router import limits
from router.errors import ConfigError

APOLLO_FORMAT: Final = "apollo-persisted-query-manifest"


@dataclass(frozen=True, slots=True)
class TrustedDocument:
    """A document under its id; with a `client`, for clients of that name only. `name` is that of its operation, where it is told."""

    id: str
    text: str
    name: str | None = None
    client: str | None = None


def read_manifests(paths: Iterable[Path]) -> tuple[TrustedDocument, ...]:
    """All documents of all files.

    Raises:
        ConfigError: a file is missing, too large or not a manifest, or an id means two documents.
    """
    documents: dict[tuple[str, str | None], TrustedDocument] = {}
    for path in paths:
        for document in parse_manifest(_read(path), name=path.name):
            known = documents.setdefault((document.id, document.client), document)
            if known.text != document.text:
                raise ConfigError(f'{path.name}: the id "{document.id}" stands for two different documents.')
    if len(documents) > limits.MANIFEST_DOCUMENTS_MAX:
        raise ConfigError(f"The manifests have more than {limits.MANIFEST_DOCUMENTS_MAX} documents.")
    return tuple(documents.values())


def parse_manifest(content: bytes, *, name: str) -> list[TrustedDocument]:
    """The documents of one file, which messages call `name`. Raises ConfigError."""
    try:
        tree = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{name} is not valid JSON: {error}.") from None
    if not isinstance(tree, dict):
        raise ConfigError(f"{name} is no manifest: it must be a JSON object, in Apollo's format or in Relay's.")
    return list(_apollo(tree, name) if "format" in tree or "operations" in tree else _relay(tree, name))


def _apollo(tree: Mapping[str, Any], name: str) -> Iterator[TrustedDocument]:
    if (tree.get("format"), tree.get("version")) != (APOLLO_FORMAT, 1):
        raise ConfigError(
            f"{name} is of format {tree.get('format')!r}, version {tree.get('version')!r}; read is {APOLLO_FORMAT!r}, version 1."
        )
    operations = tree.get("operations")
    if not isinstance(operations, list):
        raise ConfigError(f'{name} lacks the list "operations".')
    for index, operation in enumerate(operations):
        match operation:
            case {"id": str(identifier), "body": str(text)} if identifier and text.strip():
                yield TrustedDocument(
                    identifier, text, _text_or_none(operation, "name"), _text_or_none(operation, "clientName")
                )
            case _:
                raise ConfigError(f'{name}: operations[{index}] needs an "id" and a "body", both texts.')


def _relay(tree: Mapping[str, Any], name: str) -> Iterator[TrustedDocument]:
    for identifier, text in tree.items():
        if not identifier or not isinstance(text, str) or not text.strip():
            raise ConfigError(f'{name}: the id "{identifier}" needs the text of a document.')
        yield TrustedDocument(identifier, text)


def _text_or_none(operation: Mapping[str, Any], key: str) -> str | None:
    value = operation.get(key)
    return value if isinstance(value, str) and value else None


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"The manifest {path} does not exist.") from None
    except OSError as error:
        raise ConfigError(f"The manifest {path} cannot be read: {error}.") from None
    if len(content) > limits.MANIFEST_BYTES_MAX:
        raise ConfigError(f"The manifest {path} is larger than {limits.MANIFEST_BYTES_MAX} bytes.")
    return content
