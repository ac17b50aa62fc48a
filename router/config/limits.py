"""`limits`: how large operations and answers may be."""

from __future__ import annotations

from pydantic import Field

from router import limits
from router.config.base import Settings


class LimitSettings(Settings):
    """Bounds of operations, which are looked at before they are validated, and of what they lead to.

    Fragments count wherever they are spread. Each bound has an error code of its own; `null` lifts one where it may be lifted.
    """

    tokens: int = Field(default=limits.DOCUMENT_TOKENS_MAX, ge=1)
    """Words and signs of a document (MAX_TOKENS_LIMIT)."""

    depth: int = Field(default=limits.SELECTION_DEPTH_MAX, ge=1, le=limits.NESTING_MAX)
    """Levels of fields (MAX_DEPTH_LIMIT)."""

    fields: int = Field(default=limits.SELECTIONS_MAX, ge=1)
    """Fields in all, each as often as fragments bring it (MAX_FIELDS_LIMIT)."""

    root_fields: int | None = Field(default=limits.ROOT_FIELDS_MAX, ge=1)
    """Fields at the root: each can be a request of its own (MAX_ROOT_FIELDS_LIMIT)."""

    height: int | None = Field(default=None, ge=1)
    """Different fields, one that comes several times at one place once (MAX_HEIGHT_LIMIT)."""

    aliases: int | None = Field(default=limits.ALIASES_MAX, ge=0)
    """Fields with an alias (MAX_ALIASES_LIMIT)."""

    directives: int | None = Field(default=limits.DIRECTIVES_MAX, ge=0)
    """Directives on fields and fragments (MAX_DIRECTIVES_LIMIT)."""

    warn_only: bool = False
    """Log what is over `depth`, `root_fields`, `height`, `aliases` or `directives` in place of refusing it."""

    introspection: bool = True
    """Whether clients may ask for the schema (INTROSPECTION_DISABLED), and errors name what in it may be meant."""

    representations: int | None = Field(default=limits.REPRESENTATIONS_PER_REQUEST_MAX, ge=1)
    """Entities that one request to a subgraph asks for; more go out in several requests."""

    response_bytes: int = Field(default=limits.CLIENT_RESPONSE_BYTES_MAX, ge=1)
    """Of the `data` of one answer (MAX_RESPONSE_LIMIT)."""
