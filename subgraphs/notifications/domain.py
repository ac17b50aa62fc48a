"""Notifications, and who is told what about which event: pure, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money
from subgraphs.notifications import texts


class NotificationKind(StrEnum):
    TRANSFER_SENT = "TRANSFER_SENT"
    TRANSFER_RECEIVED = "TRANSFER_RECEIVED"
    TRANSFER_FAILED = "TRANSFER_FAILED"
    REWARD_ISSUED = "REWARD_ISSUED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What notifications knows of a transfer that has ended."""

    id: UUID
    payer_id: UUID
    payee_id: UUID
    amount: Money
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What notifications knows of a reward that has been paid."""

    id: UUID
    user_id: UUID
    transfer_id: UUID
    campaign_name: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell somebody, before it has a place in their stream. `id` follows from event, kind and reader."""

    id: UUID
    reader_id: UUID
    kind: NotificationKind
    title: str
    body: str
    transfer_id: UUID
    reward_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notice at its place: the `seq`th of its reader's stream."""

    notice: Notice
    seq: int
    created_at: datetime
    read_at: datetime | None


def on_transfer_completed(event_id: UUID, transfer: Transfer) -> list[Notice]:
    """The payer and the payee each learn of it."""
    told = (
        (transfer.payer_id, NotificationKind.TRANSFER_SENT, texts.transfer_sent(transfer.amount, transfer.note)),
        (
            transfer.payee_id,
            NotificationKind.TRANSFER_RECEIVED,
            texts.transfer_received(transfer.amount, transfer.note),
        ),
    )
    return [
        _notice(event_id, reader_id=reader, kind=kind, text=text, transfer_id=transfer.id)
        for reader, kind, text in told
    ]


def on_transfer_failed(event_id: UUID, transfer: Transfer, failure_code: str) -> list[Notice]:
    """Only the payer learns of it."""
    text = texts.transfer_failed(transfer.amount, failure_code)
    kind = NotificationKind.TRANSFER_FAILED
    return [_notice(event_id, reader_id=transfer.payer_id, kind=kind, text=text, transfer_id=transfer.id)]


def on_reward_issued(event_id: UUID, reward: Reward) -> list[Notice]:
    """The one who earned it learns of it."""
    return [
        _notice(
            event_id,
            reader_id=reward.user_id,
            kind=NotificationKind.REWARD_ISSUED,
            text=texts.reward_issued(reward.amount, reward.campaign_name),
            transfer_id=reward.transfer_id,
            reward_id=reward.id,
        )
    ]


def stream_subject(reader_id: UUID | str) -> str:
    """The subject of the hints that say "there is more in this reader's stream"."""
    return f"notifications:{reader_id}"


def _notice(
    event_id: UUID,
    *,
    reader_id: UUID,
    kind: NotificationKind,
    text: texts.Text,
    transfer_id: UUID,
    reward_id: UUID | None = None,
) -> Notice:
    return Notice(
        id=derived_id(event_id, f"{kind}:{reader_id}"),
        reader_id=reader_id,
        kind=kind,
        title=text.title,
        body=text.body,
        transfer_id=transfer_id,
        reward_id=reward_id,
    )
