"""`csrf`: which requests a page of another site could have sent, and are therefore refused."""

from __future__ import annotations

from pydantic import Field, field_validator

from router.config.base import Settings


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
