"""The wallet service, through its generated client."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.client import wallet as api
from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.kernel.errors import screaming_snake
from payflow.kernel.money import Money
from subgraphs.rewards.errors import FundEmpty, WalletRefused
from subgraphs.rewards.wallet import Credit, Debit

# A wallet that no money leaves for now, or ever, has nothing that could be taken.
_NOTHING_TO_TAKE = frozenset({"INSUFFICIENT_FUNDS", "WALLET_FROZEN", "WALLET_CLOSED"})


@dataclass(frozen=True, slots=True)
class ClientWallet:
    """A Wallet over HTTP."""

    client: api.Client

    async def credit(self, command: Credit) -> None:
        try:
            answer = (await self.client.credit(api.CreditInput(**_input(command)))).credit
        except (CallRejected, ValueError) as error:  # e.g. our token refused: for somebody to repair, not to give up on
            raise OutcomeUnknown(f"no usable answer: {error}") from error
        if isinstance(answer, api.CreditCreditInsufficientFunds):
            raise FundEmpty(answer.message)
        if not isinstance(answer, api.CreditCreditEntry):
            raise WalletRefused(screaming_snake(answer.typename__), answer.message)

    async def debit(self, command: Debit) -> Money:
        try:
            answer = (await self.client.debit(api.DebitInput(**_input(command)))).debit
        except (CallRejected, ValueError) as error:
            raise OutcomeUnknown(f"no usable answer: {error}") from error
        if isinstance(answer, api.DebitDebitEntry):
            return Money(-answer.amount.amount, command.amount.currency)
        if (code := screaming_snake(answer.typename__)) in _NOTHING_TO_TAKE:
            return Money(0, command.amount.currency)
        raise WalletRefused(code, answer.message)


def _input(command: Credit | Debit) -> dict[str, object]:
    campaign = command.campaign_id
    return {
        "wallet_id": str(command.wallet_id),
        "amount": api.MoneyInput(amount=command.amount.amount, currency=command.amount.currency),
        "source": api.CreditSource.REWARDS if campaign is None else api.CreditSource.CAMPAIGN,
        "transfer_id": str(command.transfer_id),
        "idempotency_key": str(command.key),
        "campaign_id": None if campaign is None else str(campaign),
    }
