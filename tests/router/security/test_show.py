"""The table of demands that `inspect protection` prints."""

from __future__ import annotations

from router.security.show import show_protection
from tests.router.cost.costed import supergraph_of

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@policy"])
"""


def test_every_demand_is_told() -> None:
    """Of types and fields, with alternatives and what has to come together."""
    supergraph = supergraph_of(
        """
        type Query {
          open: Int
          mine: Int @authenticated
          reports: Int @requiresScopes(scopes: [["read", "report"], ["admin"]])
          rare: Int @authenticated @policy(policies: [["vip"]])
          secret: Secret
        }
        type Secret @authenticated { text: String }
        """,
        link=LINK,
    )

    assert show_protection(supergraph.full).splitlines() == [
        "protected      only for callers who",
        "Query.mine     are signed in",
        "Query.rare     are signed in, and pass the policy vip",
        "Query.reports  have the scope read with report or admin",
        "Secret         are signed in",
    ]


def test_an_open_schema_says_so() -> None:
    """In a sentence."""
    assert show_protection(supergraph_of("type Query { a: Int }").full).startswith("Nothing is protected")
