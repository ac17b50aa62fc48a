"""A field that is not given out, and the GraphQL error that says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final, Literal, TypeAlias

MESSAGE: Final = "Unauthorized field or type"
CODE: Final = "UNAUTHORIZED_FIELD_OR_TYPE"
EACH: Final = "@"  # stands for a list level in a position, as in Apollo's paths

Reason: TypeAlias = Literal["unauthenticated", "forbidden"]
"""Whether to sign in may help, or the caller lacks scopes or policies."""


@dataclass(frozen=True, slots=True)
class Denial:
    """One position of an operation that its caller may not have.

    `position` holds the response keys that lead to it, with "@" for each list level; `by_names` is the same place as Apollo's
    router writes it. `coordinate` is `Type.field`. With `withheld` off (a dry run) the field is given out all the same.
    """

    position: tuple[str, ...]
    coordinate: str
    reason: Reason
    by_names: tuple[str, ...] = ()
    withheld: bool = True

    def formatted(self, compat: Literal["apollo"] | None = None) -> dict[str, Any]:
        """The GraphQL error. Behind a list there are as many paths as elements: its path ends at the list."""
        path = self.by_names if compat == "apollo" else takewhile(lambda key: key != EACH, self.position)
        return {
            "message": MESSAGE,
            "path": list(path),
            "extensions": {"code": CODE, "coordinate": self.coordinate, "reason": self.reason},
        }
