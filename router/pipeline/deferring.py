"""Answers in parts: what is not deferred at once, and each deferred part as soon as it is ready."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from router import executor
from router.errors import ClientError, DeferNotAccepted, StreamEnded
from router.exchange import ClientRequest, ClientResponse, DeferredPart, IncrementalResponse
from router.executor import Delivery, Part
from router.pipeline.handed_on import Planned, Valid
from router.pipeline.projecting import hold_size, project, refuse
from router.pipeline.settling import settle
from router.pipeline.state import RouterState


def in_parts(valid: Valid, request: ClientRequest, router: RouterState) -> bool:
    """Whether what is deferred comes later. Raises DeferNotAccepted where the client accepts only whole answers."""
    if not router.defer.enabled or not valid.checked.defers(valid.variables):
        return False
    if not request.incremental and router.defer.unaccepted == "refuse":
        raise DeferNotAccepted
    return request.incremental


@dataclass(frozen=True, slots=True)
class DeferredAnswer:
    """The answer of a query or mutation with deferred parts, on its way."""

    planned: Planned
    request: ClientRequest
    router: RouterState

    async def responses(self) -> AsyncGenerator[ClientResponse, None]:
        """The pieces of the answer. Never raises; closing the generator cancels every request under way."""
        deliveries = executor.deliver(
            self.planned.executable,
            variables=self.planned.variables,
            transport=self.router.transport_for(
                self.request, self.planned.account, self.router.freshness(self.planned.kind), self.planned.timings
            ),
            headers=self.router.request_headers.of(self.request),
            denied=self.planned.denied,
            deadline=self.request.deadline,
        )
        is_first, sent_bytes = True, 0
        try:
            async with aclosing(cast("AsyncGenerator[Delivery, None]", deliveries)) as ready:
                async for delivery in ready:
                    sent_bytes += sum(len(part.result.json) for part in delivery.parts)
                    hold_size(sent_bytes, self.router)
                    yield self._first(delivery) if is_first else self._next(delivery)
                    is_first = False
            settle(self.planned, self.request, self.router, data=None)
        except Exception as error:
            yield self._refused(error)

    def ended(self, error: ClientError) -> IncrementalResponse:
        """The last piece of one that ends before its time. It says why in the words of a subscription, and by a code of its own."""
        return self._refused(StreamEnded(str(error), error.code.replace("SUBSCRIPTION_", "DEFERRED_RESPONSE_", 1)))

    def _refused(self, error: Exception) -> IncrementalResponse:
        refused = refuse(error, self.request, self.router)
        return IncrementalResponse(refusal=refused.refusal, reply=refused.reply)

    def _first(self, delivery: Delivery) -> IncrementalResponse:
        told = project(delivery.parts[0].result, self.planned, request=self.request, router=self.router)
        return IncrementalResponse(told.data, told.errors, reply=told.reply, has_next=delivery.has_next)

    def _next(self, delivery: Delivery) -> IncrementalResponse:
        parts = tuple(self._part(part) for part in delivery.parts)
        return IncrementalResponse(parts=parts, has_next=delivery.has_next)

    def _part(self, part: Part) -> DeferredPart:
        return DeferredPart(part.result.json, part.path, part.label, self.router.masking.told(part.result.errors))
