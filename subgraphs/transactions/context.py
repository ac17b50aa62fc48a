"""What a resolver of transactions knows."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.transactions.domain import Transfer
from subgraphs.transactions.loaders import Loaders
from subgraphs.transactions.refunds_service import Refunds
from subgraphs.transactions.requests import PaymentRequest
from subgraphs.transactions.requests_service import PaymentRequests
from subgraphs.transactions.service import Transfers


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    database: Database
    hints: Hints
    loaders: Loaders
    transfers: Transfers
    refunds: Refunds
    requests: PaymentRequests

    def may_see(self, thing: Transfer | PaymentRequest) -> bool:
        """Whether the one who asks is one of the two whom it concerns, or a service of ours."""
        return self.principal.kind == "service" or (
            self.principal.kind == "user" and thing.is_party(self.principal.subject)
        )


Info = strawberry.Info[Context, None]
