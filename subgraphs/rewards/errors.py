"""What can go wrong in rewards.

Refusal
└── CreditRefused   the wallet service refuses to pay a reward, for good: trying again cannot help
"""

from __future__ import annotations

from payflow.kernel.errors import Refusal


class CreditRefused(Refusal):
    """`code` is the wallet's problem, e.g. WALLET_NOT_FOUND."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
