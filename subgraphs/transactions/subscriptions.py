"""The subscription of transactions."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from payflow.kernel.errors import Forbidden
from subgraphs.transactions.context import Info
from subgraphs.transactions.types import Transfer
from subgraphs.transactions.watching import watch


@strawberry.type
class Subscription:
    @strawberry.federation.field(
        is_subscription=True,
        authenticated=True,
        description="A transfer's state now, then each change, until it is COMPLETED or FAILED. Only to its two parties.",
    )
    async def transfer_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Transfer, None]:
        info.context.principal.require_user()
        loader = info.context.loaders.transfer_by_id
        loader.clear(id)  # the context is the socket's, which may have carried other subscriptions before
        transfer = await loader.load(id)
        if transfer is None or not info.context.may_see(transfer):
            raise Forbidden("There is no such transfer of yours.")
        async for state in watch(transfer.id, database=info.context.database, hints=info.context.hints):
            yield Transfer.from_domain(state)
