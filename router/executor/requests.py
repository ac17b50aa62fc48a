"""The JSON body of a fetch's request. What is the same each time is encoded once.

Every engine has to form the same bytes from the same answers: then an answer that one of them got serves another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from router.plan import Fetch

encode = msgspec.json.encode


def request_head(fetch: Fetch) -> bytes:
    """The body up to its variables: `{"query":…` and `,"operationName":…` where there is one."""
    name = b"" if fetch.operation_name is None else b',"operationName":' + encode(fetch.operation_name)
    return b'{"query":' + encode(fetch.operation) + name


def request_body(head: bytes, members: Sequence[bytes]) -> bytes:
    """The whole body; `members` are the variables, those of the client before representations and contexts."""
    return head + b',"variables":{' + b",".join(members) + b"}}" if members else head + b"}"


def client_variables(fetch: Fetch, variables: Mapping[str, Any]) -> list[bytes]:
    """The client's variables that the fetch uses, in its order. One that the client left out stays out: absent is not null."""
    return [member(name, encode(variables[name])) for name in fetch.variables if name in variables]


def member(name: str, value: bytes) -> bytes:
    """One member of a JSON object; `value` is JSON already."""
    return encode(name) + b":" + value


def array(elements: Iterable[bytes]) -> bytes:
    """A JSON array of elements that are JSON already."""
    return b"[" + b",".join(elements) + b"]"
