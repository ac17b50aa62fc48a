"""What a resolver of users knows."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from subgraphs.users.loaders import Loaders
from subgraphs.users.service import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """`network` is where the client calls from."""

    network: str
    database: Database
    loaders: Loaders
    users: Users


Info = strawberry.Info[Context, None]
