from enum import Enum


class CreditSource(str, Enum):
    REWARDS = "REWARDS"
    CAMPAIGN = "CAMPAIGN"


class HoldPurpose(str, Enum):
    TRANSFER = "TRANSFER"
    REFUND = "REFUND"


class HoldStatus(str, Enum):
    OPEN = "OPEN"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
