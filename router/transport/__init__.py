"""How the router reaches subgraphs: one port (`base.Transport`) and its implementations, held to one contract suite."""

from router.transport.asgi import AsgiTransport
from router.transport.base import SubgraphAnswer, SubgraphRequest, SubgraphResponse, Transport
from router.transport.fake import FakeTransport
from router.transport.http import HttpTransport

__all__ = [
    "AsgiTransport",
    "FakeTransport",
    "HttpTransport",
    "SubgraphAnswer",
    "SubgraphRequest",
    "SubgraphResponse",
    "Transport",
]
