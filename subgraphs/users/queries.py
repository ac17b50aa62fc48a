"""The root queries of users."""

from __future__ import annotations

import strawberry

from payflow.kernel.errors import Unauthenticated
from subgraphs.users.context import Info
from subgraphs.users.domain import normal_handle
from subgraphs.users.types import User


@strawberry.type
class Query:
    @strawberry.federation.field(authenticated=True)
    async def me(self, info: Info) -> User:
        user = await info.context.loaders.user_by_id.load(info.context.principal.require_user())
        if user is None:
            raise Unauthenticated("The account of this token does not exist any more; sign in again.")
        return User.from_domain(user)

    @strawberry.federation.field(authenticated=True)
    async def user_by_handle(self, info: Info, handle: str) -> User | None:
        info.context.principal.require_user_or_scope("users:read")
        user = await info.context.loaders.user_by_handle.load(normal_handle(handle))
        return None if user is None else User.from_domain(user)
