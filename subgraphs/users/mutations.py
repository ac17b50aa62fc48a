"""The doors of users: input → command → service → result union."""

from __future__ import annotations

import strawberry

from payflow.gql.costs import PASSWORD
from subgraphs.users.context import Info
from subgraphs.users.types import LoginInput, LoginResult, RefreshResult, RegisterInput, RegisterResult, Session


@strawberry.type
class Mutation:
    @strawberry.mutation(directives=[PASSWORD])
    async def register(self, info: Info, input: RegisterInput) -> RegisterResult:
        return Session.from_domain(await info.context.users.register(input.to_command(), network=info.context.network))

    @strawberry.mutation(directives=[PASSWORD])
    async def login(self, info: Info, input: LoginInput) -> LoginResult:
        return Session.from_domain(await info.context.users.log_in(input.to_command(), network=info.context.network))

    @strawberry.mutation(
        description="Rotates: the old refresh token stops working, and its reuse ends the whole session."
    )
    async def refresh_session(self, info: Info, refresh_token: str) -> RefreshResult:
        sessions = info.context.users.sessions
        return Session.from_domain(await sessions.refresh(refresh_token, network=info.context.network))

    @strawberry.mutation(
        description="Ends the session of this refresh token, with its access tokens and whatever is open in its name."
        " True if that has ended a session, false if there was none to end."
    )
    async def logout(self, info: Info, refresh_token: str) -> bool:
        return await info.context.users.sessions.log_out(refresh_token)
