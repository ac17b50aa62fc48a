"""What fields cost beyond what their types tell, and how long their lists are: @cost and @listSize, which the router reads.

An object costs 1 and a mutation 10 more; docs/router/cost.md has the whole formula.
"""

from __future__ import annotations

from typing import Final

from strawberry import UNSET
from strawberry.federation.schema_directives import Cost, ListSize

PAGE: Final = ListSize(assumed_size=UNSET, slicing_arguments=["first"], sized_fields=["edges"])
"""A connection: as many edges as its argument `first` says, whose default counts too."""

PASSWORD: Final = Cost(weight=20)
"""Hashing a password is slow on purpose."""

POSTING: Final = Cost(weight=10)
"""An entry in the ledger: wallets are locked while it is written."""

SAGA: Final = Cost(weight=50)
"""Several services work for it, and the request waits for them."""


def list_of(size: int) -> ListSize:
    """A list that usually has no more than this many items."""
    return ListSize(assumed_size=size, slicing_arguments=UNSET, sized_fields=UNSET)
