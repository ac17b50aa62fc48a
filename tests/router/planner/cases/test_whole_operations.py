"""Operations from the root: order of mutations, ways back to the root, conditions, values, and spelling."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_mutations_wait_for_everything_before_them() -> None:
    """Subgraphs alternate, with fetches in between; neighbours of one subgraph share a request, and a repeated call stays one."""
    of = federation(
        a="""
            type Query { x: Int }
            type Mutation { one: T two: T }
            type T @key(fields: "id") { id: ID! a: Int }
        """,
        b="""
            type Mutation { other: T }
            type T @key(fields: "id") { id: ID! b: Int }
        """,
    )
    assert fetches(of, "mutation { one { b } other { a } two { a } }") == [
        "0 a mutation{one{__typename id}}",
        "1<0 b at one T(id) {...on T{b}}",
        "2<1 b mutation{other{__typename id}}",
        "3<2 a at other T(id) {...on T{a}}",
        "4<3 a mutation{two{a}}",
    ]
    assert fetches(of, "mutation { p: one { a } q: one { a } two { a } }") == [
        "0 a mutation{p:one{a} q:one{a} two{a}}",
    ]
    assert fetches(of, "mutation { one { a } two { b } other { b } }") == [
        "0 a mutation{one{a} two{__typename id}}",
        "1<0 b at two T(id) {...on T{b}}",
        "2<1 b mutation{other{b}}",
    ]


def test_a_shared_mutation_is_called_once() -> None:
    """By one subgraph: what that lacks is fetched by a key, never by a second call."""
    of = federation(
        a="""
            type Query { x: Int }
            type Mutation { both: T @shareable }
            type T @key(fields: "id") { id: ID! a: Int }
        """,
        b="""
            type Mutation { both: T @shareable }
            type T @key(fields: "id") { id: ID! b: Int }
        """,
    )
    assert fetches(of, "mutation { both { a b } }") == [
        "0 a mutation{both{__typename a id}}",
        "1<0 b at both T(id) {...on T{b}}",
    ]
    assert fetches(of, "mutation { both { b } }") == [
        "0 b mutation{both{b}}",
    ]


def test_a_payload_leads_back_to_the_root() -> None:
    """Also below a list, and into a subgraph that calls its root something else."""
    of = federation(
        a="""
            type Query { me: Int }
            type Mutation { act: P acts: [P] }
            type P { ok: Int query: Query }
        """,
        b="""
            schema { query: RootQ }
            type RootQ { far: Int near: T }
            type T { x: Int }
        """,
    )
    assert fetches(of, "mutation { act { ok query { far me } } }") == [
        "0 a mutation{act{ok query{me}}}",
        "1<0 b at act.query {far}",
    ]
    assert fetches(of, "mutation { acts { query { near { x } } } }") == [
        "0 a mutation{acts{query{__typename}}}",
        "1<0 b at acts.@.query {near{x}}",
    ]


def test_names_of_roots_cost_nothing() -> None:
    """Under any alias, between data and introspection; alone they ask nobody."""
    of = federation(
        a="""
            type Query { x: Int }
        """,
        b="""
            type Mutation { y: Int }
            type Query { z: Int }
        """,
    )
    assert fetches(of, "{ __typename a: __typename x z __schema { queryType { name } } }") == [
        "0 a {x}",
        "1 b {z}",
    ]
    assert fetches(of, "{ __typename }") == []
    assert fetches(of, "mutation { __typename y t: __typename }") == [
        "0 b mutation{y}",
    ]


def test_conditions_are_decided_first() -> None:
    """Both on one field, on spreads and fragments, one mention excluded and another not, everything excluded."""
    of = federation(
        a="""
            type Query { x: T }
            type T @key(fields: "id") { id: ID! a: Int }
        """,
        b="""
            type T @key(fields: "id") { id: ID! b: Int }
        """,
    )
    query = (
        "query($y: Boolean = true $n: Boolean = false) { x { a @skip(if: $n) @include(if: $y) b @skip(if: $y) "
        "... @include(if: $n) { b } ...F @include(if: $n) } } fragment F on T { b }"
    )
    assert fetches(of, query) == [
        "0 a {x{a}}",
    ]
    assert fetches(of, "query($y: Boolean = true) { x @skip(if: $y) { a } }") == []
    assert fetches(of, "query($y: Boolean = true) { x { b @skip(if: $y) b } }") == [
        "0 a {x{__typename id}}",
        "1<0 b at x T(id) {...on T{b}}",
    ]
    assert fetches(of, "query($y: Boolean = true) { x { b @skip(if: $y) } }") == [
        "0 a {x{__typename}}",
    ]


def test_enums_and_inputs_are_what_all_know() -> None:
    """Values pass through to every subgraph; defaults of arguments are each subgraph's own affair, those of variables go along."""
    of = federation(
        a="""
            type Query { f(e: E, i: In): T }
            enum E { A B }
            input In { x: Int y: Int }
            type T @key(fields: "id") { id: ID! level: L }
            enum L { LOW HIGH }
        """,
        b="""
            type Query { g(e: E, i: In): L }
            enum E { A B }
            input In { x: Int only: Int }
            type T @key(fields: "id") { id: ID! other(e: E = A, i: In = {x: 1}): L }
            enum L { HIGH TOP }
        """,
    )
    assert fetches(of, "query($e: E, $i: In) { f(e: $e, i: $i) { level other } g(e: B, i: {x: 2}) }") == [
        "0 a query($e:E,$i:In){f(e:$e,i:$i){__typename level id}}",
        "1 b {g(e:B,i:{x:2})}",
        "2<0 b at f T(id) {...on T{other}}",
    ]
    assert fetches(of, "query($e: E = B, $x: Int) { f(e: $e) { other(e: $e, i: {x: $x}) } }") == [
        "0 a query($e:E=B){f(e:$e){__typename id}}",
        "1<0 b at f T(id) {...on T{other(e:$e,i:{x:$x})}}",
    ]
    assert fetches(of, "{ f { other(e: B) } }") == [
        "0 a {f{__typename id}}",
        "1<0 b at f T(id) {...on T{other(e:B)}}",
    ]


def test_a_hidden_argument_keeps_its_default() -> None:
    """And a client's variable may have the name that representations would have had."""
    of = federation(
        a="""
            type Query { f(seen: Int, hid: Int = 3 @inaccessible): Int t: T }
            type T @key(fields: "id") { id: ID! }
        """,
        b="""
            type T @key(fields: "id") { id: ID! a(representations: Int): Int b(x: Int): Int }
        """,
    )
    assert fetches(
        of,
        "query($representations: Int, $s: Int) { f(seen: $s) t { a(representations: $representations) b(x: $s) } }",
        variables={"representations": 4},
    ) == [
        "0 a query($s:Int){f(seen:$s) t{__typename id}}",
        "1<0 b at t T(id) {...on T{a(representations:$representations) b(x:$s)}}",
    ]


def test_spelling_makes_no_difference() -> None:
    """With fragments or without: the same fetches."""
    of = federation(
        a="""
            type Query { t: T }
            type T @key(fields: "id") { id: ID! t: T a: Int }
        """,
        b="""
            type T @key(fields: "id") { id: ID! b: Int }
        """,
    )
    assert fetches(of, "{ t { a b t { a b } } }") == [
        "0 a {t{__typename a t{__typename a id} id}}",
        "1<0 b at t.t T(id) & t T(id) {...on T{b}}",
    ]
    assert fetches(
        of, "query { ...Q } fragment Q on Query { t { ...T ... on T { t { ...T } } } } fragment T on T { a b }"
    ) == [
        "0 a {t{__typename a t{__typename a id} id}}",
        "1<0 b at t.t T(id) & t T(id) {...on T{b}}",
    ]
