"""Pages by keyset: a cursor names the last row seen, so a page costs the same wherever it lies and rows that arrive shift nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from payflow.gql.types import PageInfo
from payflow.kernel.errors import InvalidArgument

PAGE_DEFAULT = 20
PAGE_MAX = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`first` rows behind the row that `after` names (None: from the start)."""

    first: int
    after: str | None

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than shown, to know whether there is a next page."""
        return self.first + 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of a page, each with its cursor."""

    rows: list[tuple[str, Row]]
    info: PageInfo


def page_request(first: int | None, after: str | None) -> PageRequest:
    """Check the arguments of a connection; null means the default. Raises InvalidArgument."""
    first = PAGE_DEFAULT if first is None else first
    if not 1 <= first <= PAGE_MAX:
        raise InvalidArgument(f"first must be between 1 and {PAGE_MAX}, got {first}")
    return PageRequest(first, None if after is None else decode_cursor(after))


def page_of(rows: Sequence[Row], request: PageRequest, position: Callable[[Row], str]) -> Page[Row]:
    """Cut the row that was read too many; `position` gives the text that a cursor carries."""
    shown = [(encode_cursor(position(row)), row) for row in rows[: request.first]]
    info = PageInfo(
        has_next_page=len(rows) > request.first,
        has_previous_page=request.after is not None,
        start_cursor=shown[0][0] if shown else None,
        end_cursor=shown[-1][0] if shown else None,
    )
    return Page(shown, info)


def encode_cursor(position: str) -> str:
    """Opaque to clients, so that what it carries may change."""
    return urlsafe_b64encode(position.encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> str:
    """Raises InvalidArgument where the cursor is none of ours."""
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise InvalidArgument("The cursor is not valid; give back one that this API has answered.") from None
