"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: a field computed from guarded data is guarded as well as that data."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CODE = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS"


def reading(guard: str = "", *, on_type: str = "") -> str:
    """A subgraph whose field reads `T.x` by @requires, guarded so."""
    return f'type T @key(fields: "id") {on_type} {{ id: ID! x: Int @external y: Int @requires(fields: "x") {guard} }}'


def guarded(guard: str) -> str:
    """A subgraph that guards `T.x` so."""
    return f'type Query {{ t: T }}\ntype T @key(fields: "id") {{ id: ID! x: Int {guard} }}'


TAKING = """type Query {{ t: T }}
type T @context(name: "ctx") {on_type} {{ u: U p: P {on_field} }}
type P {on_leaf_type} {{ q: String {on_leaf} }}
type U @key(fields: "id") {{ id: ID! f(a: String @fromContext(field: "$ctx {{ p {{ q }} }}")): Int {guard} }}"""


def taking(guard: str = "", on_type: str = "", on_field: str = "", on_leaf_type: str = "", on_leaf: str = "") -> str:
    """A subgraph whose field takes an argument from a context, with guards on what it passes on the way."""
    return TAKING.format(guard=guard, on_type=on_type, on_field=on_field, on_leaf_type=on_leaf_type, on_leaf=on_leaf)


SCOPED = '@requiresScopes(scopes: [["a", "b"], ["c"]])'

CASES = (
    rejected(
        "@requires of an authenticated field",
        CODE,
        at=["T.y", "T.x"],
        says=["add @authenticated"],
        places=["a:2"],
        a=reading(),
        b=guarded("@authenticated"),
    ),
    rejected(
        "too few scopes",
        CODE,
        a=reading('@requiresScopes(scopes: [["a"], ["c"]])'),
        b=guarded(SCOPED),
    ),
    rejected("a guard of another kind", CODE, a=reading('@policy(policies: [["a"]])'), b=guarded("@authenticated")),
    rejected(
        "the type that a required field returns",
        CODE,
        at=["T.y", "P"],
        a="""type T @key(fields: "id") { id: ID! p: P @external y: Int @requires(fields: "p { q }") }
type P { q: Int @external }""",
        b='type Query { t: T }\ntype T @key(fields: "id") { id: ID! p: P }\ntype P @authenticated { q: Int }',
    ),
    rejected(
        "a fragment on a guarded type",
        CODE,
        at=["T.y", "P"],
        a="""type T @key(fields: "id") { id: ID! i: I @external y: Int @requires(fields: "i { ... on P { q } }") }
interface I { q: Int }
type P implements I { q: Int @external }""",
        b="""type Query { t: T }
type T @key(fields: "id") { id: ID! i: I }
interface I { q: Int }
type P implements I @authenticated { q: Int }""",
    ),
    rejected(
        "a context's type",
        CODE,
        at=["U.f", "T"],
        says=["@fromContext"],
        places=["a:5"],
        a=taking(on_type="@authenticated"),
    ),
    rejected("a field of the context", CODE, at=["U.f", "T.p"], a=taking(on_field=SCOPED)),
    rejected("a type on the way", CODE, at=["U.f", "P"], a=taking(on_leaf_type='@policy(policies: [["p"]])')),
    rejected(
        "the leaf",
        CODE,
        at=["U.f", "P.q"],
        a=taking('@policy(policies: [["q"]])', on_leaf='@policy(policies: [["p"]])'),
    ),
    rejected(
        "guarded by another subgraph alone",
        CODE,
        at=["U.f", "T.p"],
        a=taking(on_field="@shareable"),
        b="type T { p: P @shareable @authenticated }\ntype P { q: String @shareable }".replace(
            "q: String @shareable", "r: Int"
        ),
    ),
    composed("the same guard", a=reading("@authenticated"), b=guarded("@authenticated")),
    composed("the guard on the type", a=reading(on_type="@authenticated"), b=guarded("@authenticated")),
    composed("more than is demanded", a=reading('@requiresScopes(scopes: [["a", "b", "d"]])'), b=guarded(SCOPED)),
    composed(
        "field and type together",
        a=reading('@requiresScopes(scopes: [["a"]])', on_type='@requiresScopes(scopes: [["b"]])'),
        b=guarded('@requiresScopes(scopes: [["a", "b"]])'),
    ),
    composed("no alternative demands nothing", a=reading(), b=guarded("@requiresScopes(scopes: [])")),
    composed(
        "a context as guarded as its reader",
        a=taking("@authenticated", on_type="@authenticated", on_leaf="@authenticated"),
    ),
    composed("guards that the context does not pass", a=taking().replace("id: ID!", "id: ID! @authenticated")),
)


@each(CASES)
def test_missing_transitive_auth_requirements(case: Case) -> None:
    """Whoever may read a computed field may read what it is computed from."""
    check(CODE, case)
