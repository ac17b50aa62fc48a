"""What can go wrong in rewards.

Refusal
├── CampaignNotFound   no campaign has this id
├── CampaignEnded      it is over: nothing about it changes any more
├── TooManyCampaigns   as many run as can be looked at for every transfer
├── NotPaused          there is nothing to resume
└── WalletRefused      the wallet service refuses to pay a reward, or to take one back: trying the same again cannot help
    └── FundEmpty      the campaign's fund has too little: trying again helps once it has been filled
"""

from __future__ import annotations

from payflow.kernel.errors import Refusal


class CampaignNotFound(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no campaign with this id; `payflow campaigns list --all` shows which there are.")


class CampaignEnded(Refusal):
    def __init__(self) -> None:
        super().__init__("This campaign has ended, for ever; create another one.")


class TooManyCampaigns(Refusal):
    def __init__(self, most: int, what: str) -> None:
        super().__init__(
            f"There are {most} {what} already, and no more are looked after; end one, or create another campaign."
        )


class NotPaused(Refusal):
    def __init__(self) -> None:
        super().__init__("This campaign is not paused, so there is nothing to resume.")


class WalletRefused(Refusal):
    """`code` is the wallet's problem, e.g. WALLET_NOT_FOUND."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class FundEmpty(WalletRefused):
    def __init__(self, message: str) -> None:
        super().__init__("INSUFFICIENT_FUNDS", message)
