"""The GraphQL types of rewards."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import strawberry
from strawberry import UNSET

from payflow.gql.costs import PAGE, list_of
from payflow.gql.pages import PAGE_DEFAULT, page_of, page_request
from payflow.gql.scalars import CurrencyCode
from payflow.gql.types import Money, PageInfo
from payflow.kernel import money as domain_money
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.ids import parse_id
from subgraphs.rewards import domain
from subgraphs.rewards.context import Info
from subgraphs.rewards.domain import PAID, Period, RewardStatus

strawberry.enum(
    RewardStatus,
    description="PENDING: granted, on its way to the wallet. ISSUED: it is there, less `clawedBack`. CLAWED_BACK: all of it has gone back."
    " REJECTED: the wallet could not be paid.",
)
strawberry.enum(
    Period,
    name="CampaignPeriod",
    description="By the calendar, in UTC, a week from Monday. CAMPAIGN: as long as the campaign runs.",
)


@strawberry.type(
    description="An offer to everybody who pays: cashback on each transfer in its currency while it runs. Of a reward it is what was"
    " offered when the transfer completed."
)
class Campaign:
    id: strawberry.ID
    version: int = strawberry.field(description="Counts the changes of the terms, from 1.")
    name: str
    rate: int = strawberry.field(description="Basis points of the transfer's amount: 150 = 1.5 %.")
    cap: Money | None = strawberry.field(description="The most that one transfer earns.")
    minimum: Money | None = strawberry.field(description="What a transfer must at least amount to.")
    user_cap: Money | None = strawberry.field(description="The most that one person earns in a `period`.")
    period: Period
    budget: Money | None = strawberry.field(description="The most that all earn together.")
    budget_left: Money | None = strawberry.field(description="What is left of the budget; null where there is none.")
    currency: CurrencyCode
    starts_at: datetime
    ends_at: datetime | None

    @classmethod
    def from_domain(cls, campaign: domain.Campaign) -> Self:
        return cls(
            id=strawberry.ID(str(campaign.id)),
            version=campaign.version,
            name=campaign.name,
            rate=campaign.rate,
            cap=_money(campaign.cap),
            minimum=_money(campaign.minimum),
            user_cap=_money(campaign.user_cap),
            period=campaign.period,
            budget=_money(campaign.budget),
            budget_left=_money(campaign.budget_left),
            currency=CurrencyCode(campaign.currency),
            starts_at=campaign.starts_at,
            ends_at=campaign.ends_at,
        )


@strawberry.federation.type(keys=["id"], description="Cashback for a transfer. Only the one who earned it may see it.")
class Reward:
    id: strawberry.ID
    user: User
    transfer: Transfer
    campaign: Campaign
    amount: Money = strawberry.field(description="What was granted.")
    clamped: bool = strawberry.field(
        description="Whether the rate would have given more: a person's cap, or the budget, had less left."
    )
    clawed_back: Money = strawberry.field(
        description="What of it has gone back, since the transfer was refunded, all of it or in part."
    )
    status: RewardStatus
    created_at: datetime

    @classmethod
    def from_domain(cls, reward: domain.Reward) -> Self:
        return cls(
            id=strawberry.ID(str(reward.id)),
            user=User(id=strawberry.ID(str(reward.user_id))),
            transfer=Transfer(id=strawberry.ID(str(reward.transfer_id))),
            campaign=Campaign.from_domain(reward.campaign),
            amount=Money.of(reward.amount),
            clamped=reward.clamped,
            clawed_back=Money.of(reward.gone_back),
            status=reward.status,
            created_at=reward.created_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        """One's own; anybody else's is as if there were none."""
        reward = await info.context.loaders.reward_by_id.load(id)
        return cls.from_domain(reward) if reward is not None and info.context.is_self(str(reward.user_id)) else None


@strawberry.type
class RewardEdge:
    cursor: str
    node: Reward


@strawberry.type
class RewardConnection:
    edges: list[RewardEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(
        description="Those of the latest transfers first. Only to the user themself, else none.", directives=[PAGE]
    )
    async def rewards(
        self, info: Info, first: int | None = PAGE_DEFAULT, after: str | None = UNSET
    ) -> RewardConnection:
        request = page_request(first, after or None)
        if request.after is not None and parse_id(request.after) is None:
            raise InvalidArgument("The cursor is not valid; give back one that User.rewards has answered.")
        visible = info.context.is_self(self.id)
        rows = await info.context.loaders.rewards_page.load((self.id, request)) if visible else []
        page = page_of(rows, request, lambda reward: str(reward.id))
        edges = [RewardEdge(cursor=cursor, node=Reward.from_domain(reward)) for cursor, reward in page.rows]
        return RewardConnection(edges=edges, page_info=page.info)

    @strawberry.field(
        description="The sum of all rewards issued, less what went back, one per currency. Only to the user themself, else none.",
        directives=[list_of(3)],
    )
    async def rewards_earned(self, info: Info) -> list[Money]:
        if not info.context.is_self(self.id):
            return []
        return [Money.of(amount) for amount in await info.context.loaders.earned_by_user.load(self.id)]

    @classmethod
    def resolve_reference(cls, id: str) -> Self:
        """Whether there is such a person is not for rewards to say: a stranger's fields are empty."""
        return cls(id=strawberry.ID(id))


@strawberry.federation.type(keys=["id"])
class Transfer:
    id: strawberry.ID

    @strawberry.field(description="What its payer earned by it: only to them, and null until it is issued.")
    async def reward(self, info: Info) -> Reward | None:
        reward = await info.context.loaders.reward_by_transfer.load(self.id)
        if reward is None or not info.context.is_self(str(reward.user_id)):
            return None
        return Reward.from_domain(reward) if reward.status in PAID else None

    @classmethod
    def resolve_reference(cls, id: str) -> Self:
        """Whether there is such a transfer is not for rewards to say."""
        return cls(id=strawberry.ID(id))


def _money(amount: domain_money.Money | None) -> Money | None:
    return None if amount is None else Money.of(amount)
