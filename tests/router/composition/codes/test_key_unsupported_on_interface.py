"""KEY_UNSUPPORTED_ON_INTERFACE: interfaces have keys since federation 2.3."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected


def linked(version: str) -> str:
    """A subgraph of a version, with a key on an interface in line 3."""
    return f"""extend schema @link(url: "https://specs.apollo.dev/federation/{version}", import: ["@key"])
        schema {{ query: Root }} type Root {{ i: I }}
        interface I @key(fields: "id") {{ id: ID! }}
        type T implements I @key(fields: "id") {{ id: ID! }}
    """


CASES = (
    rejected(
        "federation 2.2",
        "KEY_UNSUPPORTED_ON_INTERFACE",
        at=["I"],
        says=["need federation v2.3", "links v2.2"],
        places=["a:3"],
        a=linked("v2.2"),
    ),
    rejected("federation 2.0", "KEY_UNSUPPORTED_ON_INTERFACE", a=linked("v2.0")),
    rejected(
        "only the subgraph of the earlier version",
        "KEY_UNSUPPORTED_ON_INTERFACE",
        places=["b:3"],
        a=linked("v2.3"),
        b=linked("v2.1").replace("query", "mutation").replace("Root", "Other"),
    ),
    composed("federation 2.3", a=linked("v2.3")),
)


@each(CASES)
def test_key_unsupported_on_interface(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_UNSUPPORTED_ON_INTERFACE", case)
