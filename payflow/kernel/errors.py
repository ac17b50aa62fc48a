"""The error tree that all services share.

PayflowError
├── SettingsError        a setting is missing, malformed or unknown; said at start, exit 1
├── Refusal              a rule of the domain says no; travels to the client as a member of the result union
│   ├── InvalidInput     a field of the input breaks a rule of form
│   └── IdempotencyConflict   the key was used before, with another input
├── AccessDenied         who asks may not; travels as a GraphQL error
│   ├── Unauthenticated  nobody is signed in, or the token is not acceptable   UNAUTHENTICATED
│   └── Forbidden        somebody is, and may not                              FORBIDDEN
├── InvalidArgument      a value that no correct client sends                  BAD_USER_INPUT
└── DependencyUnavailable  another part did not answer; retrying is harmless  UNAVAILABLE

Messages of everything but SettingsError are written for the client. Anything outside the tree is a fault: masked and logged.
"""

from __future__ import annotations

from typing import ClassVar


class PayflowError(Exception):
    """The root of the tree."""


class SettingsError(PayflowError):
    """A setting is wrong. The message is one sentence that names the variable and the way out."""


class Refusal(PayflowError):
    """A domain rule refuses a command. Each service derives one class per problem type of its schema."""

    @property
    def message(self) -> str:
        """The sentence the client reads."""
        return str(self)

    @property
    def failure_code(self) -> str:
        """The class name in SCREAMING_SNAKE_CASE, e.g. INSUFFICIENT_FUNDS."""
        return screaming_snake(type(self).__name__)


class InvalidInput(Refusal):
    """A field of the input breaks a rule, e.g. a malformed handle. `field` is its GraphQL name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class IdempotencyConflict(Refusal):
    """The same idempotency key was used before with another input."""

    def __init__(self) -> None:
        super().__init__("This idempotency key was used before with another input; choose a new key for a new command.")


class CodedError(PayflowError):
    """An error that travels as a GraphQL error with a stable `extensions.code`."""

    code: ClassVar[str]

    @property
    def extensions(self) -> dict[str, str]:
        """What graphql-core puts under `extensions` when this is raised in a resolver."""
        return {"code": self.code}


class AccessDenied(CodedError):
    """Who asks may not."""

    code = "FORBIDDEN"


class Unauthenticated(AccessDenied):
    """Nobody is signed in, or the token sent is not acceptable."""

    code = "UNAUTHENTICATED"


class Forbidden(AccessDenied):
    """The one signed in may not do or see this."""


class InvalidArgument(CodedError):
    """A value that no correct client sends, e.g. a cursor that is not ours."""

    code = "BAD_USER_INPUT"


class DependencyUnavailable(CodedError):
    """Another part of the platform did not answer in time; the same command may be sent again."""

    code = "UNAVAILABLE"


def one_line(error: BaseException) -> str:
    """What a log line says of an error: the first line of its message, or its type where it has none."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def screaming_snake(name: str) -> str:
    """`InsufficientFunds` → `INSUFFICIENT_FUNDS`."""
    return "".join(f"_{char}" if char.isupper() and at else char for at, char in enumerate(name)).upper()
