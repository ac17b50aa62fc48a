"""Reading a supergraph: the model, the API schema, and what is refused."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, parse, validate

from router.errors import SupergraphError
from router.supergraph import Key, load_supergraph
from tests.router.planning import JOIN, asked, fixture, supergraph_of
from tests.router.printed import printed

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")
SHELVES = fixture("shelves")

HIDDEN = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
directive @inaccessible on OBJECT
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") }
"Everything there is."
type Query @join__type(graph: A) {
  "Seen."
  seen(shown: Int = 3, unseen: Int = 4 @inaccessible, in: In): Shown! @deprecated(reason: "old")
  hidden: Hidden @inaccessible
  any: Any
}
type Shown implements Seen & Unseen @join__type(graph: A) { id: ID! secret: String @inaccessible level: Level }
type Hidden @join__type(graph: A) @inaccessible { id: ID! }
interface Seen @join__type(graph: A) { id: ID! }
interface Unseen @join__type(graph: A) @inaccessible { id: ID! }
union Any @join__type(graph: A) @join__unionMember(graph: A, member: "Shown")
  @join__unionMember(graph: A, member: "Hidden") = Shown | Hidden
enum Level @join__type(graph: A) { LOW TOP @inaccessible }
input In @join__type(graph: A) @oneOf { a: Int b: Int c: Int @inaccessible }
scalar Odd @join__type(graph: A) @specifiedBy(url: "https://odd.test") @inaccessible
"""


def test_subgraphs_are_known_by_their_own_names() -> None:
    """Names and URLs come from the graph enum, whatever its values are called."""
    assert {name: (s.graph, s.url) for name, s in PAYMENTS.subgraphs.items()}["wallet"] == (
        "WALLET",
        "http://wallet.test/graphql",
    )
    assert list(PAYMENTS.types["Query"].subgraphs) is not None
    assert (PAYMENTS.query, PAYMENTS.mutation, PAYMENTS.subscription) == ("Query", "Mutation", "Subscription")


def test_keys_are_read_per_subgraph() -> None:
    """A type may have several keys in one subgraph, and some can be left by only."""
    keys = PAYMENTS.types["User"].keys
    assert [key.fields.text for key in keys["users"]] == ["id", "handle"]
    (stub,) = PAYMENTS.types["Wallet"].keys["transactions"]
    assert isinstance(stub, Key)
    assert not stub.resolvable
    assert [key.fields.text for key in HARBOUR.types["Quay"].keys["dock"]] == ["berth{pier slot}"]


def test_fields_know_who_resolves_them() -> None:
    """External, required, provided and overridden fields are told apart."""
    toll = HARBOUR.types["Vessel"].fields["toll"].by_subgraph
    assert toll["dock"].requires is not None
    assert toll["dock"].requires.text == "berthRate length"
    assert toll["dock"].resolvable
    assert not toll["customs"].resolvable
    assert list(HARBOUR.types["Officer"].fields["bunk"].by_subgraph) == ["crew"]
    provides = HARBOUR.types["Query"].fields["assigned"].by_subgraph["dock"].provides
    assert provides is not None
    assert provides.text == "captain{rank} name"


def test_abstract_types_know_their_members_per_subgraph() -> None:
    """What a subgraph may return for an interface or union differs from subgraph to subgraph."""
    thing = SHELVES.types["Thing"]
    assert thing.possible == {"Book", "Person"}
    assert thing.members == {"catalog": {"Book", "Person"}, "stock": {"Person"}}
    assert SHELVES.types["Item"].interface_object_in == {"stock"}
    assert PAYMENTS.types["Problem"].members["users"] >= {"EmailTaken", "InvalidInput"}
    assert "SameWallet" not in PAYMENTS.types["Problem"].members["users"]


def test_a_subgraph_may_have_a_type_of_its_own_for_a_field() -> None:
    """The type named in @join__field holds for that subgraph alone."""
    supergraph = supergraph_of(
        "A B",
        """type Query @join__type(graph: A) @join__type(graph: B) {
          f: [String] @join__field(graph: A, type: "[String!]!") @join__field(graph: B) }""",
    )
    field = supergraph.types["Query"].fields["f"]
    assert (str(field.type), str(field.by_subgraph["A"].type), str(field.by_subgraph["B"].type)) == (
        "[String]",
        "[String!]!",
        "[String]",
    )


def test_a_labelled_override_leaves_the_field_where_it_was() -> None:
    """An override under a label holds only where the label is set, which nothing does yet."""
    supergraph = supergraph_of(
        "A B",
        """type Query @join__type(graph: A) @join__type(graph: B) {
          f: Int @join__field(graph: A, overrideLabel: "x") @join__field(graph: B, override: "A", overrideLabel: "x") }""",
    )
    by_subgraph = supergraph.types["Query"].fields["f"].by_subgraph
    assert (by_subgraph["A"].resolvable, by_subgraph["B"].resolvable) == (True, False)


def test_before_join_v03_every_subgraph_with_both_has_a_member() -> None:
    """join v0.2 does not say which subgraph has which member of a union."""
    sdl = JOIN.replace("join/v0.5", "join/v0.2").replace(
        "GRAPHS", 'A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "")'
    )
    supergraph = load_supergraph(
        sdl
        + """type Query @join__type(graph: A) { u: U @join__field(graph: A) }
        union U @join__type(graph: A) @join__type(graph: B) = X | Y
        type X @join__type(graph: A) @join__type(graph: B) { x: Int }
        type Y @join__type(graph: B) { y: Int }"""
    )
    assert supergraph.types["U"].members == {"a": {"X"}, "b": {"X", "Y"}}


# ── the API schema ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_api_schema_has_neither_machinery_nor_hidden_elements() -> None:
    """Types, fields, arguments, input fields, enum values, members and interfaces that are inaccessible are gone."""
    assert (
        printed(load_supergraph(HIDDEN).api)
        == '''\
"""Everything there is."""
type Query {
  """Seen."""
  seen(shown: Int = 3, in: In): Shown! @deprecated(reason: "old")
  any: Any
}

type Shown implements Seen {
  id: ID!
  level: Level
}

interface Seen {
  id: ID!
}

union Any = Shown

enum Level {
  LOW
}

input In @oneOf {
  a: Int
  b: Int
}'''
    )


def test_the_full_schema_keeps_what_is_hidden() -> None:
    """Keys and required fields may be inaccessible, so the full schema has them, and their directives."""
    full = load_supergraph(HIDDEN).full
    assert "Hidden" in full.type_map
    assert not any(name.startswith("join__") for name in full.type_map)
    level = full.type_map["Level"]
    assert isinstance(level, GraphQLEnumType)
    assert list(level.values) == ["LOW", "TOP"]
    users = PAYMENTS.full.type_map["Query"]
    assert isinstance(users, GraphQLObjectType)
    node = users.fields["me"].ast_node
    assert node is not None
    assert "authenticated" in [directive.name.value for directive in node.directives or ()]


def test_hidden_mutations_cannot_be_named() -> None:
    """A client that asks for an inaccessible field hears that there is none."""
    document = parse('mutation { placeHold(walletId: "1") { holdId } }')
    (error,) = validate(PAYMENTS.api, document)
    assert error.message.startswith("Cannot query field 'placeHold' on type 'Mutation'.")


def test_interface_objects_are_interfaces_to_clients() -> None:
    """Clients see the interface, with the fields that the interface object adds on every implementation."""
    item = SHELVES.api.type_map["Item"]
    assert isinstance(item, GraphQLInterfaceType)
    book = SHELVES.api.type_map["Book"]
    assert isinstance(book, GraphQLObjectType)
    assert "inStock" in book.fields


def test_features_may_be_linked_under_other_names() -> None:
    """`as:` and `import:` rename what the machinery is called in the document."""
    supergraph = load_supergraph(
        """
        schema @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.5", as: "glue", for: EXECUTION)
          @link(url: "https://specs.apollo.dev/inaccessible/v0.2", import: [{name: "@inaccessible", as: "@secret"}], for: SECURITY)
        { query: Query }
        directive @secret on FIELD_DEFINITION
        enum glue__Graph { A @glue__graph(name: "a", url: "http://a.test") }
        type Query @glue__type(graph: A) { seen: Int hidden: Int @secret }
        """
    )
    assert printed(supergraph.api) == "type Query {\n  seen: Int\n}"
    assert supergraph.types["Query"].subgraphs == {"a"}


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────────

QUERY = "type Query @join__type(graph: A) { f: Int }"
REFUSALS = {
    "type Query { f: Int }": "not a supergraph",
    "type Query {": "not valid SDL",
    JOIN.replace("join/v0.5", "join/v0.9") + QUERY: r"join v0\.9 is not supported",
    JOIN.replace("enum join__Graph { GRAPHS }", "") + QUERY: "enum join__Graph is missing",
    JOIN.replace("GRAPHS", "A") + QUERY: "no value with @join__graph",
    JOIN.replace("inaccessible/v0.2", "quota/v0.1") + QUERY: 'links "quota" v0.1 for SECURITY',
    JOIN.replace("link/v1.0", "link") + QUERY: "does not end in a feature name and a version",
    JOIN.replace("GRAPHS", 'B @join__graph(name: "b", url: "")') + QUERY: "Query names the subgraph A",
}


@pytest.mark.parametrize(("sdl", "sentence"), REFUSALS.items())
def test_what_is_no_supergraph_is_refused_in_a_sentence(sdl: str, sentence: str) -> None:
    """Each refusal says what is wrong."""
    with pytest.raises(SupergraphError, match=sentence):
        load_supergraph(sdl)


def test_contexts_are_read() -> None:
    """Types know the contexts that they set, fields the arguments that a subgraph takes from one."""
    sdl = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY, import: [{name: "@context", as: "@sets"}]) { query: Query }
directive @sets(name: String!) repeatable on OBJECT
scalar context__ContextFieldValue
enum join__Graph { A @join__graph(name: "a", url: "") }
type Query @join__type(graph: A) @sets(name: "a__ctx") { rate: Int user: User }
type User @join__type(graph: A, key: "id") {
  id: ID!
  price: Int @join__field(graph: A, contextArguments: [{name: "rate", type: "Int", context: "a__ctx", selection: "{ rate }"}])
}
"""
    supergraph = load_supergraph(sdl)
    assert supergraph.types["Query"].contexts == {"a__ctx"}
    assert supergraph.types["User"].contexts == frozenset()
    (argument,) = supergraph.types["User"].fields["price"].by_subgraph["a"].context_arguments
    assert (argument.name, argument.type, argument.context, argument.selection.text) == (
        "rate",
        "Int",
        "a__ctx",
        "rate",
    )


@pytest.mark.parametrize(
    ("types", "sentence"),
    [
        ('type Query @join__type(graph: A, key: "id {") { id: ID }', 'Query has the unreadable field set "id {"'),
        (
            'type Query @join__type(graph: A) { f: Int @join__field(graph: A, type: "Nope") }',
            'Query.f has the type "Nope"',
        ),
        (
            'type Query @join__type(graph: A) { f: Int @join__field(graph: A, type: "[") }',
            "Query.f has the unreadable type",
        ),
        ("type Query @join__type(graph: A) { f: Missing }", "do not form a schema"),
        ("type Query @join__type(graph: A) { f: Int @inaccessible }", "The API schema of this supergraph is not valid"),
        (
            'type Query @join__type(graph: A) { f(x: Int): Int @join__field(graph: A, contextArguments: [{name: "x"}]) }',
            "Query.f takes an argument from a @context without saying its type, context, selection",
        ),
        (
            "type Query @join__type(graph: A) { f: Int @join__field(graph: A, contextArguments:"
            ' [{name: "x", type: "Int", context: "a__c", selection: "{ y }"}]) }',
            'Query.f(x:) is taken from the context "a__c", which no type sets',
        ),
    ],
)
def test_what_is_wrong_inside_is_named_by_its_place(types: str, sentence: str) -> None:
    """A bad key, type or directive is reported with the type or field it stands on."""
    with pytest.raises(SupergraphError) as refused:
        supergraph_of("A", types)
    assert sentence in str(refused.value)


def test_equal_documents_have_equal_fingerprints() -> None:
    """The fingerprint is the document's, so that caches can be keyed by it."""
    assert load_supergraph(HIDDEN).fingerprint == load_supergraph(HIDDEN).fingerprint
    assert load_supergraph(HIDDEN).fingerprint != load_supergraph(HIDDEN + "\n").fingerprint


def test_what_only_caches_need_is_passed_over() -> None:
    """A feature that tells caches what to drop hinders nobody who caches nothing."""
    link = '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)'
    sdl = HIDDEN.replace(link, f'{link} @link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)')

    assert sdl != HIDDEN
    assert printed(load_supergraph(sdl).api) == printed(load_supergraph(HIDDEN).api)


def test_a_hidden_root_is_no_root_for_clients() -> None:
    """Without a visible mutation type there are no mutations in the API, though the supergraph has them."""
    supergraph = load_supergraph(
        HIDDEN.replace("{ query: Query }", "{ query: Query mutation: Change }")
        + "type Change @join__type(graph: A) @inaccessible { f: Int }"
    )
    assert supergraph.api.mutation_type is None
    assert "Change" not in supergraph.api.type_map
    assert supergraph.mutation == "Change"


# ── odd shapes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_interface_may_have_no_implementation() -> None:
    """In a subgraph, or anywhere: then nothing is ever returned for it, and nothing is asked of what would be."""
    supergraph = supergraph_of(
        "A B",
        """type Query @join__type(graph: A) @join__type(graph: B) { seen: Seen @join__field(graph: A) lone: Lone @join__field(graph: B) }
        interface Seen @join__type(graph: A) @join__type(graph: B) { x: Int }
        interface Lone @join__type(graph: B) { y: Int }
        type Thing implements Seen @join__type(graph: B) @join__implements(graph: B, interface: "Seen") { x: Int }""",
    )
    assert supergraph.types["Seen"].members == {"A": frozenset(), "B": {"Thing"}}
    assert asked(supergraph, "{ seen { x } lone { y } }") == ["0 A {seen{__typename}}", "1 B {lone{__typename}}"]


def test_a_subgraph_may_have_a_root_without_fields() -> None:
    """It is there for its entities alone, and is never asked at the root."""
    supergraph = supergraph_of(
        "A B",
        """type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! b: Int @join__field(graph: B) }""",
    )
    assert [line.split()[1] for line in asked(supergraph, "{ t { b } }")] == ["A", "B"]


def test_suggestions_name_nothing_hidden() -> None:
    """A client that almost hits the name of a hidden field or type is not helped on."""
    api = load_supergraph(HIDDEN).api
    for query in ("{ hidde }", "{ seen { secre } }", "{ ... on Hidde { x } }"):
        told = " ".join(error.message for error in validate(api, parse(query)))
        assert "Cannot query field" in told or "Unknown type" in told
        assert not {"secret", "hidden", "Hidden"} & set(re.findall(r"\w+", told))


# ── field sets ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NARROW = """
type Query @join__type(graph: A) @join__type(graph: B) { best: Home @join__field(graph: A, provides: "near { rooms }") }
type Home implements Place
  @join__type(graph: A, key: "id")
  @join__type(graph: B, key: "id")
  @join__implements(graph: B, interface: "Place")
{
  id: ID!
  name: String @join__field(graph: A, external: true) @join__field(graph: B)
  rooms: Int @join__field(graph: A, external: true) @join__field(graph: B)
  near: [Place] @join__field(graph: A, type: "[Home]", external: true) @join__field(graph: B)
  crowd: Int @join__field(graph: A, requires: "near { near { rooms } name ... { rooms } }")
}
interface Place @join__type(graph: B) { name: String }
"""


def test_a_field_set_by_a_narrower_type_of_the_subgraph_says_so() -> None:
    """What only the subgraph's own type of a field has is wanted of objects of that type; the rest stays as it is written."""
    types = supergraph_of("A B", NARROW).types

    requires = types["Home"].fields["crowd"].by_subgraph["A"].requires
    provides = types["Query"].fields["best"].by_subgraph["A"].provides
    assert requires is not None
    assert requires.text == "near{...on Home{near{...on Home{rooms}}} ...{...on Home{rooms}} name}"
    assert provides is not None
    assert provides.text == "near{...on Home{rooms}}"


def test_a_field_set_that_fits_the_wider_type_is_left_alone() -> None:
    """Where the supergraph's type has the fields, too, they are wanted of whatever comes."""
    types = supergraph_of("A B", NARROW.replace("rooms }", "name }").replace("near { near { name }", "near {")).types

    requires = types["Home"].fields["crowd"].by_subgraph["A"].requires
    assert requires is not None
    assert requires.text == "near{...{name} name}"
