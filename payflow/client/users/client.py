from typing import Any

from .base_client import PooledClient
from .user_by_handle import UserByHandle


def gql(q: str) -> str:
    return q


class Client(PooledClient):
    async def user_by_handle(self, handle: str, **kwargs: Any) -> UserByHandle:
        query = gql("""
            query UserByHandle($handle: String!) {
              userByHandle(handle: $handle) {
                id
                handle
              }
            }
            """)
        variables: dict[str, object] = {"handle": handle}
        response = await self.execute(
            query=query, operation_name="UserByHandle", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UserByHandle.model_validate(data)
