"""Identifiers: ordered by time where they are new, decided by their parents where they are derived."""

from __future__ import annotations

import time
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payflow.kernel.ids import content_id, derived_id, new_id, parse_id


def milliseconds(identifier: UUID) -> int:
    return identifier.int >> 80


def test_new_ids_are_uuid_v7_of_now() -> None:
    """Version, variant and the Unix time in milliseconds stand where RFC 9562 says."""
    before = time.time_ns() // 1_000_000
    identifier = new_id()

    assert (identifier.version, identifier.variant) == (7, RFC_4122)
    assert before <= milliseconds(identifier) <= time.time_ns() // 1_000_000


def test_new_ids_differ() -> None:
    """Even those of one millisecond."""
    assert len({new_id() for _ in range(10_000)}) == 10_000


@given(st.uuids(), st.text(), st.text())
def test_derived_ids_follow_from_parent_and_name(parent: UUID, name: str, other: str) -> None:
    """Same parent and name, same id; it keeps the parent's time, so that it stays near it in an index."""
    derived = derived_id(parent, name)

    assert derived == derived_id(parent, name)
    assert (derived.version, derived.variant) == (8, RFC_4122)
    assert milliseconds(derived) == milliseconds(parent)
    assert (derived == derived_id(parent, other)) == (name == other)


def test_parents_of_one_millisecond_have_different_children() -> None:
    """The whole parent counts, not its time alone."""
    parents = {new_id() for _ in range(1000)}

    assert len({derived_id(parent, "HOLD") for parent in parents}) == 1000


@pytest.mark.parametrize("other", [(b"ab", b"c"), (b"a", b"bcd"), (b"abc",), (b"a", b"bc", b"")])
def test_content_ids_follow_from_the_parts(other: tuple[bytes, ...]) -> None:
    """The same parts give the same id; the same bytes cut elsewhere another one."""
    assert content_id(b"a", b"bc") == content_id(b"a", b"bc")
    assert content_id(b"a", b"bc") != content_id(*other)
    assert content_id(b"a").version == 8


def test_parse_id() -> None:
    """What is no UUID names nothing."""
    identifier = new_id()

    assert parse_id(str(identifier)) == identifier
    assert [parse_id(text) for text in ("", "nonsense", "1234", "0" * 33)] == [None] * 4
