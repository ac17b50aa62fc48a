"""What a resolver raises, as the client and the log see it."""

from __future__ import annotations

import asyncpg
import pytest
import strawberry
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from payflow.gql.errors import AWAY_MESSAGE, FAULT_MESSAGE
from payflow.gql.schema import build_schema
from payflow.kernel.errors import DependencyUnavailable

GONE = DBAPIError("SELECT 1", None, asyncpg.ConnectionDoesNotExistError("connection was closed"))
STARTING = DBAPIError("SELECT 1", None, asyncpg.CannotConnectNowError("the database system is starting up"))
REFUSED = ConnectionRefusedError(111, "Connect call failed")
WRONG = DBAPIError("SELECT 1", None, asyncpg.UndefinedColumnError("secret"))


@pytest.mark.parametrize(
    ("raised", "code", "message", "logged"),
    [
        (REFUSED, "UNAVAILABLE", AWAY_MESSAGE, ["warning"]),
        (GONE, "UNAVAILABLE", AWAY_MESSAGE, ["warning"]),
        (STARTING, "UNAVAILABLE", AWAY_MESSAGE, ["warning"]),
        (DependencyUnavailable("Wait."), "UNAVAILABLE", "Wait.", []),
        (WRONG, "INTERNAL_SERVER_ERROR", FAULT_MESSAGE, ["error"]),
        (RuntimeError("secret"), "INTERNAL_SERVER_ERROR", FAULT_MESSAGE, ["error"]),
    ],
)
async def test_what_is_raised(raised: Exception, code: str, message: str, logged: list[str]) -> None:
    """A database that is away is told as that, in one line of the log; faults are masked, and logged with their trace."""

    @strawberry.type
    class Query:
        @strawberry.field
        async def answer(self) -> int:
            raise raised

    with capture_logs() as lines:
        result = await build_schema(query=Query).execute("{ answer }")

    assert result.errors is not None
    assert [(error.message, error.extensions) for error in result.errors] == [(message, {"code": code})]
    assert [line["log_level"] for line in lines] == logged
    assert [line for line in lines if "exc_info" in line] == [line for line in lines if line["log_level"] == "error"]
