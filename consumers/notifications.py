"""The door of notifications to the broker: what happened → who is told."""

from __future__ import annotations

from collections.abc import Sequence

from consumers.handlers import Happened, Listener
from payflow.events.payment_requests import PaymentRequestClosed, PaymentRequestCreated
from payflow.events.rewards import RewardClawedBack, RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed, TransferRefunded
from payflow.events.users import SessionRevoked
from payflow.kernel.db import UnitOfWork
from payflow.kernel.money import Money
from subgraphs.notifications import domain
from subgraphs.notifications.domain import Cause, Notice, PaymentRequest, Refund, RequestEnd, Reward, Transfer
from subgraphs.notifications.service import Notifications

EVENTS = (
    TransferCompleted,
    TransferFailed,
    TransferRefunded,
    PaymentRequestCreated,
    PaymentRequestClosed,
    RewardIssued,
    RewardClawedBack,
    SessionRevoked,
)


def listener(notifications: Notifications) -> Listener:
    """Event types → use case."""

    async def tell(events: Sequence[Happened], work: UnitOfWork) -> None:
        await notifications.tell([notice for event in events for notice in _notices(event)], work)

    return Listener(events=EVENTS, handle=tell)


def _notices(event: Happened) -> Sequence[Notice]:
    match event.data:
        case TransferCompleted() as data:
            return domain.on_transfer_completed(Cause(event.id, data.completed_at), _transfer(data))
        case TransferFailed() as data:
            return domain.on_transfer_failed(Cause(event.id, data.failed_at), _transfer(data), data.failure_code)
        case TransferRefunded() as data:
            return domain.on_transfer_refunded(Cause(event.id, data.refunded_at), _refund(data))
        case PaymentRequestCreated() as data:
            return domain.on_payment_requested(Cause(event.id, data.created_at), _request(data), data.expires_at)
        case PaymentRequestClosed() as data:
            cause, end = Cause(event.id, data.closed_at), RequestEnd(data.status)
            return domain.on_payment_request_closed(cause, _request(data), end, transfer_id=data.transfer_id)
        case RewardIssued() as data:
            return domain.on_reward_issued(Cause(event.id, data.issued_at), _reward(data))
        case RewardClawedBack() as data:
            return domain.on_reward_clawed_back(Cause(event.id, data.clawed_back_at), _reward(data))
        case SessionRevoked(reason="TOKEN_REUSED") as data:
            return domain.on_session_revoked(Cause(event.id, data.revoked_at), data.user_id)
        case SessionRevoked():
            return ()  # who logs out knows
    raise AssertionError(event)


def _transfer(data: TransferCompleted | TransferFailed) -> Transfer:
    return Transfer(
        id=data.transfer_id,
        payer_id=data.payer_id,
        payee_id=data.payee_id,
        amount=Money(data.amount, data.currency),
        note=data.note,
    )


def _refund(data: TransferRefunded) -> Refund:
    return Refund(
        id=data.refund_id,
        payer_id=data.payer_id,
        payee_id=data.payee_id,
        amount=Money(data.refund_amount, data.currency),
        refunded=Money(data.refunded, data.currency),
        paid=Money(data.amount, data.currency),
    )


def _request(data: PaymentRequestCreated | PaymentRequestClosed) -> PaymentRequest:
    return PaymentRequest(
        id=data.payment_request_id,
        requester_id=data.requester_id,
        payer_id=data.payer_id,
        amount=Money(data.amount, data.currency),
        note=data.note,
    )


def _reward(data: RewardIssued | RewardClawedBack) -> Reward:
    return Reward(
        id=data.reward_id,
        user_id=data.user_id,
        transfer_id=data.transfer_id,
        campaign_name=data.campaign_name,
        amount=Money(data.amount, data.currency),
    )
