"""Every event type there is: what JSON Schemas are generated from, and what consumers look their types up in."""

from __future__ import annotations

from payflow.events.envelope import EventData
from payflow.events.payment_requests import PaymentRequestClosed, PaymentRequestCreated
from payflow.events.rewards import RewardClawedBack, RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed, TransferRefunded
from payflow.events.users import SessionRevoked, UserRegistered
from payflow.events.wallets import AccountChanged

EVENTS: tuple[type[EventData], ...] = (
    TransferCompleted,
    TransferFailed,
    TransferRefunded,
    PaymentRequestCreated,
    PaymentRequestClosed,
    RewardIssued,
    RewardClawedBack,
    UserRegistered,
    SessionRevoked,
    AccountChanged,
)
TOPICS: tuple[str, ...] = tuple(sorted({event.TOPIC for event in EVENTS}))
