"""Subscriptions on subgraphs: a protocol per subgraph, opened again where the connection is lost.

`SubgraphStreams` holds every connection that a subscription needs. It may outlive the transports that use it, so that what is open
stays open when a new configuration brings a new transport.
"""

from router.transport.streams.open import SubgraphStreams
from router.transport.streams.reconnect import NEVER, Reconnect
from router.transport.streams.target import StreamProtocol, Target

__all__ = ["NEVER", "Reconnect", "StreamProtocol", "SubgraphStreams", "Target"]
