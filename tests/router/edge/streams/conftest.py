"""The router behind a real server, as the tests of the edge have it, and how to set what streams are bounded by."""

from tests.router.edge.conftest import config, issuer, served

__all__ = ["config", "issuer", "served"]
