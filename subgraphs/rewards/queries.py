"""The root queries of rewards."""

from __future__ import annotations

import strawberry

from payflow.gql.costs import list_of
from subgraphs.rewards import store
from subgraphs.rewards.context import Info
from subgraphs.rewards.types import Campaign


@strawberry.type
class Query:
    @strawberry.field(description="Every campaign, the oldest first. Anybody may ask.", directives=[list_of(10)])
    async def campaigns(self, info: Info) -> list[Campaign]:
        async with info.context.database.read() as connection:
            return [Campaign.from_domain(campaign) for campaign in await store.all_campaigns(connection)]
