"""Getting the subgraphs to compose: from files, and over HTTP from running subgraphs. All effects of composition are here."""

from __future__ import annotations

import asyncio
from pathlib import Path

from router.composition.config import SubgraphSource, read_sources
from router.composition.model.outcome import SubgraphInput
from router.errors import ConfigError, SubgraphFailure
from router.transport import HttpTransport, SubgraphRequest, Transport

_SDL_QUERY = "query SubgraphSdl { _service { sdl } }"


async def load_subgraphs(path: Path | str) -> list[SubgraphInput]:
    """The subgraphs that a supergraph configuration names; those given by `subgraph_url` are asked for their SDL at once.

    Raises ConfigError, in one sentence, for a wrong file or a subgraph that does not hand out its SDL.
    """
    sources = read_sources(Path(path))
    transport = HttpTransport({source.name: source.subgraph_url for source in sources if source.subgraph_url})
    try:
        return list(await asyncio.gather(*(_load(source, transport) for source in sources)))
    finally:
        await transport.close()


async def _load(source: SubgraphSource, transport: Transport) -> SubgraphInput:
    sdl = source.sdl if source.sdl is not None else await fetch_sdl(source.name, transport)
    return SubgraphInput(source.name, sdl, source.url, source.source)


async def fetch_sdl(subgraph: str, transport: Transport) -> str:
    """Ask a running subgraph for `{ _service { sdl } }`.

    Raises ConfigError where it cannot be reached or does not answer with an SDL.
    """
    try:
        response = await transport.send(SubgraphRequest(subgraph, _SDL_QUERY, "SubgraphSdl"))
    except SubgraphFailure as failure:
        raise ConfigError(f'Cannot get the schema of subgraph "{subgraph}": {failure.detail or failure}.') from failure
    match response.data:
        case {"_service": {"sdl": str(sdl)}}:
            return sdl
    reason = response.errors[0].get("message", "it answered with an error") if response.errors else "it has none"
    raise ConfigError(f'Subgraph "{subgraph}" does not hand out its schema by {{ _service {{ sdl }} }}: {reason}.')
