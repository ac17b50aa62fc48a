"""What clients see of subgraphs' errors."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from router.config.errors import ErrorSettings
from router.masking import Masking

ERROR: dict[str, Any] = {
    "message": "relation users does not exist",
    "path": ["me"],
    "extensions": {"code": "INTERNAL", "sql": "select", "serviceName": "users"},
}
OPEN = {**ERROR, "extensions": {**ERROR["extensions"], "service": "users"}}
OURS = {"message": "Unauthorized field or type", "path": ["me"], "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}}


def told(error: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """An error as the client gets it."""
    (one,) = Masking(ErrorSettings.model_validate(settings)).told([error])
    return one


def test_by_default_an_error_is_told_as_it_is() -> None:
    """With the subgraph's name under both names that clients know."""
    assert told(ERROR) == OPEN


def test_a_redacted_error_says_only_where_it_is() -> None:
    """Neither message nor extensions, not even whose it is."""
    assert told(ERROR, all=False) == {"message": "Subgraph errors redacted", "path": ["me"]}


def test_the_routers_own_errors_are_never_redacted() -> None:
    """They are written for clients."""
    assert told(OURS, all=False) == OURS


def test_subgraphs_have_rules_of_their_own() -> None:
    """In place of the one for all."""
    assert told(ERROR, all=False, subgraphs={"users": True}) == OPEN
    assert told(ERROR, subgraphs={"users": False})["message"] == "Subgraph errors redacted"
    assert told(ERROR, subgraphs={"wallet": False}) == OPEN


def test_a_rule_may_keep_some_of_it() -> None:
    """Another message, and extensions by what is allowed or by what is denied."""
    assert told(ERROR, all={"message": "Something went wrong.", "allow_extensions": ["code"]}) == {
        "message": "Something went wrong.",
        "path": ["me"],
        "extensions": {"code": "INTERNAL"},
    }
    assert told(ERROR, all={"deny_extensions": ["sql"]}) == {
        "message": ERROR["message"],
        "path": ["me"],
        "extensions": {"code": "INTERNAL", "serviceName": "users", "service": "users"},
    }


def test_an_error_is_not_changed_in_place() -> None:
    """Others may hold the same one."""
    before = {**ERROR, "extensions": dict(ERROR["extensions"])}

    told(ERROR, all=False)

    assert before == ERROR


def test_allowed_and_denied_at_once_is_refused() -> None:
    """It would say the same thing twice, or two things."""
    with pytest.raises(ValidationError):
        ErrorSettings.model_validate({"all": {"allow_extensions": [], "deny_extensions": []}})
