"""The schema of users."""

from __future__ import annotations

from payflow.gql.schema import build_schema
from subgraphs.users import errors, types
from subgraphs.users.mutations import Mutation
from subgraphs.users.queries import Query

schema = build_schema(
    query=Query,
    mutation=Mutation,
    problems={
        errors.EmailTaken: types.EmailTaken,
        errors.HandleTaken: types.HandleTaken,
        errors.InvalidCredentials: types.InvalidCredentials,
        errors.TooManyAttempts: types.TooManyAttempts,
        errors.InvalidRefreshToken: types.InvalidRefreshToken,
    },
)
