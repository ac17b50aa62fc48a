from enum import Enum


class CreditSource(str, Enum):
    REWARDS = "REWARDS"


class HoldStatus(str, Enum):
    OPEN = "OPEN"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"
