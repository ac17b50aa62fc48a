"""The schema of rewards."""

from __future__ import annotations

from payflow.gql.schema import build_schema
from subgraphs.rewards.queries import Query
from subgraphs.rewards.types import Reward, Transfer, User

schema = build_schema(query=Query, types=[Reward, Transfer, User])
