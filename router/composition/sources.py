"""Getting the subgraphs to compose: from files, and over HTTP from running subgraphs. All effects of composition are here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from router.composition.bounded import megabytes
from router.composition.config import SubgraphSource, read_sources
from router.composition.model.outcome import SubgraphInput
from router.errors import ConfigError, SubgraphFailure
from router.limits import SDL_ANSWER_BYTES_MAX, SDL_BYTES_MAX, SDL_TIMEOUT_S
from router.transport import HttpTransport, SubgraphRequest, Transport
from router.transport.body import decode_response, encode_request

_SDL_QUERY: Final = "query SubgraphSdl { _service { sdl } }"
_REASON_CHARACTERS_MAX: Final = 200  # of an answer that is no GraphQL: enough to recognise an error page


async def load_subgraphs(path: Path | str, *, timeout_s: float = SDL_TIMEOUT_S) -> list[SubgraphInput]:
    """The subgraphs that a supergraph configuration names; those given by `subgraph_url` are asked for their SDL at once.

    Raises ConfigError for a wrong file, or with one sentence for each subgraph that does not hand out its SDL.
    """
    sources = read_sources(Path(path))
    transport = HttpTransport(
        {source.name: source.subgraph_url for source in sources if source.subgraph_url},
        timeout_s=timeout_s,
        response_bytes_max=SDL_ANSWER_BYTES_MAX,
    )
    try:
        loaded = await asyncio.gather(*(_load(source, transport) for source in sources))
    finally:
        await transport.close()
    problems = [str(problem) for problem in loaded if isinstance(problem, ConfigError)]
    if problems:
        raise ConfigError("\n".join(problems))
    return [subgraph for subgraph in loaded if isinstance(subgraph, SubgraphInput)]


async def _load(source: SubgraphSource, transport: Transport) -> SubgraphInput | ConfigError:
    if source.sdl is not None:
        return SubgraphInput(source.name, source.sdl, source.url, source.source)
    try:
        sdl = await fetch_sdl(source.name, transport, headers=source.headers, address=source.source)
    except ConfigError as error:
        return error
    return SubgraphInput(source.name, sdl, source.url, source.source)


async def fetch_sdl(
    subgraph: str, transport: Transport, *, headers: Mapping[str, str] | None = None, address: str = ""
) -> str:
    """Ask a running subgraph for `{ _service { sdl } }`; `address` is how messages name where it is.

    Raises ConfigError where it cannot be reached or does not answer with an SDL.
    """
    try:
        body = encode_request(_SDL_QUERY, "SubgraphSdl")
        answer = await transport.send(SubgraphRequest(subgraph, body, headers or {}, idempotent=True))
        response = decode_response(subgraph, answer)
    except SubgraphFailure as failure:
        raise ConfigError(f'Cannot get the schema of subgraph "{subgraph}": {_reason(failure, address)}') from None
    match response.data:
        case {"_service": {"sdl": str(sdl)}} if sdl.strip():
            return _bounded(sdl, subgraph)
        case {"_service": {"sdl": str()}}:
            reason = "the SDL is empty"
        case _:
            reason = _first_message(response.errors)
    asked = f"{{ _service {{ sdl }} }} at {address}" if address else "{ _service { sdl } }"
    raise ConfigError(f'Subgraph "{subgraph}" does not hand out its schema by {asked}: {reason}.')


def _bounded(sdl: str, subgraph: str) -> str:
    if len(sdl.encode(errors="replace")) > SDL_BYTES_MAX:
        raise ConfigError(
            f'The schema of subgraph "{subgraph}" has more than {megabytes(SDL_BYTES_MAX)}, the most that is read.'
        )
    return sdl


def _reason(failure: SubgraphFailure, address: str) -> str:
    """What went wrong, on one line; the URL as it was called, which may hold secrets, stays out of it."""
    public = str(failure).replace(f'Subgraph "{failure.subgraph}"', address or "it")
    detail = failure.detail.partition(": ")[2] if failure.detail.startswith("http") else failure.detail
    return f"{public[:-1]} ({_shortened(detail)})." if detail else public


def _first_message(errors: tuple[dict[str, object], ...]) -> str:
    return _shortened(str(errors[0].get("message", "it answered with an error"))) if errors else "it has none"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _REASON_CHARACTERS_MAX else f"{line[:_REASON_CHARACTERS_MAX]}…"
