"""Which nulls of an answer errors explain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from router.limits import ERROR_OCCURRENCES_MAX


def unexplained(data: Any, errors: Iterable[Mapping[str, Any]], expected: Iterable[Mapping[str, Any]]) -> set[str]:
    """The nulls that one of two lists of errors explains and the other does not.

    An error of one object that stands at many places is told of the first ERROR_OCCURRENCES_MAX only.
    """
    answered, wanted = list(errors), list(expected)
    told = Counter(error["message"] for error in answered)
    due = [error for error in wanted if told[error["message"]] < ERROR_OCCURRENCES_MAX]
    return (_explained(due, data) - _explained(answered, data)) | (
        _explained(answered, data) - _explained(wanted, data)
    )


def _explained(errors: Iterable[Mapping[str, Any]], data: Any) -> set[str]:
    """The nulls that errors stand at or below. Of several errors that one null swallows, servers may report any."""
    return {json.dumps(_null_above(error.get("path", ()), data)) for error in errors}


def _null_above(path: Iterable[str | int], data: Any) -> list[str | int] | None:
    """The null that an error led to: the shortest prefix of its path where the data is null."""
    walked: list[str | int] = []
    for key in path:
        if data is None:
            return walked
        walked.append(key)
        data = data[key]
    return walked if data is None else None
