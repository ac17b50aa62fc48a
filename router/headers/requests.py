"""What goes along to subgraphs. Without rules for single subgraphs all get the same, worked out once per request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.config.headers import HeaderSettings, RequestRule
from router.exchange import ClientRequest
from router.headers.steps import Step, steps_of
from router.transport.headers import Forwarded, HeadersBySubgraph


class RequestHeaders:
    """The rules of a configuration for requests to subgraphs."""

    def __init__(self, settings: HeaderSettings | None = None) -> None:
        settings = settings or HeaderSettings()
        self._all = steps_of(settings.all.request)
        self._own = {
            name: _compiled(settings.all.request, own.request)
            for name, own in settings.subgraphs.items()
            if own.request
        }

    def of(self, request: ClientRequest) -> Forwarded:
        """The headers that go along with a client's request."""
        if not self._own:
            return _sent(self._all, request)
        return HeadersBySubgraph(lambda subgraph: _sent(self._own.get(subgraph, self._all), request))


def _compiled(for_all: Sequence[RequestRule], own: Sequence[RequestRule]) -> tuple[Step, ...]:
    return steps_of((*for_all, *own))


def _sent(steps: tuple[Step, ...], request: ClientRequest) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for step in steps:
        step(request, headers)
    return headers
