from typing import Any, Optional, Union

from .base_client import PooledClient
from .base_model import UNSET, UnsetType
from .capture_hold import CaptureHold
from .credit import Credit
from .debit import Debit
from .extend_hold import ExtendHold
from .input_types import CreditInput, DebitInput, MoneyInput, PlaceHoldInput
from .place_hold import PlaceHold
from .release_hold import ReleaseHold
from .two_wallets import TwoWallets
from .wallet import Wallet
from .wallet_of import WalletOf


def gql(q: str) -> str:
    return q


class Client(PooledClient):
    async def capture_hold(
        self,
        id: str,
        amount: Union[Optional[MoneyInput], UnsetType] = UNSET,
        final: Union[Optional[bool], UnsetType] = UNSET,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CaptureHold:
        query = gql("""
            mutation CaptureHold($id: ID!, $amount: MoneyInput, $final: Boolean, $idempotencyKey: ID) {
              captureHold(
                id: $id
                amount: $amount
                final: $final
                idempotencyKey: $idempotencyKey
              ) {
                __typename
                ... on Hold {
                  id
                  status
                }
                ... on HoldNotFound {
                  message
                }
                ... on HoldReleased {
                  message
                }
                ... on HoldExpired {
                  message
                }
                ... on HoldCaptured {
                  message
                }
                ... on WalletClosed {
                  message
                }
                ... on CaptureExceedsHold {
                  message
                  remaining {
                    amount
                    currency
                  }
                  requested {
                    amount
                    currency
                  }
                }
                ... on CurrencyMismatch {
                  message
                }
                ... on IdempotencyConflict {
                  message
                }
                ... on InvalidInput {
                  message
                  field
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "amount": amount,
            "final": final,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="CaptureHold", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CaptureHold.model_validate(data)

    async def credit(self, input: CreditInput, **kwargs: Any) -> Credit:
        query = gql("""
            mutation Credit($input: CreditInput!) {
              credit(input: $input) {
                __typename
                ... on Entry {
                  id
                }
                ... on WalletNotFound {
                  message
                }
                ... on WalletClosed {
                  message
                }
                ... on InsufficientFunds {
                  message
                  available {
                    amount
                    currency
                  }
                }
                ... on CurrencyMismatch {
                  message
                }
                ... on IdempotencyConflict {
                  message
                }
                ... on InvalidInput {
                  message
                  field
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Credit", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Credit.model_validate(data)

    async def debit(self, input: DebitInput, **kwargs: Any) -> Debit:
        query = gql("""
            mutation Debit($input: DebitInput!) {
              debit(input: $input) {
                __typename
                ... on Entry {
                  id
                  amount {
                    amount
                  }
                }
                ... on WalletNotFound {
                  message
                }
                ... on WalletFrozen {
                  message
                }
                ... on WalletClosed {
                  message
                }
                ... on InsufficientFunds {
                  message
                  available {
                    amount
                    currency
                  }
                  requested {
                    amount
                    currency
                  }
                }
                ... on CurrencyMismatch {
                  message
                }
                ... on IdempotencyConflict {
                  message
                }
                ... on InvalidInput {
                  message
                  field
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="Debit", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Debit.model_validate(data)

    async def extend_hold(
        self, id: str, expires_in_seconds: int, **kwargs: Any
    ) -> ExtendHold:
        query = gql("""
            mutation ExtendHold($id: ID!, $expiresInSeconds: Int!) {
              extendHold(id: $id, expiresInSeconds: $expiresInSeconds) {
                __typename
                ... on Hold {
                  id
                  status
                  expiresAt
                }
                ... on HoldNotFound {
                  message
                }
                ... on HoldReleased {
                  message
                }
                ... on HoldExpired {
                  message
                }
                ... on HoldCaptured {
                  message
                }
                ... on InvalidInput {
                  message
                  field
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "expiresInSeconds": expires_in_seconds,
        }
        response = await self.execute(
            query=query, operation_name="ExtendHold", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ExtendHold.model_validate(data)

    async def place_hold(self, input: PlaceHoldInput, **kwargs: Any) -> PlaceHold:
        query = gql("""
            mutation PlaceHold($input: PlaceHoldInput!) {
              placeHold(input: $input) {
                __typename
                ... on Hold {
                  id
                  status
                  expiresAt
                }
                ... on WalletNotFound {
                  message
                }
                ... on WalletFrozen {
                  message
                }
                ... on WalletClosed {
                  message
                }
                ... on SameWallet {
                  message
                }
                ... on CurrencyMismatch {
                  message
                }
                ... on InsufficientFunds {
                  message
                  available {
                    amount
                    currency
                  }
                  requested {
                    amount
                    currency
                  }
                }
                ... on HoldCancelled {
                  message
                }
                ... on IdempotencyConflict {
                  message
                }
                ... on InvalidInput {
                  message
                  field
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="PlaceHold", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PlaceHold.model_validate(data)

    async def release_hold(self, id: str, **kwargs: Any) -> ReleaseHold:
        query = gql("""
            mutation ReleaseHold($id: ID!) {
              releaseHold(id: $id) {
                __typename
                ... on Hold {
                  id
                  status
                }
                ... on HoldCancelled {
                  message
                }
                ... on HoldCaptured {
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReleaseHold", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReleaseHold.model_validate(data)

    async def two_wallets(self, one: str, other: str, **kwargs: Any) -> TwoWallets:
        query = gql("""
            query TwoWallets($one: ID!, $other: ID!) {
              one: wallet(id: $one) {
                id
                currency
                owner {
                  id
                }
              }
              other: wallet(id: $other) {
                id
                currency
                owner {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {"one": one, "other": other}
        response = await self.execute(
            query=query, operation_name="TwoWallets", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return TwoWallets.model_validate(data)

    async def wallet(self, id: str, **kwargs: Any) -> Wallet:
        query = gql("""
            query Wallet($id: ID!) {
              wallet(id: $id) {
                id
                currency
                owner {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="Wallet", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Wallet.model_validate(data)

    async def wallet_of(self, owner_id: str, currency: str, **kwargs: Any) -> WalletOf:
        query = gql("""
            query WalletOf($ownerId: ID!, $currency: CurrencyCode!) {
              walletOf(ownerId: $ownerId, currency: $currency) {
                id
                currency
                owner {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {"ownerId": owner_id, "currency": currency}
        response = await self.execute(
            query=query, operation_name="WalletOf", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return WalletOf.model_validate(data)
