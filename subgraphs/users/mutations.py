"""The doors of users: input → command → service in a unit of work → result union."""

from __future__ import annotations

import strawberry

from payflow.gql.costs import PASSWORD
from subgraphs.users.context import Info
from subgraphs.users.types import LoginInput, LoginResult, RegisterInput, RegisterResult, Session


@strawberry.type
class Mutation:
    @strawberry.mutation(directives=[PASSWORD])
    async def register(self, info: Info, input: RegisterInput) -> RegisterResult:
        async with info.context.database.unit_of_work() as work:
            return Session.from_domain(await info.context.users.register(input.to_command(), work))

    @strawberry.mutation(directives=[PASSWORD])
    async def login(self, info: Info, input: LoginInput) -> LoginResult:
        async with info.context.database.unit_of_work() as work:
            return Session.from_domain(await info.context.users.log_in(input.to_command(), work))
