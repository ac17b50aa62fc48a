"""`pass_through`: what else of subgraphs' answers reaches clients, beside data, errors and headers."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from router.config.base import Settings

ExtensionMerging: TypeAlias = Literal["off", "first", "last", "merge"]


class PassThrough(Settings):
    """Extensions and HTTP statuses of subgraphs. By default neither reaches a client.

    Where several subgraphs answer, the order of the query plan counts, not that in which they answered.
    """

    extensions: ExtensionMerging = "off"
    """`first` and `last` say whose member of a name counts; `merge` joins objects, member by member, and the last one wins in what
    is no object. Members that the router itself writes stay as they are."""
    statuses: tuple[Annotated[int, Field(ge=400, le=599)], ...] = ()
    """Statuses such as 401 and 403 that the client's answer has if a subgraph answered with one; the first of them here that came
    counts. The body is as it would be with 200."""
