"""The root queries of rewards."""

from __future__ import annotations

import strawberry

from payflow.gql.costs import list_of
from subgraphs.rewards import campaigns_store
from subgraphs.rewards.campaigns import RUNNING_MAX
from subgraphs.rewards.context import Info
from subgraphs.rewards.types import Campaign


@strawberry.type
class Query:
    @strawberry.field(
        description=f"The campaigns that are open now, the oldest first; never more than {RUNNING_MAX}. Anybody may ask.",
        directives=[list_of(10)],
    )
    async def campaigns(self, info: Info) -> list[Campaign]:
        now = info.context.clock.now()
        async with info.context.database.read() as connection:
            lives = await campaigns_store.not_ended(connection, now)
        return [Campaign.from_domain(campaign) for life in lives if (campaign := life.at(now)) is not None]
