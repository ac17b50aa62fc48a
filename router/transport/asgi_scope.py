"""The types of ASGI that both in-process channels share, and the scope an application is called with.

Source: the ASGI specification, HTTP and WebSocket message format 2.4.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Literal, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


def scope(kind: Literal["http", "websocket"], path: str, headers: Mapping[str, str]) -> Scope:
    """A scope for `path`, as if the call came over HTTP/1.1 from this machine."""
    named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    common: Scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"in-process"), *named],
        "client": ("127.0.0.1", 0),
        "server": ("in-process", None),
        "state": {},
    }
    return {**common, "method": "POST"} if kind == "http" else common
