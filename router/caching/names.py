"""What entries are found by and done away with: the names of tags in Redis.

A tag is a key that holds a random value, its generation. An entry remembers the generations of all its tags and is good only while
they are what they were, so whoever deletes a tag's key has invalidated every entry under it, whatever their number. One that expires
or is pushed out of memory does the same: nothing old is ever taken for good because something was forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

KEYSPACE: Final = "cache:"
"""What follows the prefix of all keys of routers."""


def of_subgraph(name: str) -> str:
    """The tag of all that a subgraph answered."""
    return f"subgraph:{name}"


def of_type(name: str) -> str:
    """The tag of all that may have an object of a type in it."""
    return f"type:{name}"


def of_tag(text: str) -> str:
    """A tag that a schema gives by @cacheTag."""
    return f"tag:{text}"


def of_entity(type_name: str, key: Mapping[str, Any]) -> str:
    """The tag of an entity, by the fields of one of its keys."""
    return f"entity:{type_name}:{msgspec.json.encode(key, order='sorted').decode()}"
