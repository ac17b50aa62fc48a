from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Optional, Union

from .base_client import PooledClient
from .base_model import UNSET, UnsetType
from .campaigns import Campaigns
from .cancel_request import CancelRequest
from .decline_request import DeclineRequest
from .deposit import Deposit
from .enums import EntryKind, NotificationKind, PaymentRequestStatus
from .input_types import (
    DepositInput,
    LoginInput,
    PayRequestInput,
    RefundInput,
    RegisterInput,
    RequestPaymentInput,
    TransferInput,
    WithdrawInput,
)
from .login import Login
from .logout import Logout
from .mark_all_notifications_read import MarkAllNotificationsRead
from .mark_notifications_read import MarkNotificationsRead
from .my_money import MyMoney
from .my_notifications import MyNotifications
from .notifications import Notifications
from .open_wallet import OpenWallet
from .pay_request import PayRequest
from .payment_requests import PaymentRequests
from .refresh_session import RefreshSession
from .refund_transfer import RefundTransfer
from .register import Register
from .request_payment import RequestPayment
from .set_notification_preference import SetNotificationPreference
from .statement import Statement
from .transfer import Transfer
from .transfer_updated import TransferUpdated
from .wallet_updated import WalletUpdated
from .withdraw import Withdraw


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

    async def cancel_request(self, id: str, **kwargs: Any) -> CancelRequest:
        query = gql("""
            mutation CancelRequest($id: ID!) {
              cancelRequest(id: $id) {
                __typename
                ... on PaymentRequest {
                  id
                  status
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="CancelRequest", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CancelRequest.model_validate(data)

    async def decline_request(self, id: str, **kwargs: Any) -> DeclineRequest:
        query = gql("""
            mutation DeclineRequest($id: ID!) {
              declineRequest(id: $id) {
                __typename
                ... on PaymentRequest {
                  id
                  status
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="DeclineRequest", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeclineRequest.model_validate(data)

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

    async def login(self, input: LoginInput, **kwargs: Any) -> Login:
        query = gql("""
            mutation Login($input: LoginInput!) {
              session: login(input: $input) {
                __typename
                ... on Session {
                  accessToken
                  refreshToken
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
                ... on TooManyAttempts {
                  retryAfter
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Login", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Login.model_validate(data)

    async def logout(self, refresh_token: str, **kwargs: Any) -> Logout:
        query = gql("""
            mutation Logout($refreshToken: String!) {
              logout(refreshToken: $refreshToken)
            }
            """)
        variables: dict[str, object] = {"refreshToken": refresh_token}
        response = await self.execute(
            query=query, operation_name="Logout", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Logout.model_validate(data)

    async def mark_all_notifications_read(
        self, up_to: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> MarkAllNotificationsRead:
        query = gql("""
            mutation MarkAllNotificationsRead($upTo: String) {
              markAllNotificationsRead(upTo: $upTo)
            }
            """)
        variables: dict[str, object] = {"upTo": up_to}
        response = await self.execute(
            query=query,
            operation_name="MarkAllNotificationsRead",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MarkAllNotificationsRead.model_validate(data)

    async def mark_notifications_read(
        self, ids: list[str], **kwargs: Any
    ) -> MarkNotificationsRead:
        query = gql("""
            mutation MarkNotificationsRead($ids: [ID!]!) {
              markNotificationsRead(ids: $ids) {
                id
                readAt
              }
            }
            """)
        variables: dict[str, object] = {"ids": ids}
        response = await self.execute(
            query=query,
            operation_name="MarkNotificationsRead",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MarkNotificationsRead.model_validate(data)

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

    async def my_notifications(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        unread_only: Union[Optional[bool], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> MyNotifications:
        query = gql("""
            query MyNotifications($first: Int = 20, $after: String, $unreadOnly: Boolean = false) {
              me {
                unreadNotificationCount
                notificationPreferences {
                  kind
                  enabled
                }
                notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
                  edges {
                    cursor
                    node {
                      id
                      kind
                      title
                      body
                      readAt
                      happenedAt
                      transfer {
                        id
                      }
                      paymentRequest {
                        id
                        status
                      }
                      reward {
                        id
                      }
                    }
                  }
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "unreadOnly": unread_only,
        }
        response = await self.execute(
            query=query, operation_name="MyNotifications", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return MyNotifications.model_validate(data)

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
                paymentRequest {
                  id
                  status
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

    async def pay_request(self, input: PayRequestInput, **kwargs: Any) -> PayRequest:
        query = gql("""
            mutation PayRequest($input: PayRequestInput!) {
              payRequest(input: $input) {
                __typename
                ... on Transfer {
                  id
                  status
                  failureCode
                  amount {
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
            query=query, operation_name="PayRequest", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PayRequest.model_validate(data)

    async def payment_requests(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        status: Union[Optional[list[PaymentRequestStatus]], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> PaymentRequests:
        query = gql("""
            query PaymentRequests($first: Int = 20, $after: String, $status: [PaymentRequestStatus!]) {
              me {
                id
                paymentRequests(first: $first, after: $after, status: $status) {
                  edges {
                    cursor
                    node {
                      id
                      status
                      note
                      createdAt
                      expiresAt
                      amount {
                        amount
                        currency
                        formatted
                      }
                      requester {
                        handle
                      }
                      payer {
                        handle
                      }
                      transfer {
                        id
                        status
                      }
                    }
                  }
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "status": status,
        }
        response = await self.execute(
            query=query, operation_name="PaymentRequests", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PaymentRequests.model_validate(data)

    async def refresh_session(
        self, refresh_token: str, **kwargs: Any
    ) -> RefreshSession:
        query = gql("""
            mutation RefreshSession($refreshToken: String!) {
              session: refreshSession(refreshToken: $refreshToken) {
                __typename
                ... on Session {
                  accessToken
                  refreshToken
                  expiresIn
                }
                ... on Problem {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"refreshToken": refresh_token}
        response = await self.execute(
            query=query, operation_name="RefreshSession", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RefreshSession.model_validate(data)

    async def refund_transfer(
        self, input: RefundInput, **kwargs: Any
    ) -> RefundTransfer:
        query = gql("""
            mutation RefundTransfer($input: RefundInput!) {
              refundTransfer(input: $input) {
                __typename
                ... on Transfer {
                  id
                  amount {
                    formatted
                  }
                  refunded {
                    amount
                    formatted
                  }
                  refunds {
                    id
                    status
                    failureCode
                    amount {
                      formatted
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
            query=query, operation_name="RefundTransfer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RefundTransfer.model_validate(data)

    async def register(self, input: RegisterInput, **kwargs: Any) -> Register:
        query = gql("""
            mutation Register($input: RegisterInput!) {
              session: register(input: $input) {
                __typename
                ... on Session {
                  accessToken
                  refreshToken
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

    async def request_payment(
        self, input: RequestPaymentInput, **kwargs: Any
    ) -> RequestPayment:
        query = gql("""
            mutation RequestPayment($input: RequestPaymentInput!) {
              requestPayment(input: $input) {
                __typename
                ... on PaymentRequest {
                  id
                  status
                  expiresAt
                  amount {
                    formatted
                  }
                  payer {
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
            query=query, operation_name="RequestPayment", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RequestPayment.model_validate(data)

    async def set_notification_preference(
        self, kind: NotificationKind, enabled: bool, **kwargs: Any
    ) -> SetNotificationPreference:
        query = gql("""
            mutation SetNotificationPreference($kind: NotificationKind!, $enabled: Boolean!) {
              setNotificationPreference(kind: $kind, enabled: $enabled) {
                kind
                enabled
              }
            }
            """)
        variables: dict[str, object] = {"kind": kind, "enabled": enabled}
        response = await self.execute(
            query=query,
            operation_name="SetNotificationPreference",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return SetNotificationPreference.model_validate(data)

    async def statement(
        self,
        wallet: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        kinds: Union[Optional[list[EntryKind]], UnsetType] = UNSET,
        since: Union[Optional[datetime], UnsetType] = UNSET,
        until: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Statement:
        query = gql("""
            query Statement($wallet: ID!, $first: Int = 20, $after: String, $kinds: [EntryKind!], $since: DateTime, $until: DateTime) {
              wallet(id: $wallet) {
                id
                currency
                status
                entries(
                  first: $first
                  after: $after
                  kinds: $kinds
                  since: $since
                  until: $until
                ) {
                  edges {
                    cursor
                    node {
                      id
                      kind
                      createdAt
                      amount {
                        amount
                        formatted
                      }
                      balanceAfter {
                        amount
                        formatted
                      }
                      transfer {
                        id
                        note
                      }
                    }
                  }
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "wallet": wallet,
            "first": first,
            "after": after,
            "kinds": kinds,
            "since": since,
            "until": until,
        }
        response = await self.execute(
            query=query, operation_name="Statement", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Statement.model_validate(data)

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

    async def wallet_updated(
        self, id: str, **kwargs: Any
    ) -> AsyncIterator[WalletUpdated]:
        query = gql("""
            subscription WalletUpdated($id: ID!) {
              walletUpdated(id: $id) {
                id
                status
                balance {
                  available {
                    amount
                    formatted
                  }
                  held {
                    amount
                    formatted
                  }
                  total {
                    amount
                    formatted
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        async for data in self.execute_ws(
            query=query, operation_name="WalletUpdated", variables=variables, **kwargs
        ):
            yield WalletUpdated.model_validate(data)

    async def withdraw(self, input: WithdrawInput, **kwargs: Any) -> Withdraw:
        query = gql("""
            mutation Withdraw($input: WithdrawInput!) {
              withdraw(input: $input) {
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
            query=query, operation_name="Withdraw", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Withdraw.model_validate(data)
