"""How far a member of a consumer group is behind, as it says itself in its metrics: in records and in seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from consumers.broker import Message
from payflow.kernel import metrics


class LagGauges:
    """Records as of the last poll; seconds as of the moment somebody asks, so that they grow while a message is stuck.

    The seconds are those of the oldest message that was polled and is not done. What waits behind it is younger, and whoever is behind
    has always polled something: there is no need to look at what was not read.
    """

    def __init__(self, consumer: str, topics: Iterable[str]) -> None:
        self._consumer = consumer
        self._oldest: dict[str, float] = {}
        for topic in topics:
            metrics.EVENTS_LAG_SECONDS.labels(consumer, topic).set_function(partial(self.seconds, topic))

    def polled(self, messages: Sequence[Message]) -> None:
        """These are being delivered now, and no others any more."""
        self._oldest = {}
        for message in messages:
            if message.taken_at is not None:
                self._oldest[message.topic] = min(message.taken_at, self._oldest.get(message.topic, message.taken_at))

    def done(self, waiting: Mapping[str, int]) -> None:
        """They are delivered and committed, and so many wait to be polled; of a topic that has some the age stands until they are."""
        for topic, records in waiting.items():
            metrics.EVENTS_LAG.labels(self._consumer, topic).set(records)
            if not records:
                self._oldest.pop(topic, None)

    def seconds(self, topic: str) -> float:
        """How long the broker has had the oldest message of the topic that is not done; 0 where there is none."""
        oldest = self._oldest.get(topic)
        return 0.0 if oldest is None else max(0.0, time.time() - oldest)
