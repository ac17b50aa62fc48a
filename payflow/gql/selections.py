"""What an operation selects, for a resolver that reads differently where something else is shown beside it."""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import FieldNode, SelectionNode


def selects(info: strawberry.Info[Any, Any], field: str) -> bool:
    """Whether the operation, or a fragment of its document, selects a field of this name anywhere.

    It looks at the text alone, so it may say yes where another type has such a field, or a directive skips it; never no where it matters.
    """
    raw = info._raw_info  # strawberry's own `selected_fields` tells only what is below this field
    waiting: list[SelectionNode] = list(raw.operation.selection_set.selections)
    for fragment in raw.fragments.values():
        waiting.extend(fragment.selection_set.selections)
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode) and node.name.value == field:
            return True
        below = getattr(node, "selection_set", None)
        if below is not None:
            waiting.extend(below.selections)
    return False
