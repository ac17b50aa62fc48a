"""The envelope: CloudEvents 1.0 in structured JSON mode, keyed by the id of the aggregate it speaks of.

Source: https://github.com/cloudevents/spec (v1.0.2). Within a major version of a type, fields are only ever added; readers ignore
what they do not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema

from payflow.kernel.money import MINOR_UNITS_MAX
from payflow.kernel.publisher import Record
from payflow.kernel.tracing import CORRELATION_ATTRIBUTE

SPEC_VERSION: Literal["1.0"] = "1.0"
EXTENSIONS = frozenset({"traceparent", "tracestate", "correlationid"})
"""Attributes that only some events have: the outbox adds them where they are known."""

OptionalText = str | SkipJsonSchema[None]


Amount = Annotated[int, Field(ge=1, le=MINOR_UNITS_MAX, description="Minor units of the currency beside it.")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="An ISO 4217 code.")]


class EventData(BaseModel):
    """What happened. A subclass per event type; amounts are minor units beside their currency, people appear by id only."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]
    SOURCE: ClassVar[str]

    @property
    def subject(self) -> str:
        """The aggregate's id: the record's key, so that what happens to one thing is read in order."""
        raise NotImplementedError


class CloudEvent(BaseModel):
    """The envelope around an event's data."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_serialization_defaults_required=True)

    specversion: Literal["1.0"] = SPEC_VERSION
    id: UUID = Field(description="Unique for ever; what a consumer's inbox remembers.")
    type: str
    source: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    traceparent: OptionalText = Field(None, description="Where in a trace it was made (W3C Trace Context).")
    tracestate: OptionalText = Field(None, description="What tracing systems add to that.")
    correlationid: OptionalText = Field(None, description="The id of the request that it comes from.")
    data: dict[str, Any]

    @property
    def origin(self) -> dict[str, str]:
        """What lets a consumer continue the trace."""
        told = {"traceparent": self.traceparent, "tracestate": self.tracestate}
        return {name: value for name, value in told.items() if value is not None}


Data = TypeVar("Data", bound=EventData)


@dataclass(frozen=True, slots=True)
class MalformedEvent(Exception):
    """A record that is no event of ours: permanent, trying again cannot help."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def to_record(data: EventData, *, event_id: UUID, time: datetime, request_id: str | None = None) -> Record:
    """Wrap what happened for the outbox; `request_id` where it comes from another request than the present one."""
    event = CloudEvent(
        id=event_id,
        type=data.TYPE,
        source=data.SOURCE,
        subject=data.subject,
        time=time,
        data=data.model_dump(mode="json"),
    )
    value = event.model_dump(mode="json", exclude=set(EXTENSIONS))
    if request_id is not None:
        value[CORRELATION_ATTRIBUTE] = request_id
    return Record(topic=data.TOPIC, key=data.subject, value=value)


def read_envelope(value: bytes) -> CloudEvent:
    """Parse a record. Raises MalformedEvent."""
    try:
        return CloudEvent.model_validate_json(value)
    except ValidationError as error:
        raise MalformedEvent(f"not a CloudEvent: {error.errors()[0]['msg']}") from None


def read_data(event: CloudEvent, kind: type[Data]) -> Data:
    """Parse the data of an event of a known type. Raises MalformedEvent."""
    try:
        return kind.model_validate(event.data)
    except ValidationError as error:
        first = error.errors()[0]
        raise MalformedEvent(f"{event.type}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
