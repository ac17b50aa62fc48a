"""Recorded operations decide: what none of them meets is safe by usage, what one of them meets is not."""

from __future__ import annotations

import pytest

from router.changes import RecordedOperation, Report, check, format_text, operations_in
from tests.router.changes.supergraphs import supergraph

SCHEMA = """
type Query { user(id: ID = 1, by: By): User search(in: Filter, kind: Kind): [Found!] node: Node }
interface Node { id: ID }
type User implements Node { id: ID name: String! kind: Kind }
type Page { title: String }
union Found = User | Page
enum Kind { A B }
enum By { X Y }
input Filter { text: String nested: Filter kind: Kind }
directive @d(x: Int) repeatable on FIELD | QUERY
"""


def checked(query: str, *changes: tuple[str, str]) -> Report:
    """The check of one operation against the schema, after each text is replaced by the other."""
    new = SCHEMA
    for before, after in changes:
        assert before in new
        new = new.replace(before, after)
    return check(supergraph(SCHEMA), supergraph(new), operations_in(query, source="q.graphql"))


NO_KIND_B = ("enum Kind { A B }", "enum Kind { A }")

BREAKING = {
    "a field that goes": ("{ user { name } }", (" name: String!", "")),
    "a field that may be null": ("{ user { name } }", ("name: String!", "name: String")),
    "the field of a fragment": ("{ node { ...N } } fragment N on User { name }", (" name: String!", "")),
    "an argument that goes": ("{ user(id: 2) { id } }", ("id: ID = 1, ", "")),
    "an argument that must be given": ("{ user { id } }", ("by: By", "by: By!")),
    "an argument that is new": ("{ user { id } }", ("by: By", "by: By, z: Int!")),
    "a default that goes": ("{ user { id } }", ("id: ID = 1", "id: ID!")),
    "a value that is sent": ("{ search(kind: B) { __typename } }", NO_KIND_B),
    "a value that a variable may hold": ("query ($k: Kind) { search(kind: $k) { __typename } }", NO_KIND_B),
    "a value that is answered": ("{ user { kind } }", NO_KIND_B),
    "a value deep in a variable": ("query ($f: Filter) { search(in: $f) { __typename } }", NO_KIND_B),
    "an input field that is sent": ('{ search(in: {nested: {text: "x"}}) { __typename } }', ("text: String ", "")),
    "an input field that a variable lacks": (
        "query ($f: Filter) { search(in: $f) { __typename } }",
        ("input Filter {", "input Filter { must: Int!"),
    ),
    "a member of a union": ("{ search { ... on Page { title } } }", ("union Found = User | Page", "union Found = User")),
    "an interface": ("{ node { id } }", ("type User implements Node", "type User")),
    "a directive": ("{ user @d { id } }", ("directive @d(x: Int) repeatable on FIELD | QUERY", "")),
    "the argument of a directive": ("query @d(x: 1) { user { id } }", ("@d(x: Int)", "@d")),
    "the place of a directive": ("query @d { user { id } }", ("FIELD | QUERY", "FIELD")),
}  # fmt: skip

SAFE = {
    "another field": ("{ user { id } }", (" name: String!", "")),
    "an argument that is not given": ("{ user { id } }", ("id: ID = 1, ", "")),
    "an argument that was always given": ("{ user(by: X) { id } }", ("by: By", "by: By!")),
    "a value that is not sent": ("{ search(kind: A) { __typename } }", NO_KIND_B),
    "an enum that nothing uses": ("{ user { id } }", NO_KIND_B),
    "an input field that is not sent": ("{ search(in: {kind: A}) { __typename } }", ("text: String ", "")),
    "a union that is not asked": ("{ user { id } }", ("union Found = User | Page", "union Found = User")),
    "another place of a directive": ("query @d { user { id } }", ("FIELD | QUERY", "QUERY")),
}


@pytest.mark.parametrize("name", list(BREAKING))
def test_what_an_operation_meets_breaks_it(name: str) -> None:
    """The operation is told as broken, and the check fails."""
    query, *changes = BREAKING[name]

    report = checked(query, *changes)

    assert report.breaks, format_text(report)
    assert [operation.operation.source for operation in report.broken] == ["q.graphql"]


@pytest.mark.parametrize("name", list(SAFE))
def test_what_no_operation_meets_is_safe_by_usage(name: str) -> None:
    """There is a breaking change, it is said to concern nobody, and the check passes."""
    query, *changes = SAFE[name]

    report = checked(query, *changes)

    assert report.changes
    assert not report.breaks, format_text(report)
    assert "No recorded operation is concerned. Safe by usage." in format_text(report)


def test_an_operation_that_was_not_valid_does_not_count() -> None:
    """It is listed with the reason; where none is left, every breaking change counts again."""
    change = (" name: String!", "")

    alone = checked("{ zzz }", change)
    beside = checked("query A { zzz } query B { user { id } }", change)

    assert alone.breaks
    assert [ignored.reason for ignored in alone.ignored] == ["Cannot query field 'zzz' on type 'Query'."]
    assert "No recorded operation was valid before" in format_text(alone)
    assert not beside.breaks
    assert [ignored.operation.name for ignored in beside.ignored] == ["A"]


def test_each_operation_of_a_document_is_looked_at_alone() -> None:
    """One breaks, the other does not; shared fragments count for who spreads them."""
    report = checked(
        "query A { user { ...F } } query B { user { id } } fragment F on User { name }", (" name: String!", "")
    )

    assert [broken.operation.name for broken in report.broken] == ["A"]
    assert len(report.operations or ()) == 2


def test_the_most_frequent_come_first_and_count_together() -> None:
    """Recordings of one text are one operation with the sum of their counts."""
    old, new = supergraph(SCHEMA), supergraph(SCHEMA.replace(" name: String!", ""))
    once = RecordedOperation("{ user { name id } }", source="once")
    often = RecordedOperation("{ user { name } }", count=3, source="often")

    report = check(old, new, [once, often, often])

    assert [(broken.operation.source, broken.operation.count) for broken in report.broken] == [
        ("often", 6),
        ("once", 1),
    ]
    assert "often (6 times)" in format_text(report)


def test_an_operation_may_break_without_a_breaking_change() -> None:
    """A field that promises more may no longer merge with the one beside it."""
    old = "type Query { u: U } union U = A | B type A { x: Int } type B { x: Int }"
    new = "type Query { u: U } union U = A | B type A { x: Int! } type B { x: Int }"
    query = "{ u { ... on A { x } ... on B { x } } }"

    report = check(supergraph(old), supergraph(new), operations_in(query, source="q"))

    assert report.breaks
    assert [change.kind.severity for change in report.changes] == ["safe"]
    assert "it is not valid now: Fields 'x' conflict" in format_text(report)


def test_the_report_as_data() -> None:
    """Everything the text says, for machines."""
    report = checked("query A { user { name } }", (" name: String!", ""))

    told = report.as_dict()

    assert told["breaks"] is True
    assert told["changes"] == [
        {"severity": "breaking", "kind": "FIELD_REMOVED", "coordinate": "User.name", "message": "User.name is gone.",
         "operations": ["A"]}
    ]  # fmt: skip
    assert told["operations"]["checked"] == 1
    assert told["operations"]["broken"][0]["errors"] == ["Cannot query field 'name' on type 'User'."]
