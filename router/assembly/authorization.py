"""Who decides policies, and whether a supergraph that protects fields can be served at all."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from router.assembly.given import Given
from router.config import RouterConfig
from router.config.callables import load_async
from router.edge.gate import Gate
from router.errors import ConfigError
from router.pipeline import RouterState
from router.security.policies import Policies

log = structlog.get_logger(__name__)


def policies(config: RouterConfig, given: Given) -> Policies:
    """Whom to ask of @policy. Raises ConfigError."""
    settings = config.authorization
    named = load_async(settings.policies, setting="authorization.policies") if settings.policies else given.policies
    return Policies(named, settings.policies_timeout_s)


def check_protection(router: RouterState, config: RouterConfig, *, before: Gate | None) -> None:
    """Refuse to serve what nobody could ever see, unless that was asked for; warn of what is refused to everybody, once.

    Raises:
        ConfigError: the supergraph protects fields, and nobody could ever sign in.
    """
    if router.authorization.protects and config.jwt is None and not config.authorization.anonymous_only:
        raise ConfigError(
            "The supergraph protects fields (@authenticated, @requiresScopes or @policy), but the configuration has no `jwt` "
            "section, so nobody could sign in: add one, or say `authorization: {anonymous_only: true}` to serve what is left."
        )
    known = set(_warnings(before.router, before.config)) if before is not None else set()
    for warning in _warnings(router, config):
        if warning not in known:
            log.warning(warning)


def _warnings(router: RouterState, config: RouterConfig) -> Iterator[str]:
    if router.authorization.protects and config.jwt is None:
        yield "nobody can sign in: protected fields are refused to everybody (set jwt.issuers)"
    if router.authorization.has_policies and router.policies.source is None:
        yield "nobody decides @policy: fields under it are refused to everybody (set authorization.policies)"
    if router.authorization.protects and config.authorization.dry_run:
        yield "authorization is a dry run: denied fields are given out (authorization.dry_run)"
