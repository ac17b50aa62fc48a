"""Where exceptions become GraphQL: refusals become members of the result union, coded errors keep their code, faults are masked.

A fault is logged in full and reaches the client as one sentence with the code INTERNAL_SERVER_ERROR. A database that is away is no
fault of ours: one line of the log, and UNAVAILABLE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.extensions import MaskErrors
from strawberry.schema.exception_handlers import ExceptionHandler

from payflow.gql.types import IdempotencyConflict, InvalidInput, Problem
from payflow.kernel import errors
from payflow.kernel.db import is_away

AWAY_MESSAGE = "The database does not answer at the moment. Send the same command again; under the same key it happens once at most."
FAULT_MESSAGE = "Something went wrong on our side. Nothing is lost; the same command may be sent again."

log = structlog.get_logger(__name__)


def is_fault(error: GraphQLError) -> bool:
    """Whether the error is ours rather than the request's."""
    return error.original_error is not None and not isinstance(error.original_error, errors.CodedError | GraphQLError)


class FaultMask(MaskErrors):
    """Shows a fault, or that the database is away, as one sentence."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_fault, error_message=FAULT_MESSAGE)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        masked = super().anonymise_error(error)
        masked.extensions = {"code": "INTERNAL_SERVER_ERROR"}
        if error.original_error is not None and is_away(error.original_error):
            masked.message = AWAY_MESSAGE
            masked.extensions = {"code": errors.DependencyUnavailable.code}
        return masked


_MASK = FaultMask()


def masked(found: list[GraphQLError]) -> list[GraphQLError]:
    """What of the errors a client may see."""
    return [_MASK.anonymise_error(error) if is_fault(error) else error for error in found]


def log_faults(found: list[GraphQLError]) -> None:
    """Log each fault with its trace; the client's own errors are not logged."""
    for error in found:
        if error.original_error is not None and is_away(error.original_error):
            log.warning("database is away", path=error.path, reason=errors.one_line(error.original_error))
        elif is_fault(error):
            log.error("resolver failed", path=error.path, exc_info=error.original_error)


SHARED_PROBLEMS: Mapping[type[errors.Refusal], type[Problem]] = {
    errors.InvalidInput: InvalidInput,
    errors.IdempotencyConflict: IdempotencyConflict,
}


def problem_handlers(problems: Mapping[type[errors.Refusal], type[Problem]]) -> list[ExceptionHandler[Any]]:
    """One handler per refusal: raised in a resolver whose result union lists the problem, it becomes that problem."""
    return [_handler(refusal, problem) for refusal, problem in {**SHARED_PROBLEMS, **problems}.items()]


def _handler(refusal: type[errors.Refusal], problem: type[Problem]) -> ExceptionHandler[Any]:
    class Handler(ExceptionHandler):  # type: ignore[type-arg]  # the attributes below say which
        exception_type = refusal
        error_type = problem

        def handle(
            self, exception: errors.Refusal, *, field: strawberry.types.field.StrawberryField, info: strawberry.Info
        ) -> Problem:
            return problem.of(exception)

    return Handler()
