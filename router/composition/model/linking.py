"""What the supergraph links: the features of the directives that it carries, and what it calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from router.composition.model.schema import DirectiveDefinition
from router.composition.model.subgraph import Subgraph
from router.composition.spec.link import Feature
from router.composition.spec.specification import Specification


@dataclass(frozen=True, slots=True)
class OwnDirectives:
    """The directives of the subgraphs' own specifications that @composeDirective carries to the supergraph.

    `features` are those specifications as the supergraph links them. `definitions` has the definition that each directive
    gets, by its name, with the subgraph it is taken from. `carried` are (subgraph, name of the directive as applied) where
    a subgraph composes it.
    """

    features: tuple[Feature, ...] = ()
    definitions: Mapping[str, tuple[Subgraph, DirectiveDefinition]] = field(default_factory=dict)
    carried: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Linking:
    """What the supergraph links.

    `names` maps the directives of known specifications that are carried to what it calls them; `defined` are those
    specifications, whose elements it defines, as it links them. `connectors` is the link of directives that are carried
    unread, `own` is what the subgraphs bring themselves.
    """

    names: Mapping[str, str]
    defined: tuple[tuple[Specification, Feature], ...]
    connectors: tuple[Feature, ...]
    own: OwnDirectives

    @property
    def features(self) -> tuple[Feature, ...]:
        """Everything beside link and join."""
        return (*(feature for _, feature in self.defined), *self.connectors, *self.own.features)
