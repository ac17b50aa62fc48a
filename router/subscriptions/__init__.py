"""Equal subscriptions share one source, and what it tells goes to everybody who listens: made once, sent to all.

A `Hub` joins subscribers to sources by key. It knows neither GraphQL nor generations: it lives as long as the process, and since a
key is compared by value, a subscription that a new configuration or supergraph leaves as it was finds its source again.

    hub.join(key, start, share="always", capacity=128, overflow="close") -> Subscriber

* `key` is all that tells one subscription from another, compared by value; whoever may see what another may not has another key.
* `start()` opens the source: an async generator. It is called at once for the first subscriber, in a task of the source's own, so
  that nobody's departure harms another; it is closed when the last one has left.
* `share` says whom a source may take in later: "always" anybody (a late joiner is told only what comes after), "at_start" those who
  come before its first event, which is right even where a field begins with the present state or at a cursor; "never" nobody.
* `capacity` events wait for a subscriber. Past that, `overflow` is "close", and the subscriber fails with SubscriberTooSlow, or
  "drop_oldest", counted in `Subscriber.dropped` and `Hub.dropped`.

A `Subscriber` is an async iterator with `aclose()`, and is joined from the moment that `join` returns: nothing is lost between that
and the first `anext`. It ends when its source does and raises what that raises, after the events before. `stop()` takes no more
events and lets those be read that wait; with a `join` in the same breath, it hands over from one source to another without a gap.

`SharedSubscriptions` is the Transport that subscribes by way of a hub: what a subgraph is asked and as whom is the key. Different
operations that listen to the same thing so have one connection, and each gets every event as a `SharedEvent`:

    await event.once(key, make)

makes something of the event once for all who ask under an equal key. The pipeline completes an event this way by the rest of its plan:
where plan, variables, headers and view are equal too, the subgraphs are asked once, and all send the same bytes.
"""

from router.subscriptions.event import SharedEvent
from router.subscriptions.hub import Hub, Share
from router.subscriptions.subscriber import Overflow, Subscriber, SubscriberTooSlow
from router.subscriptions.transport import Address, SharedSubscriptions, subgraph_hub

__all__ = [
    "Address",
    "Hub",
    "Overflow",
    "Share",
    "SharedEvent",
    "SharedSubscriptions",
    "Subscriber",
    "SubscriberTooSlow",
    "subgraph_hub",
]
