"""Who owns a service's database and who serves from it: one role, or two where what serves must not rewrite what is stored."""

from __future__ import annotations

# The wallet's owner migrates; the role that serves may read, and call the functions that post. See docs/operations/README.md.
OWNED_APART = frozenset({"wallet"})


def database_name(service: str) -> str:
    """The service's database."""
    return f"payflow_{service}"


def serving_role(service: str) -> str:
    """The role that the service itself logs in as."""
    return f"payflow_{service}"


def owner_role(service: str) -> str:
    """The role that owns the database and migrates it; for most services the one that serves."""
    return f"payflow_{service}_owner" if service in OWNED_APART else serving_role(service)
