"""What a subgraph links: features by identity, and the canonical name behind every directive name of its SDL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from router.composition.model.outcome import Place
from router.composition.spec.known import find_specification
from router.composition.spec.link import DEFAULT_LINK, FEDERATION, Feature
from router.composition.spec.specification import Specification


@dataclass(frozen=True, slots=True)
class Links:
    """The linked features by identity, and where each link stands.

    `core` is the specification that links itself and all others: link, or its predecessor core. Its directive is called
    `link_name` here, and as the schema itself defines it where `defines_link` says so.
    """

    features: Mapping[str, Feature]
    link_name: str = "link"
    core: Feature = DEFAULT_LINK
    defines_link: bool = False
    places: Mapping[str, Place | None] | None = None

    @property
    def federation(self) -> Feature | None:
        return self.features.get(FEDERATION)

    def place(self, identity: str) -> Place | None:
        """Where a feature is linked."""
        return self.places.get(identity) if self.places is not None else None

    def known(self) -> Iterator[tuple[Feature, Specification]]:
        """The linked features that composition knows the specification of, federation first and link last."""
        others = [feature for feature in self.features.values() if feature.url.identity != self.core.url.identity]
        for feature in (*others, self.core):
            specification = find_specification(feature.url)
            if specification is not None:
                yield feature, specification

    def canonical_directives(self) -> dict[str, str]:
        """Names as the SDL has them → canonical names, for every directive that composition understands."""
        return {
            feature.directive_name(name): name
            for feature, specification in self.known()
            for name in specification.directives
        }

    def source(self, directive: str) -> tuple[Feature, str | None] | None:
        """The feature that brings a directive of this name, and the directive's name in it.

        The name is None for what goes by the feature's prefix although the feature's link imports it under another name.
        """
        for feature in self.features.values():
            for element, local in feature.imports.items():
                if local == f"@{directive}":
                    return feature, element[1:]
        for feature in self.features.values():
            prefixed = feature.prefixed_directive(directive)
            if prefixed is not None:
                return feature, None if f"@{prefixed}" in feature.imports else prefixed
        return None
