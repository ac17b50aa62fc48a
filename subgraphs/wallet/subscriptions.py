"""The subscription of wallet."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from payflow.kernel.errors import Forbidden
from subgraphs.wallet.context import Info
from subgraphs.wallet.types import Wallet
from subgraphs.wallet.watching import watch


@strawberry.type
class Subscription:
    @strawberry.federation.field(
        is_subscription=True,
        authenticated=True,
        description="A wallet of one's own, now and after each change of its balance, until it is closed.",
    )
    async def wallet_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Wallet, None]:
        user_id = info.context.principal.require_user()
        wallet = await info.context.loaders.wallet_by_id.load(id)
        if wallet is None or str(wallet.owner_id) != user_id:
            raise Forbidden("There is no such wallet of yours.")
        async for state in watch(wallet.id, database=info.context.database, hints=info.context.hints):
            yield Wallet.from_domain(state)
