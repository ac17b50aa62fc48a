"""Which fields a caller may have: the rules in a supergraph, their names, and the marks they leave on an operation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from graphql import parse, validate

from router.operation import normalize
from router.operation.show import show
from router.security.authorization import Authorization, Authorized
from router.security.caller import ANONYMOUS, Caller
from router.supergraph import Supergraph, load_supergraph

LINKS = """
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
"""

TYPES = """
type Query {
  open: String
  me: User @authenticated
  post(id: ID!): Post
  posts: [Post!]!
  matrix: [[Post]]
  node: Node
  search: [Hit!]!
  ledger: Ledger
  grade: Grade
  audit: String @requiresScopes(scopes: [["audit:read", "audit:list"], ["admin"]])
  anyone: String @requiresScopes(scopes: [[]])
  nobody: String @requiresScopes(scopes: [])
  paid: String @policy(policies: [["paid"]])
}
type Mutation { erase: Boolean @authenticated  ping: Boolean }
type User { id: ID!  name: String }
type Post implements Node { id: ID!  title: String  draft: String @authenticated  author: User  ledger: Ledger }
type Ledger @requiresScopes(scopes: [["ledger:read"]]) { total: Int  post: Post }
type Secret implements Node @authenticated { id: ID!  text: String }
interface Node { id: ID! }
union Hit = Post | Secret
enum Grade @authenticated { A B }
"""

SIGNED_IN = Caller(authenticated=True)


def supergraph(types: str = TYPES, links: str = LINKS) -> Supergraph:
    return load_supergraph(
        f"""
        schema @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {links}
        {{ query: Query {"mutation: Mutation" if "type Mutation" in types else ""} }}
        enum join__Graph {{ A @join__graph(name: "a", url: "http://a.test") }}
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        {types}
        """
    )


def with_scopes(*scopes: str) -> Caller:
    return Caller(authenticated=True, scopes=frozenset(scopes))


@pytest.fixture(scope="module")
def ask() -> Callable[[str, Caller], Authorized]:
    graph = supergraph()
    rules = Authorization(graph.full)

    def ask(text: str, caller: Caller = ANONYMOUS) -> Authorized:
        document = parse(text)
        assert validate(graph.api, document) == []
        return rules.authorize(normalize(document, None, graph, {}), rules.view(caller))

    return ask


Ask = Callable[..., Authorized]


def test_an_anonymous_caller_is_told_to_sign_in(ask: Ask) -> None:
    """A protected field is marked, its neighbours stay, and its error says why at the client's own key."""
    authorized = ask("{ open mine: me { id name } }")

    assert show(authorized.operation) == "query {\n  open\n  mine: me { # denied\n    id\n    name\n  }\n}"
    assert [denial.formatted() for denial in authorized.denials] == [
        {
            "message": "Unauthorized field or type",
            "path": ["mine"],
            "extensions": {
                "code": "UNAUTHORIZED_FIELD_OR_TYPE",
                "coordinate": "Query.me",
                "reason": "unauthenticated",
            },
        }
    ]


def test_a_signed_in_caller_passes(ask: Ask) -> None:
    """@authenticated asks for nothing but a verified token."""
    authorized = ask("{ me { id } }", SIGNED_IN)

    assert authorized.denials == ()
    assert "denied" not in show(authorized.operation)


@pytest.mark.parametrize(
    ("caller", "allowed"),
    [
        (ANONYMOUS, False),
        (SIGNED_IN, False),
        (with_scopes("audit:read"), False),
        (with_scopes("audit:read", "audit:list"), True),
        (with_scopes("admin"), True),
    ],
)
def test_scopes_are_alternatives_of_sets(ask: Ask, caller: Caller, allowed: bool) -> None:
    """[[a, b], [c]] lets through who has a and b, or c."""
    denials = ask("{ audit }", caller).denials

    assert (denials == ()) is allowed
    if not allowed:
        assert denials[0].reason == ("forbidden" if caller.authenticated else "unauthenticated")


def test_scopes_imply_a_token(ask: Ask) -> None:
    """An empty set of scopes still asks for a token; no set at all lets nobody through."""
    assert len(ask("{ anyone }").denials) == 1
    assert ask("{ anyone }", SIGNED_IN).denials == ()
    assert len(ask("{ nobody }", with_scopes("admin")).denials) == 1


def test_a_policy_that_nobody_granted_lets_nobody_through(ask: Ask) -> None:
    """@policy fails closed, and no scope stands in for one."""
    assert [denial.coordinate for denial in ask("{ paid }", with_scopes("paid")).denials] == ["Query.paid"]


def test_a_protected_type_protects_the_fields_that_return_it(ask: Ask) -> None:
    """The rules of a type hold wherever it is returned, an enum's too."""
    assert [denial.coordinate for denial in ask("{ ledger { total } grade }", SIGNED_IN).denials] == ["Query.ledger"]
    assert [denial.coordinate for denial in ask("{ ledger { total } grade }").denials] == [
        "Query.ledger",
        "Query.grade",
    ]
    assert ask("{ ledger { total post { title } } }", with_scopes("ledger:read")).denials == ()


def test_nothing_is_said_of_what_lies_below_a_denied_field(ask: Ask) -> None:
    """One error stands for everything that went with a field."""
    denials = ask("{ ledger { post { draft ledger { total } } } }").denials

    assert [denial.coordinate for denial in denials] == ["Query.ledger"]


def test_behind_a_list_the_path_ends_at_the_list(ask: Ask) -> None:
    """An error path holds no made-up indices; the position knows every list level."""
    denials = ask("{ all: posts { d: draft author { name } } matrix { draft } post(id: 1) { draft } }").denials

    assert [denial.formatted()["path"] for denial in denials] == [["all"], ["matrix"], ["post", "draft"]]
    assert [denial.position for denial in denials] == [
        ("all", "@", "d"),
        ("matrix", "@", "@", "draft"),
        ("post", "draft"),
    ]


def test_an_interface_field_is_protected_by_every_type_that_may_stand_there(ask: Ask) -> None:
    """`id` asked of the interface could be a Secret's, so it is denied; asked of a Post alone, it is not."""
    assert [denial.coordinate for denial in ask("{ node { id } }").denials] == ["Node.id"]
    assert ask("{ node { id } }", SIGNED_IN).denials == ()
    assert ask("{ node { __typename ... on Post { id title } } }").denials == ()


def test_fragments_on_a_protected_type_are_denied(ask: Ask) -> None:
    """Of a union only the protected member's fields are withheld."""
    authorized = ask("{ search { ... on Post { title } ... on Secret { text } } }")

    assert [denial.coordinate for denial in authorized.denials] == ["Secret.text"]
    assert "    title\n" in show(authorized.operation)
    assert "    text # denied\n" in show(authorized.operation)


def test_mutations_are_protected_too(ask: Ask) -> None:
    """A protected mutation is marked, so it is never run; its neighbour is."""
    assert [denial.coordinate for denial in ask("mutation { erase ping }").denials] == ["Mutation.erase"]


def test_callers_who_see_the_same_share_a_view() -> None:
    """Only what the rules mention distinguishes callers, so that plans are shared."""
    rules = Authorization(supergraph().full)

    assert rules.view(with_scopes("admin", "irrelevant")) == rules.view(with_scopes("admin"))
    assert len({rules.view(ANONYMOUS), rules.view(SIGNED_IN), rules.view(with_scopes("admin"))}) == 3

    unprotected = Authorization(supergraph("type Query { open: String }").full)
    assert unprotected.view(with_scopes("admin")) == unprotected.view(ANONYMOUS)


@pytest.mark.parametrize(
    ("links", "directive"),
    [
        ('@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn")', "@signedIn"),
        (
            '@link(url: "https://specs.apollo.dev/authenticated/v0.1", import: [{name: "@authenticated", as: "@login"}])',
            "@login",
        ),
        ('@link(url: "https://specs.apollo.dev/authenticated/v0.1", import: ["@authenticated"])', "@authenticated"),
        ("", "@authenticated"),
    ],
)
def test_directives_go_by_the_names_of_their_link(links: str, directive: str) -> None:
    """A renamed directive protects; one whose link was left out protects under its own name."""
    rules = Authorization(supergraph(f"type Query {{ secret: String {directive} }}", links).full)

    assert rules.view(SIGNED_IN) != rules.view(ANONYMOUS)


def test_a_stranger_of_the_same_name_is_not_a_rule() -> None:
    """A directive that another specification brings under the name @policy is not ours."""
    links = '@link(url: "https://example.test/insurance/v1.0", import: ["@policy"])'
    rules = Authorization(supergraph('type Query { open: String @policy(number: "7") }', links).full)

    assert rules.view(SIGNED_IN) == rules.view(ANONYMOUS)


def test_directives_on_one_element_must_all_hold() -> None:
    """@authenticated beside @requiresScopes narrows, never widens; so does a type's rule beside its field's."""
    graph = supergraph(
        """
        type Query { vault: Vault @requiresScopes(scopes: [["open"]]) }
        type Vault @authenticated @requiresScopes(scopes: [["see"]]) { gold: Int @requiresScopes(scopes: [["count"]]) }
        """
    )
    operation = normalize(parse("{ vault { gold } }"), None, graph, {})
    rules = Authorization(graph.full)

    def denied(caller: Caller) -> list[str]:
        return [denial.coordinate for denial in rules.authorize(operation, rules.view(caller)).denials]

    assert denied(with_scopes("open")) == ["Query.vault"]
    assert denied(with_scopes("open", "see")) == ["Vault.gold"]
    assert denied(with_scopes("open", "see", "count")) == []
