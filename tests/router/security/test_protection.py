"""Which rules protect a field, and what of an interface's rules its types say already."""

from __future__ import annotations

import pytest
from graphql import build_schema

from router import limits
from router.security import protection
from router.security.caller import View
from router.security.protection import Protection

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
directive @link(url: String!, for: String) repeatable on SCHEMA
directive @authenticated on OBJECT | INTERFACE | FIELD_DEFINITION
directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | INTERFACE | FIELD_DEFINITION
directive @policy(policies: [[String!]!]!) on OBJECT | INTERFACE | FIELD_DEFINITION
"""


def demands(of: str, *, interface: str = "", one: str = "", two: str = "") -> bool:
    """Whether a field of Query demands anything, for rules on an interface and its two types."""
    text = f"""
    type Query {{ node: Node  hit: Hit }}
    interface Node {interface} {{ id: ID }}
    type One implements Node {one} {{ id: ID }}
    type Two implements Node {two} {{ id: ID }}
    union Hit = One | Two
    """
    return ("Query", of) in Protection(build_schema(HEAD + text, assume_valid=True, assume_valid_sdl=True)).fields


def scopes(written: str) -> str:
    return f"@requiresScopes(scopes: {written})"


def test_what_composition_wrote_on_an_interface_is_not_demanded_twice() -> None:
    """Fields that return it are open where the interface says no more than its types together."""
    assert not demands("node", interface="@authenticated", one="@authenticated")
    assert not demands("node", interface="@authenticated", one=scopes('[["a"]]'))
    assert not demands("node", interface=scopes('[["a"]]'), one=scopes('[["a", "b"]]'))
    both = {"one": scopes('[["a"], ["b"]]'), "two": scopes('[["c"]]')}
    assert not demands("node", interface=scopes('[["a", "c"], ["b", "c"]]'), **both)
    assert not demands("node", interface='@policy(policies: [["p"]])', two='@policy(policies: [["p"]])')


def test_what_an_interface_demands_itself_is_demanded_where_it_is_returned() -> None:
    """A rule that its types do not bring about was meant for the interface."""
    assert demands("node", interface="@authenticated")
    assert demands("node", interface="@authenticated", one='@policy(policies: [["p"]])')
    assert demands("node", interface=scopes('[["a"]]'), one=scopes('[["a"], ["b"]]'))
    assert demands("node", interface=scopes('[["a", "d"]]'), one=scopes('[["a"]]'), two=scopes('[["c"]]'))


def test_too_many_ways_are_not_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be found out within the bound is taken for a demand."""
    monkeypatch.setattr(protection, "INHERITED_ALTERNATIVES_MAX", 1)
    two_ways = scopes('[["a"], ["b"]]')
    assert demands("node", interface=two_ways, one=two_ways)
    assert limits.INHERITED_ALTERNATIVES_MAX > 1


def test_unions_demand_nothing_for_their_members() -> None:
    """Their members are asked for in fragments, each under its own rules."""
    assert not demands("hit", one="@authenticated", two="@authenticated")


@pytest.mark.parametrize(
    ("written", "meets"),
    [
        ('[["a"]]', {"a"}),
        ('["a"]', {"a"}),
        ('"a"', {"a"}),
        ('["a", "b"]', {"b"}),
        ("[]", None),
        ("[3]", None),
        ("[[3]]", None),
        ("{a: 1}", None),
        ("null", None),
    ],
)
def test_lists_are_read_as_graphql_reads_them(written: str, meets: set[str] | None) -> None:
    """A list of one may go without its brackets (GraphQL specification, section 3.11); what is odd lets nobody in."""
    text = HEAD + f"type Query {{ f: Int @requiresScopes(scopes: {written}) }}"
    schema = build_schema(text, assume_valid=True, assume_valid_sdl=True)
    [rule] = Protection(schema).fields["Query", "f"]

    everything = View(authenticated=True, scopes=frozenset({"a", "b", "3"}) if meets is None else frozenset(meets))
    assert rule.met_by(everything) is (meets is not None)
