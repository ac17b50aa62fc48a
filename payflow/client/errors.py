"""How a call to another service can go wrong.

DependencyUnavailable   (kernel)
└── OutcomeUnknown      no answer, or a fault over there: the command may or may not have happened; repeat it under the same key
PayflowError            (kernel)
└── CallRejected        the service answered with GraphQL errors: it did nothing, and a repeat will not help
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from payflow.kernel.errors import DependencyUnavailable, PayflowError


class OutcomeUnknown(DependencyUnavailable):
    """Nobody knows whether the command happened."""


class CallRejected(PayflowError):
    """The service refused the request itself; `codes` are the `extensions.code` of its errors."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__("; ".join(str(error.get("message")) for error in errors))
        self.codes = tuple(str((error.get("extensions") or {}).get("code", "")) for error in errors)
