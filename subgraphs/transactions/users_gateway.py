"""The users service, through its generated client."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.client import users as api
from payflow.client.errors import CallRejected, OutcomeUnknown


@dataclass(frozen=True, slots=True)
class ClientUsers:
    """A UserDirectory over HTTP."""

    client: api.Client

    async def user_by_handle(self, handle: str) -> UUID | None:
        try:
            user = (await self.client.user_by_handle(handle)).user_by_handle
            return None if user is None else UUID(user.id)
        except (CallRejected, ValueError) as error:
            raise OutcomeUnknown(f"no usable answer: {error}") from error
