from enum import Enum


class EntryKind(str, Enum):
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    REFUND_IN = "REFUND_IN"
    REFUND_OUT = "REFUND_OUT"
    REWARD = "REWARD"
    REWARD_CLAWBACK = "REWARD_CLAWBACK"
    REVERSAL = "REVERSAL"


class NotificationKind(str, Enum):
    TRANSFER_SENT = "TRANSFER_SENT"
    TRANSFER_RECEIVED = "TRANSFER_RECEIVED"
    TRANSFER_FAILED = "TRANSFER_FAILED"
    REWARD_ISSUED = "REWARD_ISSUED"


class PaymentRequestStatus(str, Enum):
    OPEN = "OPEN"
    PAID = "PAID"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class SagaStepStatus(str, Enum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    COMPENSATED = "COMPENSATED"


class TransferStatus(str, Enum):
    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class WalletStatus(str, Enum):
    OPEN = "OPEN"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"
