"""The prefixes of features in the supergraph: their own names, unless something in some subgraph could be taken for theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from string import ascii_letters, digits

from router.composition.spec.link import FeatureUrl

_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Carried:
    """A feature with the directives of it that the supergraph has: their names in it and there."""

    url: FeatureUrl
    directives: tuple[tuple[str, str], ...] = ()


class Aliases:
    """Chooses a prefix for one feature after the other. `taken` are those of features that are linked already."""

    def __init__(
        self, features: Iterable[Carried], taken: Iterable[str], element_names: Callable[[], Iterable[str]]
    ) -> None:
        self._features = list(features)
        self._taken = set(taken)
        self._element_names = element_names
        self._free_prefix: str | None = None
        self._made = 0

    def choose(self, url: FeatureUrl) -> str:
        """The feature's own name where it can be had, a made one otherwise."""
        alias = url.name if self._can_be_had(url) else self._make(url)
        self._taken.add(alias)
        return alias

    def _can_be_had(self, url: FeatureUrl) -> bool:
        alias = url.name
        if not _NAME.match(alias) or "__" in alias or alias.endswith("_") or alias in self._taken:
            return False
        return not any(
            alias in (_own_conflicts(feature) if feature.url.identity == url.identity else _conflicts(feature))
            for feature in self._features
        )

    def _make(self, url: FeatureUrl) -> str:
        if self._free_prefix is None:
            names = {*self._element_names(), *self._taken}
            names |= {name for feature in self._features for _, name in feature.directives}
            names |= {feature.url.name for feature in self._features}
            self._free_prefix = _free_prefix(names)
        made = f"{self._free_prefix}{self._made}{re.sub('[^a-zA-Z]', '', url.name)}"
        self._made += 1
        return made


def _conflicts(feature: Carried) -> Iterator[str]:
    """Prefixes that no other feature can have, for a name of this one would look like one of its."""
    for _, local in feature.directives:
        yield local
        if "__" in local:
            yield local.partition("__")[0]


def _own_conflicts(feature: Carried) -> Iterator[str]:
    """Prefixes that the feature itself cannot have, for a name of it would look like another one of it."""
    for element, local in feature.directives:
        if element != feature.url.name:
            yield local
        prefix, separator, rest = local.partition("__")
        if separator and rest != element:
            yield prefix


def _free_prefix(names: Iterable[str]) -> str:
    """The shortest text that no name begins with."""
    beginnings = {name[:length] for name in names for length in range(1, len(name) + 1)}
    candidates = list("_" + ascii_letters)
    while True:
        free = next((candidate for candidate in candidates if candidate not in beginnings), None)
        if free is not None:
            return free
        candidates = [candidate + character for candidate in candidates for character in ascii_letters + digits]
