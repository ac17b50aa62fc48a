"""Supergraphs as the gateway takes them."""

from __future__ import annotations

import re

ENFORCED_ELSEWHERE = re.compile(
    r'(specs\.apollo\.dev/(?:authenticated|requiresScopes|policy|context|cacheTag|connect)/v[\d.]+"[^)]*?), for: \w+'
)


def loadable(sdl: str) -> str:
    """The supergraph without the mark by which the gateway refuses the features that it leaves to other routers."""
    return ENFORCED_ELSEWHERE.sub(r"\1", sdl)
