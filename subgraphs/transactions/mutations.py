"""The door of transactions: input → command → service → result union.

The service opens its own units of work: a saga commits between the calls it makes, and no transaction stays open during one.
"""

from __future__ import annotations

from uuid import UUID

import strawberry

from payflow.gql.costs import SAGA
from subgraphs.transactions.context import Info
from subgraphs.transactions.types import Transfer, TransferInput, TransferResult


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Waits for the saga up to a few seconds, then answers with the transfer as it stands.",
        directives=[SAGA],
    )
    async def transfer(self, info: Info, input: TransferInput) -> TransferResult:
        payer_id = UUID(info.context.principal.require_user())
        return Transfer.from_domain(await info.context.transfers.send(input.to_command(payer_id)))
