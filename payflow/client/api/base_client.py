"""The base of this generated client."""

from payflow.client import transport


class PooledClient(transport.PooledClient):
    """One pooled session, a token per call."""
