"""Which way a client over HTTP takes an answer: whole as JSON, or as a stream."""

from __future__ import annotations

from router.edge.arrived import Arrived
from router.edge.gate import REQUEST_ID
from router.edge.streams.accepted import Accepted, Way
from router.edge.streams.framing import framing
from router.edge.streams.live import Live
from router.edge.streams.open import OpenStreams
from router.edge.streams.writing import Outgoing
from router.errors import ClientError, SubscriptionNotAccepted
from router.exchange import ClientRequest, ClientResponse, IncrementalResponse, Reply
from router.pipeline import Streamed, Subscription, begin, refuse


async def respond(
    request: ClientRequest, arrived: Arrived, accept: Accepted, streams: OpenStreams
) -> ClientResponse | Outgoing:
    """The answer to a client that takes more than JSON: to be sent as that, or to be written as a stream."""
    if accept.for_deferred is not None:
        request = request.but(incremental=True)
    begun = await begin(request, arrived.gate.router)
    if isinstance(begun, ClientResponse):
        return _whole(begun, arrived, accept)
    try:
        way = _way_of(begun, accept)
        return _outgoing(way, streams.open(begun, arrived.gate), arrived, request.reply)
    except ClientError as error:
        return _whole(refuse(error, request, arrived.gate.router), arrived, accept)


def _way_of(begun: Streamed, accept: Accepted) -> Way:
    way = accept.for_subscription if isinstance(begun, Subscription) else accept.for_deferred
    if way is None:
        raise SubscriptionNotAccepted
    return way


def _whole(response: ClientResponse, arrived: Arrived, accept: Accepted) -> ClientResponse | Outgoing:
    """One result. What refuses the request itself has a status of its own, and is JSON for everybody."""
    way = accept.for_whole
    if way == "json" or (response.refusal is not None and response.refusal.always):
        return response
    if way == "deferred_parts":
        response = IncrementalResponse(response.data, response.errors, response.refusal, response.reply)
    return _outgoing(way, response, arrived, response.reply)


def _outgoing(way: Way, source: Live | ClientResponse, arrived: Arrived, reply: Reply) -> Outgoing:
    headers = {REQUEST_ID: arrived.request_id, **reply.headers}
    return Outgoing(framing(way, arrived.gate.config.subscriptions.heartbeats), headers, source)
