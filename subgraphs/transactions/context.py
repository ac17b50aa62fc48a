"""What a resolver of transactions knows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.transactions.domain import OF_THE_PAYERS_WALLET, Transfer
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

    def reason_for_reader(self, reason: str | None, payer_id: UUID) -> str | None:
        """Why a transfer, or a step of it, failed, as far as it is the business of the one who asks."""
        is_kept = reason in OF_THE_PAYERS_WALLET and self.principal.kind == "user" and not self.is_self(str(payer_id))
        return None if is_kept else reason


Info = strawberry.Info[Context, None]
