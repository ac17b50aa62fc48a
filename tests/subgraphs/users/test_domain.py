"""The rules of form of a registration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from payflow.kernel.errors import InvalidInput
from subgraphs.users.domain import Register, checked

ADA = Register("ada@example.com", "correct horse battery", "ada_l", "Ada Lovelace")


def test_normal_form() -> None:
    """Letter case and white space around do not make another address, handle or name."""
    command = replace(ADA, email="  Ada@Example.COM ", handle="@Ada_L", display_name=" Ada Lovelace ")

    assert checked(command) == ADA


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("email", {"email": "ada"}),
        ("email", {"email": "ada@localhost"}),
        ("email", {"email": f"{'a' * 250}@example.com"}),
        ("handle", {"handle": "al"}),
        ("handle", {"handle": "a" * 31}),
        ("handle", {"handle": "ada-l"}),
        ("displayName", {"display_name": "  "}),
        ("displayName", {"display_name": "a" * 81}),
        ("password", {"password": "elevenchars"}),
        ("password", {"password": "a" * 129}),
    ],
)
def test_each_rule_names_its_field(field: str, change: dict[str, str]) -> None:
    """A registration that breaks a rule is refused with the field's GraphQL name."""
    with pytest.raises(InvalidInput) as refusal:
        checked(replace(ADA, **change))

    assert refusal.value.field == field


def test_secrets_stay_out_of_repr() -> None:
    """A command in a log line shows no password."""
    assert "horse" not in repr(ADA)
