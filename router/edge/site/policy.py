"""The headers of a site: its pages load and call their own origin, are framed by nobody, and may use no device."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from router.config.site import SiteSettings

# Sources: Content Security Policy Level 3, https://www.w3.org/TR/CSP3/; https://www.w3.org/TR/permissions-policy/.
_DIRECTIVES: Final[Mapping[str, str]] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_POWERS: Final = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_ALWAYS: Final = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{power}=()" for power in _POWERS),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def content_security_policy(added: Mapping[str, tuple[str, ...]]) -> str:
    """The policy, with the sources that are added to a directive; one that is not of the list begins with them."""
    names = dict.fromkeys((*_DIRECTIVES, *added))
    allowed = {name: " ".join((*_DIRECTIVES.get(name, "").split(), *added.get(name, ()))) for name in names}
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items() if sources)


def headers_of_site(settings: SiteSettings) -> Mapping[str, str]:
    """What every answer of the site carries."""
    return _ALWAYS | {"content-security-policy": _policy(tuple(settings.policy.items()))}


@lru_cache(maxsize=8)  # as many sites as one process is configured for in turn
def _policy(added: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return content_security_policy(dict(added))
