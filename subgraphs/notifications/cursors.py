"""Cursors of a reader's stream: the `seq` of a notification, opaque to clients."""

from __future__ import annotations

from payflow.gql.pages import decode_cursor, encode_cursor
from payflow.kernel.errors import InvalidArgument

DIGITS_MAX = 18  # what a bigint holds whatever its digits


def cursor_of(seq: int) -> str:
    return encode_cursor(str(seq))


def seq_at(cursor: str) -> int:
    """The position that a cursor of ours names. Raises InvalidArgument for any other."""
    return parse_seq(decode_cursor(cursor))


def parse_seq(position: str) -> int:
    """Raises InvalidArgument where the decoded cursor is no position in a stream."""
    if not (position.isascii() and position.isdigit() and len(position) <= DIGITS_MAX):
        raise InvalidArgument("The cursor is not valid; give back the cursor of a notification.")
    return int(position)
