"""What a resolver of rewards knows."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from subgraphs.rewards.loaders import Loaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    database: Database
    loaders: Loaders
    clock: Clock


Info = strawberry.Info[Context, None]
