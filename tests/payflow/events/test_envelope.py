"""The envelope: what is written is read back, and what is no event is said to be none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from payflow.events.catalogue import EVENTS
from payflow.events.envelope import EventData, MalformedEvent, read_data, read_envelope, to_record
from payflow.events.payment_requests import PaymentRequestClosed, PaymentRequestCreated
from payflow.events.rewards import RewardClawedBack, RewardIssued
from payflow.events.transfers import TransferCompleted, TransferFailed, TransferRefunded
from payflow.events.users import SessionRevoked, UserRegistered
from payflow.events.wallets import AccountChanged
from payflow.kernel.ids import new_id

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
IDS = {f"{name}_id": new_id() for name in ("transfer", "payer", "payee", "from_wallet", "to_wallet")}
COMPLETED = TransferCompleted(**IDS, amount=2500, currency="USD", note="Lunch", completed_at=NOW)
FAILED = TransferFailed(**IDS, amount=2500, currency="USD", failure_code="LIMIT_EXCEEDED", failed_at=NOW)
REFUNDED = TransferRefunded(
    **IDS, amount=2500, currency="USD", refund_id=new_id(), refund_amount=500, refunded=1500, refunded_at=NOW
)
ASKED = {f"{name}_id": new_id() for name in ("payment_request", "requester", "payer")}
CREATED = PaymentRequestCreated(**ASKED, amount=700, currency="JPY", note="Sushi", created_at=NOW, expires_at=NOW)
DECLINED = PaymentRequestClosed(**ASKED, amount=700, currency="JPY", status="DECLINED", closed_at=NOW)
PAID = PaymentRequestClosed(
    **ASKED, amount=700, currency="JPY", status="PAID", transfer_id=IDS["transfer_id"], closed_at=NOW
)
ISSUED = RewardIssued(
    **{f"{name}_id": new_id() for name in ("reward", "user", "transfer", "campaign", "wallet")},
    campaign_name="Welcome",
    amount=25,
    currency="USD",
    issued_at=NOW,
)
CLAWED_BACK = RewardClawedBack(
    **ISSUED.model_dump(exclude={"issued_at"}), refund_id=new_id(), clawed_back=25, owed=0, clawed_back_at=NOW
)
REGISTERED = UserRegistered(user_id=IDS["payer_id"], registered_at=NOW)
REVOKED = SessionRevoked(user_id=IDS["payer_id"], session_id=new_id(), reason="TOKEN_REUSED", revoked_at=NOW)
CHANGED = AccountChanged(
    **{f"{name}_id": new_id() for name in ("wallet", "user", "journal", "transfer")},
    seq=3,
    kind="CAPTURE",
    currency="USD",
    posted_change=-2500,
    held_change=-2500,
    posted=7500,
    held=0,
    available=7500,
    changed_at=NOW,
)
EXAMPLES = (COMPLETED, FAILED, REFUNDED, CREATED, DECLINED, PAID, ISSUED, CLAWED_BACK, REGISTERED, REVOKED, CHANGED)


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: data.TYPE)
def test_round_trip(data: EventData) -> None:
    """An event goes through the outbox and the broker, and is read back equal."""
    event_id = new_id()
    record = to_record(data, event_id=event_id, time=NOW)

    event = read_envelope(orjson.dumps(record.value))

    assert (event.id, event.type, event.source, event.time) == (event_id, data.TYPE, data.SOURCE, NOW)
    assert read_data(event, type(data)) == data
    assert (record.topic, record.key) == (data.TOPIC, data.subject)


def test_every_event_goes_round() -> None:
    """An event type of the catalogue without an example above would be untried."""
    assert {type(data) for data in EXAMPLES} == set(EVENTS)


def test_what_concerns_one_thing_is_read_in_order() -> None:
    """A refund has its payment's key, both ends of a payment request have the request's: one partition, one order."""
    assert (REFUNDED.TOPIC, REFUNDED.subject) == (COMPLETED.TOPIC, COMPLETED.subject)
    assert (CREATED.TOPIC, CREATED.subject) == (PAID.TOPIC, PAID.subject)


def test_a_request_is_not_closed_open() -> None:
    """The event says how the request ended, so OPEN is no status of it."""
    with pytest.raises(ValueError, match="status"):
        PaymentRequestClosed(**ASKED, amount=700, currency="JPY", status="OPEN", closed_at=NOW)


def test_the_wire_form_is_a_cloud_event() -> None:
    """Structured JSON mode, with the aggregate's id as subject and ISO instants."""
    value = to_record(COMPLETED, event_id=IDS["transfer_id"], time=NOW).value

    assert value["specversion"] == "1.0"
    assert value["subject"] == str(IDS["transfer_id"])
    assert value["time"] == value["data"]["completed_at"] == "2026-11-22T13:05:00Z"
    assert value["data"]["amount"] == 2500


def test_fields_of_the_future_are_ignored() -> None:
    """Within a version fields are added; who does not know them reads on."""
    value = to_record(COMPLETED, event_id=new_id(), time=NOW).value
    later = {**value, "traceparent": "00-…", "data": {**value["data"], "mood": "good"}}

    assert read_data(read_envelope(orjson.dumps(later)), TransferCompleted) == COMPLETED


@pytest.mark.parametrize("value", [b"", b"\xff\x00", b"[]", b"null", b'{"specversion": "1.0"}'])
def test_what_is_no_event_is_malformed(value: bytes) -> None:
    """No JSON, no object, no envelope."""
    with pytest.raises(MalformedEvent, match="not a CloudEvent"):
        read_envelope(value)


def test_another_version_of_the_envelope_is_malformed() -> None:
    """We read CloudEvents 1.0 and guess nothing about others."""
    value = {**to_record(COMPLETED, event_id=new_id(), time=NOW).value, "specversion": "2.0"}

    with pytest.raises(MalformedEvent):
        read_envelope(orjson.dumps(value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 0),
        ("amount", -5),
        ("amount", 2**53),
        ("amount", 12.5),
        ("currency", "usd"),
        ("payer_id", "nobody"),
        ("completed_at", "yesterday"),
        ("payee_id", None),
    ],
)
def test_bad_data_names_its_field(field: str, value: Any) -> None:
    """Amounts are positive whole numbers that every reader keeps exact; the reason names type and field."""
    record = to_record(COMPLETED, event_id=new_id(), time=NOW).value
    event = read_envelope(orjson.dumps({**record, "data": {**record["data"], field: value}}))

    with pytest.raises(MalformedEvent, match=rf"^transfer\.completed\.v1: {field}: "):
        read_data(event, TransferCompleted)
