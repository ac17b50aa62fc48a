"""References to types (`[User!]!`) as small values that compare by what they say, and the subtype relation between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of something."""

    of: TypeRef

    def __str__(self) -> str:
        return f"[{self.of}]"


@dataclass(frozen=True, slots=True)
class NonNull:
    """Something that is never null."""

    of: Named | ListOf

    def __str__(self) -> str:
        return f"{self.of}!"


TypeRef: TypeAlias = Named | ListOf | NonNull


def from_node(node: TypeNode) -> TypeRef:
    """The reference that a type node of the GraphQL AST spells."""
    if isinstance(node, NonNullTypeNode):
        inner = from_node(node.type)
        assert not isinstance(inner, NonNull), "the grammar admits no `!!`"
        return NonNull(inner)
    if isinstance(node, ListTypeNode):
        return ListOf(from_node(node.type))
    assert isinstance(node, NamedTypeNode)
    return Named(node.name.value)


def base_name(ref: TypeRef) -> str:
    """The name at the core: `User` for `[User!]!`."""
    while not isinstance(ref, Named):
        ref = ref.of
    return ref.name


def is_list(ref: TypeRef) -> bool:
    """Whether a value is a list (null aside)."""
    return isinstance(ref.of if isinstance(ref, NonNull) else ref, ListOf)


def is_subtype(sub: TypeRef, of: TypeRef, *, is_member: Callable[[str, str], bool]) -> bool:
    """Whether every value of `sub` is one of `of`; `is_member(concrete, abstract)` decides between named types.

    A list is never a subtype of its element, nor the reverse.
    """
    if sub == of:
        return True
    if isinstance(of, NonNull):
        return isinstance(sub, NonNull) and is_subtype(sub.of, of.of, is_member=is_member)
    if isinstance(sub, NonNull):
        return is_subtype(sub.of, of, is_member=is_member)
    if isinstance(sub, ListOf) and isinstance(of, ListOf):
        return is_subtype(sub.of, of.of, is_member=is_member)
    return isinstance(sub, Named) and isinstance(of, Named) and is_member(sub.name, of.name)
