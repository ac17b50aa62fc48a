"""The root queries of transactions."""

from __future__ import annotations

import strawberry

from subgraphs.transactions.context import Info
from subgraphs.transactions.types import PaymentRequest, Transfer


@strawberry.type
class Query:
    @strawberry.federation.field(authenticated=True, description="Only to the one who pays and the one who is paid.")
    async def transfer(self, info: Info, id: strawberry.ID) -> Transfer | None:
        info.context.principal.require_user()
        return await Transfer.visible(info, id)

    @strawberry.federation.field(authenticated=True, description="Only to the one who asks and the one who is asked.")
    async def payment_request(self, info: Info, id: strawberry.ID) -> PaymentRequest | None:
        info.context.principal.require_user()
        return await PaymentRequest.visible(info, id)
