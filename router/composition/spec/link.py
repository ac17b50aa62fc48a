"""The link specification: feature URLs, prefixes and imports. Source: https://specs.apollo.dev/link/v1.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LINK = "https://specs.apollo.dev/link"
FEDERATION = "https://specs.apollo.dev/federation"

_VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")
_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


class LinkSyntaxError(ValueError):
    """A feature URL, version or alias that is not well formed; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A feature's version; minor versions of one major are compatible upwards."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True)
class FeatureUrl:
    """`identity` is the URL without its version, `name` its last part: the default prefix of the feature's elements."""

    identity: str
    name: str
    version: Version

    def __str__(self) -> str:
        return f"{self.identity}/{self.version}"


@dataclass(frozen=True, slots=True)
class Feature:
    """A linked feature: its URL, the prefix it goes by here, and imports (element, with `@` for directives → local name)."""

    url: FeatureUrl
    prefix: str
    imports: Mapping[str, str]

    def directive_name(self, element: str) -> str:
        """What the feature's directive is called in the linking schema, without `@`."""
        imported = self.imports.get(f"@{element}")
        if imported is not None:
            return imported[1:]
        return self.prefix if element == self.url.name else f"{self.prefix}__{element}"

    def type_name(self, element: str) -> str:
        """What the feature's type is called in the linking schema."""
        return self.imports.get(element, f"{self.prefix}__{element}")


def parse_feature_url(text: str) -> FeatureUrl:
    """Read `https://host/path/name/vX.Y`.

    Raises LinkSyntaxError for a URL without host, name or version.
    """
    parts = urlsplit(text)
    segments = [segment for segment in parts.path.split("/") if segment]
    if not parts.scheme or not parts.netloc:
        raise LinkSyntaxError(f'"{text}" is not an absolute URL')
    if not segments:
        raise LinkSyntaxError(f'the feature URL "{text}" has no name and version')
    version = _VERSION.match(segments[-1])
    if version is None:
        raise LinkSyntaxError(
            f'the feature URL "{text}" does not end in a version such as v1.0, but in "{segments[-1]}"'
        )
    if len(segments) < 2:
        raise LinkSyntaxError(f'the feature URL "{text}" has no name before its version')
    identity = f"{parts.scheme}://{parts.netloc}/{'/'.join(segments[:-1])}"
    return FeatureUrl(identity, segments[-2], Version(int(version[1]), int(version[2])))


def check_prefix(prefix: str) -> None:
    """Raises LinkSyntaxError unless the prefix is a GraphQL name without `__` in it and without `_` at its end."""
    if not _NAME.match(prefix):
        raise LinkSyntaxError(f'"{prefix}" is not a name')
    if "__" in prefix or prefix.endswith("_"):
        raise LinkSyntaxError(f'"{prefix}" must not contain "__" nor end in "_"')


DEFAULT_LINK = Feature(FeatureUrl(LINK, "link", Version(1, 0)), "link", {})
