"""Whose tokens are believed, and what became of them since they were issued."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from router.assembly.given import Given
from router.config import RouterConfig
from router.config.callables import load_async
from router.config.jwt import JwtSettings
from router.errors import ConfigError
from router.parts import Parts
from router.security.authenticator import Authenticator, EverybodyAnonymous
from router.security.origins import Origins

if TYPE_CHECKING:
    from router.security.revocation import Revocations


def authenticator(config: RouterConfig, *, given: Given, parts: Parts) -> Authenticator:
    """Who finds out who asks. Raises ConfigError."""
    settings = (config.jwt, config.authorization.require_authentication, config.redis, config.cors)
    return parts.take("authenticator", settings, lambda: _authenticator(config, given))


def _authenticator(config: RouterConfig, given: Given) -> Authenticator:
    origins = Origins(config.cors) if config.cors is not None else ()
    if config.jwt is None:
        if config.authorization.require_authentication:
            raise ConfigError("authorization.require_authentication needs `jwt`: without it nobody can sign in.")
        return EverybodyAnonymous(origins=origins)
    for issuer in config.jwt.issuers:
        if issuer.jwks_file is not None and not issuer.jwks_file.is_file():
            raise ConfigError(f"The key file {issuer.jwks_file} of the issuer {issuer.issuer} does not exist.")
    # Imported where it is needed: the cryptography behind it is a good part of the start-up time of a router without tokens.
    from router.security.authentication import Authentication

    return Authentication(
        config.jwt,
        required=config.authorization.require_authentication,
        revocations=tuple(_revocations(config.jwt, config, given)),
        origins=origins,
    )


def _revocations(jwt: JwtSettings, config: RouterConfig, given: Given) -> Iterator[Revocations]:
    from router.config.jwt import Revocation
    from router.security.revocation import AskedRevocations

    settings = jwt.revocation or Revocation()
    check = load_async(settings.check, setting="jwt.revocation.check") if settings.check else given.revoked
    if check is not None:
        yield AskedRevocations(check, recheck_s=settings.recheck_s, timeout_s=settings.timeout_s)
    elif jwt.revocation is not None and settings.redis is None:
        raise ConfigError("jwt.revocation says nowhere who knows what was revoked: set its check or its redis.")
    if settings.redis is not None:
        if config.redis is None:
            raise ConfigError("jwt.revocation.redis needs the section `redis`, which says where Redis is.")
        from router.security.revoked_list import RevokedList

        yield RevokedList(config.redis, settings.redis)
