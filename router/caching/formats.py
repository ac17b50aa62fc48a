"""Tags as @cacheTag writes them: text with values from an entity's key (`user-{$key.id}`) or a field's arguments (`page-{$args.number}`).

Source: https://www.apollographql.com/docs/graphos/reference/federation/directives#cachetag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from router.errors import SupergraphError
from router.limits import CACHE_TAG_BYTES_MAX

_VALUE: Final = re.compile(r"\{\$(?P<source>key|args)\.(?P<path>[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*)\}")


@dataclass(frozen=True, slots=True)
class TagFormat:
    """A format taken apart: `texts` stand around the values at `paths`."""

    texts: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, text: str, coordinate: str) -> TagFormat:
        """Raises SupergraphError where it is none."""
        pieces = _VALUE.split(text)
        texts, sources, paths = tuple(pieces[::3]), pieces[1::3], pieces[2::3]
        if any("{" in piece or "}" in piece for piece in texts):
            raise SupergraphError(
                f'@cacheTag on {coordinate} has the format "{text}", where braces may only hold $key.field or $args.argument.'
            )
        wanted = "args" if "." in coordinate else "key"
        if any(source != wanted for source in sources):
            raise SupergraphError(
                f'@cacheTag on {coordinate} has the format "{text}", where there is only ${wanted} to take values from.'
            )
        return cls(texts, tuple(tuple(path.split(".")) for path in paths))

    def filled(self, values: Mapping[str, Any]) -> str | None:
        """The tag for these values; None where one is missing, or is no single value."""
        tag = self.texts[0]
        for path, text in zip(self.paths, self.texts[1:], strict=True):
            value = _at(values, path)
            if value is None:
                return None
            tag += value + text
        return tag if len(tag.encode(errors="surrogatepass")) <= CACHE_TAG_BYTES_MAX else None


def _at(values: Any, path: tuple[str, ...]) -> str | None:
    for name in path:
        if not isinstance(values, Mapping) or name not in values:
            return None
        values = values[name]
    if isinstance(values, bool):
        return "true" if values else "false"
    return str(values) if isinstance(values, str | int | float) else None
