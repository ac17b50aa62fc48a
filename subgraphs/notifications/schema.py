"""The schema of notifications."""

from __future__ import annotations

from payflow.gql.schema import build_schema
from subgraphs.notifications.mutations import Mutation
from subgraphs.notifications.subscriptions import Subscription
from subgraphs.notifications.types import Notification, User

schema = build_schema(mutation=Mutation, subscription=Subscription, types=[Notification, User])
