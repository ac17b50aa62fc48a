"""Why a stream ends before its time, as its client is told."""

from __future__ import annotations

from router.errors import StreamEnded, SubscriptionRefused


def reloaded(*, is_schema: bool) -> StreamEnded:
    """Another supergraph or configuration serves, and the subscription would be another under it."""
    if is_schema:
        return StreamEnded("The schema has changed: subscribe again.", "SUBSCRIPTION_SCHEMA_RELOAD")
    return StreamEnded("The router's configuration has changed: subscribe again.", "SUBSCRIPTION_CONFIG_RELOAD")


def stopping() -> StreamEnded:
    """The server stops."""
    return StreamEnded("The router is shutting down: subscribe again.", "SUBSCRIPTION_SERVER_SHUTDOWN")


def none_begins() -> SubscriptionRefused:
    """The server stops, and none begins any more."""
    return SubscriptionRefused("The router is shutting down: subscribe again.", "SUBSCRIPTION_SERVER_SHUTDOWN", 503)


def disabled() -> SubscriptionRefused:
    """None is served."""
    return SubscriptionRefused("Subscriptions are not served here.", "SUBSCRIPTIONS_DISABLED", 400)


def full(open_max: int) -> SubscriptionRefused:
    """As many are open as may be."""
    return SubscriptionRefused(
        f"{open_max} subscriptions are open, and the router serves no more: try again later.",
        "SUBSCRIPTION_MAX_LIMIT",
        503,
    )


def client_full(per_client_max: int) -> SubscriptionRefused:
    """As many are open for this client as may be."""
    return SubscriptionRefused(
        f"{per_client_max} subscriptions are open for this client: end one before another begins.",
        "SUBSCRIPTION_MAX_LIMIT",
        429,
    )
