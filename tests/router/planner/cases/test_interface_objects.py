"""Interfaces that a subgraph knows as an object type, and so adds fields to without knowing the implementations."""

from __future__ import annotations

from tests.router.planner.cases.graphs import federation, fetches


def test_fields_are_added_to_every_implementation() -> None:
    """From the interface, or from one implementation; objects that come nameless get their names where they are known."""
    of = federation(
        items="""
            type Query { items: [Item!]! }
            interface Item @key(fields: "id") { id: ID! title: String }
            type Book implements Item @key(fields: "id") { id: ID! title: String pages: Int }
            type Film implements Item @key(fields: "id") { id: ID! title: String }
        """,
        stock="""
            type Query { stocked: [Item!]! }
            type Item @key(fields: "id") @interfaceObject { id: ID! count: Int }
        """,
    )
    assert fetches(of, "{ items { title count } }") == [
        "0 items {items{__typename title ...on Book{id} ...on Film{id}}}",
        "1<0 stock at items.@ Book(id) Film(id) {...on Item{count}}",
    ]
    assert fetches(of, "{ items { ... on Film { count } } }") == [
        "0 items {items{__typename ...on Film{id}}}",
        "1<0 stock at items.@ Film(id) {...on Item{count}}",
    ]
    assert fetches(of, "{ stocked { id count } }") == [
        "0 stock {stocked{id count}}",
    ]
    assert fetches(of, "{ stocked { t: __typename count } }") == [
        "0 stock {stocked{count id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename}}",
    ]
    assert fetches(of, "{ stocked { count ... on Book { pages } } }") == [
        "0 stock {stocked{count id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename ...on Book{pages}}}",
    ]
    assert fetches(of, "{ stocked { title } }") == [
        "0 stock {stocked{id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename title}}",
    ]


def test_added_fields_may_need_inputs() -> None:
    """From the interface's own subgraph, or from another one that adds to it."""
    of = federation(
        items="""
            type Query { items: [Item!]! }
            interface Item @key(fields: "id") { id: ID! title: String }
            type Book implements Item @key(fields: "id") { id: ID! title: String pages: Int }
            type Film implements Item @key(fields: "id") { id: ID! title: String }
        """,
        stock="""
            type Query { stocked: [Item!]! }
            type Item @key(fields: "id") @interfaceObject { id: ID! count: Int }
        """,
        price="""
            type Item @key(fields: "id") @interfaceObject { id: ID! title: String @external count: Int @external
              price: Int @requires(fields: "title") worth: Int @requires(fields: "count") }
        """,
    )
    assert fetches(of, "{ items { price } }") == [
        "0 items {items{__typename ...on Book{title id} ...on Film{title id}}}",
        "1<0 price at items.@ Book(id title) Film(id title) {...on Item{price}}",
    ]
    assert fetches(of, "{ stocked { price } }") == [
        "0 stock {stocked{id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename ...on Book{title} ...on Film{title}}}",
        "2<1 price at stocked.@ Book(id title) Film(id title) {...on Item{price}}",
    ]
    assert fetches(of, "{ items { worth } }") == [
        "0 items {items{__typename ...on Book{id} ...on Film{id}}}",
        "1<0 stock at items.@ Book(id) Film(id) {...on Item{count}}",
        "2<1 price at items.@ Book(id count) Film(id count) {...on Item{worth}}",
    ]
    assert fetches(of, "{ stocked { worth } }") == [
        "0 stock {stocked{id count}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename}}",
        "2<1 price at stocked.@ Book(id count) Film(id count) {...on Item{worth}}",
    ]


def test_an_implementation_may_have_the_field_itself() -> None:
    """It is asked there for that one, and added for the others."""
    of = federation(
        items="""
            type Query { items: [Item!]! }
            interface Item @key(fields: "id") { id: ID! title: String }
            type Book implements Item @key(fields: "id") { id: ID! title: String pages: Int count: Int @shareable }
            type Film implements Item @key(fields: "id") { id: ID! title: String }
        """,
        stock="""
            type Query { stocked: [Item!]! }
            type Item @key(fields: "id") @interfaceObject { id: ID! count: Int @shareable }
        """,
    )
    assert fetches(of, "{ items { count } }") == [
        "0 items {items{__typename ...on Book{count} ...on Film{id}}}",
        "1<0 stock at items.@ Film(id) {...on Item{count}}",
    ]
    assert fetches(of, "{ stocked { count ... on Book { pages count } } }") == [
        "0 stock {stocked{count id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename ...on Book{pages}}}",
    ]


def test_a_mere_source_of_keys_is_left() -> None:
    """It cannot be entered; what it names is completed by the interface's subgraph and by one that extends an implementation."""
    of = federation(
        items="""
            type Query { items: [Item!]! }
            interface Item @key(fields: "id") { id: ID! title: String }
            type Book implements Item @key(fields: "id") { id: ID! title: String pages: Int }
            type Film implements Item @key(fields: "id") { id: ID! title: String }
        """,
        stock="""
            type Query { stocked: [Item!]! }
            type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
        """,
        third="""
            type Book @key(fields: "id") { id: ID! loans: Int }
        """,
    )
    assert fetches(of, "{ stocked { id title } }") == [
        "0 stock {stocked{id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename title}}",
    ]
    assert fetches(of, "{ stocked { ... on Book { loans } } }") == [
        "0 stock {stocked{id}}",
        "1<0 items at stocked.@ Item(id) {...on Item{__typename}}",
        "2<1 third at stocked.@ Book(id) {...on Book{loans}}",
    ]
