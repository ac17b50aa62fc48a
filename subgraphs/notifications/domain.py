"""Notifications, and who is told what about which event: pure, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from payflow.kernel.errors import InvalidArgument
from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money
from subgraphs.notifications import texts
from subgraphs.notifications.errors import CursorExpired

# How long notifications are kept; what money did stands in the statements for ever. Far longer than events can come again: one that did
# once its notification is gone would be told anew.
RETENTION = timedelta(days=180)


class NotificationKind(StrEnum):
    TRANSFER_SENT = "TRANSFER_SENT"
    TRANSFER_RECEIVED = "TRANSFER_RECEIVED"
    TRANSFER_FAILED = "TRANSFER_FAILED"
    TRANSFER_REFUNDED = "TRANSFER_REFUNDED"
    REWARD_ISSUED = "REWARD_ISSUED"
    REWARD_CLAWED_BACK = "REWARD_CLAWED_BACK"
    PAYMENT_REQUESTED = "PAYMENT_REQUESTED"
    PAYMENT_REQUEST_CLOSED = "PAYMENT_REQUEST_CLOSED"
    SESSION_ENDED = "SESSION_ENDED"


# What concerns the safety of an account is told whoever is signed in to it, for that may be somebody else.
NEVER_MUTED = frozenset({NotificationKind.SESSION_ENDED})


class RequestEnd(StrEnum):
    """How a payment request ends."""

    PAID = "PAID"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that somebody is told of, and when that happened."""

    event_id: UUID
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What notifications knows of a transfer that has ended."""

    id: UUID
    payer_id: UUID
    payee_id: UUID
    amount: Money
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What notifications knows of money that went back: the refund is a transfer of its own, the people are those of the payment."""

    id: UUID
    payer_id: UUID
    payee_id: UUID
    amount: Money
    refunded: Money
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What notifications knows of a payment request."""

    id: UUID
    requester_id: UUID
    payer_id: UUID
    amount: Money
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What notifications knows of a reward that has been paid, or of which `amount` was taken back."""

    id: UUID
    user_id: UUID
    transfer_id: UUID
    campaign_name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class About:
    """What a notification leads to."""

    transfer_id: UUID | None = None
    payment_request_id: UUID | None = None
    reward_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell somebody, before it has a place in their stream. `id` follows from event, kind and reader."""

    id: UUID
    reader_id: UUID
    kind: NotificationKind
    title: str
    body: str
    happened_at: datetime
    transfer_id: UUID | None = None
    payment_request_id: UUID | None = None
    reward_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notice at its place: the `seq`th of its reader's stream."""

    notice: Notice
    seq: int
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stream:
    """How far a reader's stream goes, and how much of it is still kept: `kept_from` to `last_seq`."""

    last_seq: int = 0
    kept_from: int = 1

    def place(self, seq: int | None) -> int:
        """`seq`, or the end of the stream. Raises InvalidArgument where it lies ahead: it is another stream's, or of a lost database."""
        if seq is not None and seq > self.last_seq:
            raise InvalidArgument("The cursor lies ahead of your notifications; give one of them, or none at all.")
        return self.last_seq if seq is None else seq

    def resume(self, after: int | None) -> int:
        """Where to go on: behind `after`, or at the end. Raises as `place` does, and CursorExpired where what follows is not kept."""
        place = self.place(after)
        if place < self.kept_from - 1:
            raise CursorExpired
        return place


@dataclass(frozen=True, slots=True)
class Preference:
    """Whether a reader wants to be told of a kind."""

    kind: NotificationKind
    enabled: bool


def on_transfer_completed(cause: Cause, transfer: Transfer) -> list[Notice]:
    """The payer and the payee each learn of it."""
    about = About(transfer_id=transfer.id)
    sent = texts.transfer_sent(transfer.amount, transfer.note)
    received = texts.transfer_received(transfer.amount, transfer.note)
    return [
        _notice(cause, transfer.payer_id, NotificationKind.TRANSFER_SENT, text=sent, about=about),
        _notice(cause, transfer.payee_id, NotificationKind.TRANSFER_RECEIVED, text=received, about=about),
    ]


def on_transfer_failed(cause: Cause, transfer: Transfer, failure_code: str) -> list[Notice]:
    """Only the payer learns of it."""
    text = texts.transfer_failed(transfer.amount, failure_code)
    about = About(transfer_id=transfer.id)
    return [_notice(cause, transfer.payer_id, NotificationKind.TRANSFER_FAILED, text=text, about=about)]


def on_transfer_refunded(cause: Cause, refund: Refund) -> list[Notice]:
    """Who gets the money back and who gave it each learn of it; both are led to the refund, which names its payment."""
    kind, about = NotificationKind.TRANSFER_REFUNDED, About(transfer_id=refund.id)
    got = texts.refund_received(refund.amount, refunded=refund.refunded, paid=refund.paid)
    gave = texts.refund_given(refund.amount, refunded=refund.refunded, paid=refund.paid)
    told = {refund.payee_id: gave, refund.payer_id: got}  # one notice where they are one person
    return [_notice(cause, reader_id, kind, text=text, about=about) for reader_id, text in told.items()]


def on_reward_issued(cause: Cause, reward: Reward) -> list[Notice]:
    """The one who earned it learns of it."""
    text = texts.reward_issued(reward.amount, reward.campaign_name)
    about = About(transfer_id=reward.transfer_id, reward_id=reward.id)
    return [_notice(cause, reward.user_id, NotificationKind.REWARD_ISSUED, text=text, about=about)]


def on_reward_clawed_back(cause: Cause, reward: Reward) -> list[Notice]:
    """The one from whose wallet it was taken learns of it."""
    text = texts.reward_clawed_back(reward.amount, reward.campaign_name)
    about = About(transfer_id=reward.transfer_id, reward_id=reward.id)
    return [_notice(cause, reward.user_id, NotificationKind.REWARD_CLAWED_BACK, text=text, about=about)]


def on_payment_requested(cause: Cause, request: PaymentRequest, expires_at: datetime) -> list[Notice]:
    """The one who is asked learns of it."""
    text = texts.payment_requested(request.amount, request.note, expires_at)
    about = About(payment_request_id=request.id)
    return [_notice(cause, request.payer_id, NotificationKind.PAYMENT_REQUESTED, text=text, about=about)]


def on_payment_request_closed(
    cause: Cause, request: PaymentRequest, end: RequestEnd, *, transfer_id: UUID | None
) -> list[Notice]:
    """Whoever did not end it themself learns of it; of one whose time was up, both."""
    kind, about = NotificationKind.PAYMENT_REQUEST_CLOSED, About(transfer_id, request.id)
    told = {}
    if end in (RequestEnd.CANCELLED, RequestEnd.EXPIRED):
        told[request.payer_id] = texts.request_to_you_closed(request.amount, request.note, end)
    if end is not RequestEnd.CANCELLED:
        told[request.requester_id] = texts.own_request_closed(request.amount, request.note, end)
    return [_notice(cause, reader_id, kind, text=text, about=about) for reader_id, text in told.items()]


def on_session_revoked(cause: Cause, user_id: UUID) -> list[Notice]:
    """Whose session was ended because a token of it was used twice learns of it."""
    text = texts.session_ended()
    return [_notice(cause, user_id, NotificationKind.SESSION_ENDED, text=text, about=About())]


def stream_subject(reader_id: UUID | str) -> str:
    """The subject of the hints that say "there is more in this reader's stream"."""
    return f"notifications:{reader_id}"


def _notice(cause: Cause, reader_id: UUID, kind: NotificationKind, *, text: texts.Text, about: About) -> Notice:
    return Notice(
        id=derived_id(cause.event_id, f"{kind}:{reader_id}"),
        reader_id=reader_id,
        kind=kind,
        title=text.title,
        body=text.body,
        happened_at=cause.happened_at,
        transfer_id=about.transfer_id,
        payment_request_id=about.payment_request_id,
        reward_id=about.reward_id,
    )
