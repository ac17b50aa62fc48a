"""The small parts of composition, each by itself."""

from __future__ import annotations

import itertools

import pytest
from graphql import parse_value
from hypothesis import given
from hypothesis import strategies as st

from router.composition.model.alternatives import conjoin
from router.composition.model.fieldset import FieldSetError, normalized, parse_field_set
from router.composition.model.schema import value_key
from router.composition.model.typeref import ListOf, Named, NonNull, is_subtype
from router.composition.spec.join import graph_names
from router.composition.spec.link import LinkSyntaxError, Version, parse_feature_url, prefix_problem

alternatives = st.lists(st.lists(st.sampled_from("abcd"), max_size=3).map(tuple), min_size=1, max_size=3)


def satisfied(demand: list[tuple[str, ...]], held: set[str]) -> bool:
    return any(set(every) <= held for every in demand)


@given(st.lists(alternatives, min_size=1, max_size=3))
def test_conjoined_alternatives_demand_what_all_demand(demands: list[list[tuple[str, ...]]]) -> None:
    """Whatever rights somebody holds, they satisfy the conjunction exactly if they satisfy every demand."""
    merged = conjoin(demands)

    for size in range(5):
        for held in itertools.combinations("abcd", size):
            assert satisfied(merged, set(held)) == all(satisfied(demand, set(held)) for demand in demands)


def test_no_alternatives_demand_nothing() -> None:
    """An empty list beside a demand leaves the demand."""
    assert conjoin([[], [("a",)]]) == [("a",)]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("id", "id"),
        ("{ id   name }", "id name"),
        ("berth{quay{code}}", "berth { quay { code } }"),
        ("... on Tug { power(unit: KW) }", "... on Tug { power(unit: KW) }"),
        ("a,b", "a b"),
    ],
)
def test_field_sets_have_one_text(written: str, canonical: str) -> None:
    """Spacing, commas and outer braces make no difference."""
    assert normalized(written) == canonical
    assert normalized(canonical) == canonical


@pytest.mark.parametrize("text", ["", "{", "a {", "a {}", "a } query { b", "{ a } { b }"])
def test_broken_field_sets(text: str) -> None:
    """What is not one set of fields is refused."""
    with pytest.raises(FieldSetError):
        parse_field_set(text)


def test_values_compare_by_what_they_say() -> None:
    """The order of an object's fields does not matter; an enum value is no string."""
    assert value_key(parse_value("{a: 1, b: [X]}")) == value_key(parse_value("{b: [X], a: 1}"))
    assert value_key(parse_value("X")) != value_key(parse_value('"X"'))
    assert value_key(parse_value("[1, 2]")) != value_key(parse_value("[2, 1]"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1", "1.0", True),
        ("1e0", "1", True),
        ("-0.0", "0", True),
        ("0.5", "5e-1", True),
        ("1", '"1"', False),
        ("9007199254740993", "9007199254740992", False),
    ],
)
def test_numbers_compare_by_what_they_are(one: str, other: str, *, same: bool) -> None:
    """The spelling of a number does not matter, and large whole numbers keep all their digits."""
    assert (value_key(parse_value(one)) == value_key(parse_value(other))) is same


def test_subtypes() -> None:
    """Non-null is narrower, members are, lists follow their elements, and a list is never its element."""
    user, node = Named("User"), Named("Node")

    def narrower(sub: Named | ListOf | NonNull, of: Named | ListOf | NonNull) -> bool:
        return is_subtype(sub, of, is_member=lambda concrete, abstract: (concrete, abstract) == ("User", "Node"))

    assert narrower(NonNull(user), node)
    assert narrower(NonNull(ListOf(NonNull(user))), ListOf(node))
    assert not narrower(user, NonNull(user))
    assert not narrower(node, user)
    assert not narrower(ListOf(user), user)
    assert not narrower(user, ListOf(user))


def test_graph_names_are_distinct() -> None:
    """Names become enum values; those that meet are numbered, and none looks like a numbered one by itself."""
    names = graph_names(["fleet", "fleet-eu", "FLEET.EU", "2nd", "fleet_2"])

    assert names == {
        "fleet": "FLEET",
        "fleet-eu": "FLEET_EU_1",
        "FLEET.EU": "FLEET_EU_2",
        "2nd": "_2ND",
        "fleet_2": "FLEET_2_",
    }


def test_feature_urls() -> None:
    """Identity, name and version; the identity has no version."""
    url = parse_feature_url("https://specs.apollo.dev/federation/v2.11")

    assert (url.identity, url.name, url.version) == (
        "https://specs.apollo.dev/federation",
        "federation",
        Version(2, 11),
    )
    assert Version(2, 9) < Version(2, 11)


@pytest.mark.parametrize(
    "text",
    ["federation/v2.0", "https://specs.apollo.dev", "https://specs.apollo.dev/federation", "https://x.test/v1.0"],
)
def test_broken_feature_urls(text: str) -> None:
    """A URL without host, name or version is refused."""
    with pytest.raises(LinkSyntaxError):
        parse_feature_url(text)


@pytest.mark.parametrize("prefix", ["a__b", "a_", "1a", "a b", ""])
def test_broken_prefixes(prefix: str) -> None:
    """A prefix must leave `prefix__element` readable in one way."""
    assert prefix_problem(prefix) is not None


@pytest.mark.parametrize("prefix", ["a", "_a", "a_b", "foo-bar", "foo.bar"])
def test_prefixes(prefix: str) -> None:
    """The last part of a URL may be no GraphQL name: then nothing goes by it, and every element must be imported."""
    assert prefix_problem(prefix) is None
