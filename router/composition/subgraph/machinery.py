"""The definitions that the linked specifications bring into a subgraph's schema, under the names that it gives to them."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from graphql import DefinitionNode, DirectiveDefinitionNode, TypeDefinitionNode, parse

from router.composition.model.links import Links

MachineryNode: TypeAlias = DirectiveDefinitionNode | TypeDefinitionNode

# Subgraphs mostly link the same version with the same imports, and always in one of few ways.
_REMEMBERED = 256


def machinery(links: Links, *, but_link: bool = False) -> tuple[MachineryNode, ...]:
    """Every definition once, the link specification's included unless told otherwise."""
    texts = [
        text
        for feature, specification in links.known()
        if not (but_link and feature is links.core)
        for text in specification.sdl(feature)
    ]
    return tuple(node for node in parsed("\n".join(texts)) if isinstance(node, MachineryNode))


@lru_cache(maxsize=_REMEMBERED)
def parsed(sdl: str) -> tuple[DefinitionNode, ...]:
    """The definitions of an SDL of our own making."""
    return tuple(parse(sdl, no_location=True).definitions)
