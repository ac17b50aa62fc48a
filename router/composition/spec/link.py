"""The link specification: feature URLs, prefixes and imports. Source: https://specs.apollo.dev/link/v1.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

LINK = "https://specs.apollo.dev/link"
CORE = "https://specs.apollo.dev/core"
FEDERATION = "https://specs.apollo.dev/federation"

_VERSION = re.compile(r"v(\d+)\.(\d+)\Z", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)


class LinkSyntaxError(ValueError):
    """A feature URL, version or alias that is not well formed; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A feature's version; minor versions of one major are compatible upwards."""

    major: int
    minor: int

    @property
    def series(self) -> tuple[int, int]:
        """Versions of one series are compatible; before 1.0 each version is a series of its own."""
        return (self.major, 0) if self.major else (0, self.minor)

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
    """A linked feature: its URL, the prefix it goes by here, and imports (element, with `@` for directives → local name).

    `purpose` is SECURITY or EXECUTION where the link says `for:`.
    """

    url: FeatureUrl
    prefix: str
    imports: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None

    def directive_name(self, element: str) -> str:
        """What the feature's directive is called in the linking schema, without `@`."""
        imported = self.imports.get(f"@{element}")
        if imported is not None:
            return imported[1:]
        return self.prefix if element == self.url.name else f"{self.prefix}__{element}"

    def type_name(self, element: str) -> str:
        """What the feature's type is called in the linking schema."""
        return self.imports.get(element, f"{self.prefix}__{element}")

    def prefixed_directive(self, name: str) -> str | None:
        """The element that a directive name stands for by prefix, be it imported under another name or not."""
        if name == self.prefix:
            return self.url.name
        return name.removeprefix(f"{self.prefix}__") if name.startswith(f"{self.prefix}__") else None


def parse_feature_url(text: str) -> FeatureUrl:
    """Read `https://host/path/name/vX.Y`.

    Raises LinkSyntaxError for a URL without host, name or version.
    """
    parts = _split(text)
    *path, last = parts.path.split("/")
    if not path:
        raise LinkSyntaxError(f'the feature URL "{text}" has no name and version')
    version = _VERSION.match(last)
    if version is None:
        found = f'in "{last}"' if last else 'in "/"'
        raise LinkSyntaxError(f'the feature URL "{text}" does not end in a version such as v1.0, but {found}')
    if not path[-1]:
        raise LinkSyntaxError(f'the feature URL "{text}" has no name before its version')
    host = parts.netloc.rpartition("@")[2].lower()
    return FeatureUrl(f"{parts.scheme}://{host}{'/'.join(path)}", path[-1], Version(int(version[1]), int(version[2])))


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise LinkSyntaxError(f'"{text}" is not a URL') from error
    if not parts.scheme or not parts.netloc:
        raise LinkSyntaxError(f'"{text}" is not an absolute URL')
    return parts


def prefix_problem(prefix: str) -> str | None:
    """What hinders a name from being the prefix of a feature's elements."""
    if not _PREFIX.match(prefix):
        return "is not a name"
    if "__" in prefix:
        return 'contains "__", which parts a prefix from a name'
    return 'ends in "_"' if prefix.endswith("_") else None


DEFAULT_LINK = Feature(FeatureUrl(LINK, "link", Version(1, 0)), "link")
