"""What a resolver of notifications knows."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from payflow.gql.context import RequestContext
from payflow.kernel.db import Database
from subgraphs.notifications.loaders import Loaders
from subgraphs.notifications.service import Notifications
from subgraphs.notifications.stream import Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    database: Database
    loaders: Loaders
    notifications: Notifications
    streams: Streams


Info = strawberry.Info[Context, None]
