"""`csrf`: which requests a page of another site could have sent, and are therefore refused."""

from __future__ import annotations

from typing import Final

from pydantic import Field, field_validator

from router.config.base import Settings

# Safelisted or forbidden to pages by the Fetch standard (#cors-safelisted-request-header, #forbidden-request-header), and
# `authorization`, which browsers add by themselves once a person has signed in by HTTP's own means.
_SENT_BY_ANY_PAGE: Final = frozenset(
    {
        *("accept", "accept-charset", "accept-encoding", "accept-language", "access-control-request-headers"),
        *("access-control-request-method", "authorization", "connection", "content-language", "content-length"),
        *("content-type", "cookie", "date", "dnt", "expect", "host", "keep-alive", "origin", "range", "referer", "te"),
        *("trailer", "transfer-encoding", "upgrade", "user-agent", "via"),
    }
)


class CsrfSettings(Settings):
    """Prevention of cross-site request forgery. On by default.

    A browser sends some requests for any page without asking the server first: GETs, and POSTs of a form's content types. Such
    a request must show that no page of another site sent it, by a header that only a page which CORS admits can set.
    """

    enabled: bool = True
    """Whether such requests are refused; off only where no browser ever reaches the router."""
    required_headers: tuple[str, ...] = Field(
        default=("apollo-require-preflight", "x-apollo-operation-name"), min_length=1
    )
    """Headers any of which shows it, whatever its value as long as it has one."""

    @field_validator("required_headers")
    @classmethod
    def _lower_case(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.lower() for name in names)

    @field_validator("required_headers")
    @classmethod
    def _only_pages_that_may_can_set_them(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name in _SENT_BY_ANY_PAGE or name.startswith(("sec-", "proxy-")):
                raise ValueError(f'names "{name}", which browsers send for any page: it shows nothing')
        return names
