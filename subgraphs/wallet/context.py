"""What a resolver of wallet knows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.wallet.domain import Wallet
from subgraphs.wallet.ledger import Ledger
from subgraphs.wallet.loaders import Loaders

READ_SCOPE = "wallet:read"
POST_SCOPE = "wallet:post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    database: Database
    ledger: Ledger
    hints: Hints
    loaders: Loaders

    def require_reader(self) -> None:
        """Raises Unauthenticated or Forbidden unless a user is signed in, or a service that may read asks."""
        self.principal.require_user_or_scope(READ_SCOPE)

    def require_poster(self) -> None:
        """Raises Unauthenticated or Forbidden unless a service that may move money asks."""
        self.principal.require_scope(POST_SCOPE)

    def may_know_of(self, wallet: Wallet) -> bool:
        """Whether its owner or a service of ours asks."""
        return self.principal.kind == "service" or self.is_self(str(wallet.owner_id))

    def require_user_id(self) -> UUID:
        """Whoever is signed in. Raises Unauthenticated."""
        return UUID(self.principal.require_user())


Info = strawberry.Info[Context, None]
