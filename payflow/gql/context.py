"""What every resolver knows of its request: who asks. A subgraph's own context adds its services and loaders."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.kernel.errors import Forbidden
from payflow.kernel.tokens import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """The base of every subgraph's context."""

    principal: Principal

    def is_self(self, user_id: str) -> bool:
        """Whether the one who asks is this user."""
        return self.principal.kind == "user" and self.principal.subject == user_id

    def require_self(self, user_id: str, what: str) -> None:
        """Raises Unauthenticated or Forbidden unless the one who asks is this user; `what` names what is guarded."""
        if self.principal.require_user() != user_id:
            raise Forbidden(f"Only its owner may see {what}.")
