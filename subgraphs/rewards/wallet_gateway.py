"""The wallet service, through its generated client."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.client import wallet as api
from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.kernel.errors import screaming_snake
from subgraphs.rewards.errors import CreditRefused
from subgraphs.rewards.wallet import Credit


@dataclass(frozen=True, slots=True)
class ClientWallet:
    """A Wallet over HTTP."""

    client: api.Client

    async def credit(self, command: Credit) -> None:
        try:
            answer = (await self.client.credit(_input(command))).credit
        except (CallRejected, ValueError) as error:  # e.g. our token refused: for somebody to repair, not to give up on
            raise OutcomeUnknown(f"no usable answer: {error}") from error
        if not isinstance(answer, api.CreditCreditEntry):
            raise CreditRefused(screaming_snake(answer.typename__), answer.message)


def _input(command: Credit) -> api.CreditInput:
    return api.CreditInput(
        wallet_id=str(command.wallet_id),
        amount=api.MoneyInput(amount=command.amount.amount, currency=command.amount.currency),
        source=api.CreditSource.REWARDS,
        transfer_id=str(command.transfer_id),
        idempotency_key=str(command.key),
    )
