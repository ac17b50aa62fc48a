"""Reading recorded operations: a folder of GraphQL documents and of requests in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from router.changes import RecordedOperation, operations_in
from router.commands import files
from router.errors import ConfigError

SUFFIXES = (".graphql", ".gql", ".json", ".jsonl")


def read_operations(folder: Path) -> list[RecordedOperation]:
    """Every operation of a folder and the folders in it, by file name; a single file will do.

    Raises ConfigError for what cannot be read and where there is none: no recording must not look like no usage.
    """
    if not folder.exists():
        raise ConfigError(f"The folder of operations {folder} does not exist.")
    paths = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    operations = [operation for path in paths for operation in _read(path, _shown(path, folder))]
    if not operations:
        raise ConfigError(f"{folder} holds no operation: name a folder with files in {', '.join(SUFFIXES)}.")
    return operations


def _shown(path: Path, folder: Path) -> str:
    return path.name if path == folder else str(path.relative_to(folder))


def _read(path: Path, source: str) -> Iterator[RecordedOperation]:
    text = files.read(path)
    if path.suffix == ".json":
        content = _json(text, source)
        for number, request in enumerate(content if isinstance(content, list) else [content], start=1):
            yield from _request(request, f"{source}#{number}" if isinstance(content, list) else source)
    elif path.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield from _request(_json(line, f"{source}:{number}"), f"{source}:{number}")
    else:
        yield from operations_in(text, source=source)


def _json(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ConfigError(f"The operations in {source} are not JSON: {error}.") from None


def _request(request: Any, source: str) -> Iterator[RecordedOperation]:
    match request:
        case {"query": str(query)}:
            name, count = request.get("operationName") or None, request.get("count", 1)
        case _:
            raise ConfigError(
                f'{source} is no recorded operation: write {{"query": "…", "operationName": "…", "count": 1}}.'
            )
    if not isinstance(name, str | None) or not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ConfigError(f"{source} is no recorded operation: operationName is a text and count a number from 1.")
    if name is not None:
        yield RecordedOperation(query, name, count, source)
        return
    for operation in operations_in(query, source=source):
        yield RecordedOperation(query, operation.operation_name, count, source)
