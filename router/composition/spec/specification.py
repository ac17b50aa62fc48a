"""What one version of a specification defines, under whatever names a schema gives to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from router.composition.spec.link import Feature, FeatureUrl, Version


@dataclass(frozen=True, slots=True)
class Specification:
    """The directives and types of a specification, by their names in it.

    A directive's text is its definition from behind the name on, a type's the whole definition; both have types of the
    specification in braces. `since` is the federation version that a schema must link, or is taken to link, to use it.
    """

    url: FeatureUrl
    directives: Mapping[str, str]
    types: Mapping[str, str]
    since: Version | None = None

    def elements(self) -> frozenset[str]:
        """What can be imported: directives with their `@`, and types."""
        return frozenset({*(f"@{name}" for name in self.directives), *self.types})

    def directive_sdl(self, name: str, feature: Feature) -> str:
        """A directive's definition in the schema that links the feature."""
        body = self.directives[name].format(**self._type_names(feature))
        separator = "" if body.startswith("(") else " "
        return f"directive @{feature.directive_name(name)}{separator}{body}"

    def type_sdl(self, name: str, feature: Feature) -> str:
        """A type's definition in the schema that links the feature."""
        return self.types[name].format(**self._type_names(feature))

    def sdl(self, feature: Feature) -> Iterator[str]:
        """All definitions."""
        names = self._type_names(feature)
        yield from (text.format(**names) for text in self.types.values())
        yield from (self.directive_sdl(name, feature) for name in self.directives)

    def _type_names(self, feature: Feature) -> dict[str, str]:
        return {name: feature.type_name(name) for name in self.types}
