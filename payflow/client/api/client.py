from collections.abc import AsyncIterator
from typing import Any, Optional, Union

from .base_client import PooledClient
from .base_model import UNSET, UnsetType
from .campaigns import Campaigns
from .deposit import Deposit
from .input_types import DepositInput, RegisterInput, TransferInput
from .my_money import MyMoney
from .notifications import Notifications
from .open_wallet import OpenWallet
from .register import Register
from .transfer import Transfer
from .transfer_updated import TransferUpdated


def gql(q: str) -> str:
    return q


class Client(PooledClient):
    async def campaigns(self, **kwargs: Any) -> Campaigns:
        query = gql("""
            query Campaigns {
              campaigns {
                name
                rate
                currency
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="Campaigns", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Campaigns.model_validate(data)

    async def deposit(self, input: DepositInput, **kwargs: Any) -> Deposit:
        query = gql("""
            mutation Deposit($input: DepositInput!) {
              deposit(input: $input) {
                __typename
                ... on Entry {
                  id
                  amount {
                    formatted
                  }
                  balanceAfter {
                    formatted
                  }
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Deposit", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Deposit.model_validate(data)

    async def my_money(self, **kwargs: Any) -> MyMoney:
        query = gql("""
            query MyMoney {
              me {
                handle
                wallets {
                  id
                  currency
                  balance {
                    available {
                      amount
                      formatted
                    }
                  }
                  entries(first: 10) {
                    edges {
                      node {
                        kind
                        amount {
                          formatted
                        }
                        balanceAfter {
                          formatted
                        }
                      }
                    }
                  }
                }
                rewardsEarned {
                  formatted
                }
                unreadNotificationCount
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="MyMoney", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return MyMoney.model_validate(data)

    async def notifications(
        self, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> AsyncIterator[Notifications]:
        query = gql("""
            subscription Notifications($after: String) {
              notifications(after: $after) {
                id
                kind
                title
                body
                cursor
                transfer {
                  id
                  amount {
                    formatted
                  }
                  from {
                    owner {
                      handle
                    }
                  }
                  to {
                    owner {
                      handle
                    }
                  }
                }
                reward {
                  id
                  amount {
                    formatted
                  }
                  campaign {
                    name
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"after": after}
        async for data in self.execute_ws(
            query=query, operation_name="Notifications", variables=variables, **kwargs
        ):
            yield Notifications.model_validate(data)

    async def open_wallet(self, currency: str, **kwargs: Any) -> OpenWallet:
        query = gql("""
            mutation OpenWallet($currency: CurrencyCode!) {
              openWallet(currency: $currency) {
                __typename
                ... on Wallet {
                  id
                  currency
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"currency": currency}
        response = await self.execute(
            query=query, operation_name="OpenWallet", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return OpenWallet.model_validate(data)

    async def register(self, input: RegisterInput, **kwargs: Any) -> Register:
        query = gql("""
            mutation Register($input: RegisterInput!) {
              session: register(input: $input) {
                __typename
                ... on Session {
                  accessToken
                  expiresIn
                  user {
                    id
                    handle
                    displayName
                  }
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Register", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Register.model_validate(data)

    async def transfer(self, input: TransferInput, **kwargs: Any) -> Transfer:
        query = gql("""
            mutation Transfer($input: TransferInput!) {
              transfer(input: $input) {
                __typename
                ... on Transfer {
                  id
                  status
                  failureCode
                  amount {
                    formatted
                  }
                  to {
                    owner {
                      handle
                      displayName
                    }
                  }
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Transfer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Transfer.model_validate(data)

    async def transfer_updated(
        self, id: str, **kwargs: Any
    ) -> AsyncIterator[TransferUpdated]:
        query = gql("""
            subscription TransferUpdated($id: ID!) {
              transferUpdated(id: $id) {
                id
                status
                failureCode
                steps {
                  name
                  status
                  attempts
                  startedAt
                  finishedAt
                  error
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        async for data in self.execute_ws(
            query=query, operation_name="TransferUpdated", variables=variables, **kwargs
        ):
            yield TransferUpdated.model_validate(data)
