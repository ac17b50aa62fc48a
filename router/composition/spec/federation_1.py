"""Federation 1 as a feature that every schema without a link to federation links by itself.

Its directives have their meaning without being defined or imported. Those of federation 2 mean something only in a schema that
defines them itself, as libraries did that were to serve both.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.composition.spec.federation import FEDERATION_1, UPGRADED, directives
from router.composition.spec.link import FEDERATION, Feature, FeatureUrl, Version

KNOWN = frozenset(directive.name for directive in directives(FEDERATION_1))
KNOWN_WHERE_DEFINED = frozenset(directive.name for directive in directives(UPGRADED)) - KNOWN


def federation_1() -> Feature:
    """What a federation 1 schema goes by."""
    return _feature(FEDERATION_1, KNOWN)


def upgraded(elements: Iterable[str] = KNOWN | KNOWN_WHERE_DEFINED) -> Feature:
    """What it links once it is upgraded, importing directives under their own names."""
    return _feature(UPGRADED, elements)


def _feature(version: Version, elements: Iterable[str]) -> Feature:
    imports = {f"@{name}": f"@{name}" for name in sorted(elements)} | {"FieldSet": "_FieldSet"}
    return Feature(FeatureUrl(FEDERATION, "federation", version), "federation", imports)
