"""The root queries of transactions."""

from __future__ import annotations

import strawberry

from subgraphs.transactions.context import Info
from subgraphs.transactions.types import Transfer


@strawberry.type
class Query:
    @strawberry.federation.field(authenticated=True, description="Only to the one who pays and the one who is paid.")
    async def transfer(self, info: Info, id: strawberry.ID) -> Transfer | None:
        info.context.principal.require_user()
        transfer = await info.context.loaders.transfer_by_id.load(id)
        return Transfer.from_domain(transfer) if transfer and info.context.may_see(transfer) else None
