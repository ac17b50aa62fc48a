"""The root queries of wallet."""

from __future__ import annotations

import strawberry

from payflow.gql.scalars import CurrencyCode
from subgraphs.wallet.context import READ_SCOPE, Info
from subgraphs.wallet.types import Wallet


@strawberry.type
class Query:
    @strawberry.federation.field(authenticated=True)
    async def wallet(self, info: Info, id: strawberry.ID) -> Wallet | None:
        return await Wallet.resolve_reference(info, id)

    @strawberry.federation.field(
        inaccessible=True,
        requires_scopes=[[READ_SCOPE]],
        description="The wallet that somebody is paid into.",
    )
    async def wallet_of(self, info: Info, owner_id: strawberry.ID, currency: CurrencyCode) -> Wallet | None:
        info.context.principal.require_scope(READ_SCOPE)
        return await Wallet.of_owner(info, owner_id, currency)
