"""The register of specifications: which composition knows by the URL that a @link gives."""

from __future__ import annotations

from collections.abc import Mapping

from router.composition.spec import connect, features, federation
from router.composition.spec.link import CORE, LINK, FeatureUrl, Version
from router.composition.spec.specification import Specification

_PURPOSE = "enum {Purpose} {{ SECURITY EXECUTION }}"

LINK_V1 = Specification(
    FeatureUrl(LINK, "link", Version(1, 0)),
    {"link": "(url: String, as: String, for: {Purpose}, import: [{Import}]) repeatable on SCHEMA"},
    {"Import": "scalar {Import}", "Purpose": _PURPOSE},
)
CORE_V2 = Specification(
    FeatureUrl(CORE, "core", Version(0, 2)),
    {"core": "(feature: String, as: String, for: {Purpose}) repeatable on SCHEMA"},
    {"Purpose": _PURPOSE},
)
CORE_V1 = Specification(
    FeatureUrl(CORE, "core", Version(0, 1)), {"core": "(feature: String, as: String) repeatable on SCHEMA"}, {}
)

_ALL = (
    LINK_V1,
    CORE_V2,
    CORE_V1,
    *(feature.specification for feature in features.COMPOSED_FEATURES if feature.specification.directives),
    *features.OLDER,
    *connect.VERSIONS,
)
_BY_URL: Mapping[FeatureUrl, Specification] = {
    specification.url: specification for specification in (*_ALL, *federation.SPECIFICATIONS)
}


def find_specification(url: FeatureUrl) -> Specification | None:
    """The specification of exactly this version."""
    return _BY_URL.get(url)
