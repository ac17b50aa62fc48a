"""What a resolver of notifications knows."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from payflow.kernel.hints import Hints
from subgraphs.notifications.loaders import Loaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    database: Database
    loaders: Loaders
    hints: Hints


Info = strawberry.Info[Context, None]
