"""The rules of form of a registration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from payflow.kernel.errors import InvalidInput
from subgraphs.users.domain import Register, checked, normal_email

ADA = Register("ada@example.com", "correct horse battery", "ada_l", "Ada Lovelace")


def test_normal_form() -> None:
    """Letter case and white space around do not make another address, handle or name."""
    command = replace(ADA, email="  Ada@Example.COM ", handle="@Ada_L", display_name=" Ada Lovelace ")

    assert checked(command) == ADA


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("\uff21da@example.com", "ada@example.com"),
        ("re\u0301ne@example.com", "r\u00e9ne@example.com"),
        ("\u13a0@example.com", "\uab70@example.com"),
    ],
)
def test_one_address_is_written_one_way(typed: str, normal: str) -> None:
    """International domains as DNS knows them; letters in one encoding, and lower case as the database means it."""
    assert checked(replace(ADA, email=typed)).email == normal == normal_email(normal)


def test_what_is_far_too_long_is_not_normalised() -> None:
    """Accents in a row are put in order in a time that grows with their number's square: half a million of them would take minutes."""
    accents = "\u0301\u0316" * 250_000

    assert normal_email(f"A{accents}@Example.com") == f"A{accents}@Example.com"
    with pytest.raises(InvalidInput, match="email must be an address"):
        checked(replace(ADA, email=f"a{accents}@example.com"))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("email", {"email": "ada"}),
        ("email", {"email": "ada@localhost"}),
        ("email", {"email": f"{'a' * 250}@example.com"}),
        ("email", {"email": "ada\x00@example.com"}),
        ("email", {"email": "ada@exa mple.com"}),
        ("email", {"email": "ada@example..com"}),
        ("email", {"email": f"ada@{'a' * 64}.com"}),
        ("handle", {"handle": "al"}),
        ("handle", {"handle": "a" * 31}),
        ("handle", {"handle": "ada-l"}),
        ("displayName", {"display_name": "  "}),
        ("displayName", {"display_name": "a" * 81}),
        ("displayName", {"display_name": "Ada\x00"}),
        ("displayName", {"display_name": "Ada\nLovelace"}),
        ("password", {"password": "elevenchars"}),
        ("password", {"password": "ab" * 65}),
        ("password", {"password": "a" * 12}),
        ("password", {"password": "ADA@example.com"}),
        ("password", {"password": "ada lovelace"}),
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
