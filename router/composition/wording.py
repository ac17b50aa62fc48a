"""How composition puts lists of subgraphs and mismatches into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import ValueNode

from router.composition.model.schema import print_value
from router.composition.spec.federation import NEWEST
from router.composition.spec.link import FEDERATION


def subgraphs(names: Iterable[str]) -> str:
    """`subgraph "a"`, or `subgraphs "a", "b" and "c"`."""
    quoted = [f'"{name}"' for name in names]
    return f"{'subgraph' if len(quoted) == 1 else 'subgraphs'} {series(quoted)}"


def series(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else list(parts))


def variants(pairs: Iterable[tuple[str, str]]) -> str:
    """What differs where: `type "Int" in subgraph "a" but type "String" in subgraphs "b" and "c"`.

    `pairs` are (subgraph, what it says), in order.
    """
    by_variant: dict[str, list[str]] = {}
    for subgraph, variant in pairs:
        by_variant.setdefault(variant, []).append(subgraph)
    return " but ".join(f"{variant} in {subgraphs(names)}" for variant, names in by_variant.items())


def presence(having: Iterable[str], lacking: Iterable[str]) -> str:
    """`subgraph "a" but not in subgraphs "b" and "c"`."""
    return f"{subgraphs(having)} but not in {subgraphs(lacking)}"


def default(value: ValueNode | None) -> str:
    """`default 1`, or `no default`."""
    return "no default" if value is None else f"default {print_value(value)}"


def read_as_federation_1(subgraph: str) -> str:
    """Why rules of federation 2 apply to a schema that never heard of it."""
    return f'Subgraph "{subgraph}" links no federation version and was read as federation 1.'


def link_to_add(directive: str) -> str:
    """What makes a federation 1 schema one of federation 2 that knows the directive."""
    return f'add `extend schema @link(url: "{FEDERATION}/{NEWEST}", import: ["@{directive}"])`'


def object_types(names: Sequence[str]) -> str:
    """`type "A"`, `types "A" and "B"`, or `no type at all`."""
    if not names:
        return "no type at all"
    return f"{'type' if len(names) == 1 else 'types'} {quoted(names)}"


def quoted(names: Iterable[str]) -> str:
    """`"a"`, `"a" and "b"`, `"a", "b" and "c"`."""
    return series([f'"{name}"' for name in names])
