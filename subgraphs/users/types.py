"""The GraphQL types of users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry

from payflow.gql.types import InvalidInput, Problem
from payflow.kernel.errors import Refusal
from subgraphs.users import domain, errors
from subgraphs.users.context import Info


@strawberry.federation.type(keys=["id", "handle"])
class User:
    """A person."""

    id: strawberry.ID
    handle: str = strawberry.field(description="Unique, case-insensitive, 3-30 of a-z 0-9 _.")
    display_name: str
    created_at: datetime
    address: strawberry.Private[str]
    signed_in: strawberry.Private[bool] = False

    @strawberry.field(description="Only to the user themself, else null.")
    def email(self, info: Info) -> str | None:
        return self.address if self.signed_in or info.context.is_self(self.id) else None

    @classmethod
    def from_domain(cls, user: domain.User, *, signed_in: bool = False) -> Self:
        """`signed_in`: this very request proved to be the person's own."""
        return cls(
            id=strawberry.ID(str(user.id)),
            handle=user.handle,
            display_name=user.display_name,
            created_at=user.created_at,
            address=user.email,
            signed_in=signed_in,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str | None = None, handle: str | None = None) -> Self | None:
        """By either key. Only somebody signed in, or a service, may ask."""
        info.context.principal.require_user_or_scope("users:read")
        if id is not None:
            user = await info.context.loaders.user_by_id.load(id)
        else:
            user = await info.context.loaders.user_by_handle.load(domain.normal_handle(handle or ""))
        return None if user is None else cls.from_domain(user)


@strawberry.type(description="Tokens are JWTs (access) and opaque single-use strings (refresh).")
class Session:
    access_token: str
    refresh_token: str
    expires_in: int = strawberry.field(description="Seconds the access token is valid.")
    user: User

    @classmethod
    def from_domain(cls, session: domain.Session) -> Self:
        return cls(
            access_token=session.access_token,
            refresh_token=session.refresh_token,
            expires_in=session.expires_in_s,
            user=User.from_domain(session.user, signed_in=True),
        )


@strawberry.type
class EmailTaken(Problem):
    pass


@strawberry.type
class HandleTaken(Problem):
    pass


@strawberry.type
class InvalidCredentials(Problem):
    pass


@strawberry.type(description="Login is throttled per account and per address, registration per address.")
class TooManyAttempts(Problem):
    retry_after: int = strawberry.field(description="Seconds to wait; earlier attempts are refused unseen.")

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        assert isinstance(refusal, errors.TooManyAttempts)
        return cls(message=refusal.message, retry_after=refusal.retry_after_s)


@strawberry.type
class InvalidRefreshToken(Problem):
    pass


@strawberry.input
class RegisterInput:
    email: str
    password: str
    handle: str
    display_name: str

    def to_command(self) -> domain.Register:
        return domain.Register(self.email, self.password, self.handle, self.display_name)


@strawberry.input
class LoginInput:
    email: str
    password: str

    def to_command(self) -> domain.LogIn:
        return domain.LogIn(self.email, self.password)


RegisterResult = Annotated[
    Session | EmailTaken | HandleTaken | InvalidInput | TooManyAttempts, strawberry.union("RegisterResult")
]
LoginResult = Annotated[Session | InvalidCredentials | TooManyAttempts, strawberry.union("LoginResult")]
RefreshResult = Annotated[Session | InvalidRefreshToken, strawberry.union("RefreshResult")]
