"""`traffic`: how subgraphs are asked."""

from __future__ import annotations

from router.config.base import FilePath, Settings


class Traffic(Settings):
    """What is asked once where several ask it at one time: queries to subgraphs, and whole queries of clients.

    Only what is equal in text, variables and forwarded headers is shared, and never a mutation; no answer is kept.
    `compressed_answers` lets subgraphs compress what they answer; `ca_file` holds authorities (PEM) that may vouch for
    subgraphs by https, besides those of the system.
    """

    dedupe_subgraph_requests: bool = True
    dedupe_client_requests: bool = False
    compressed_answers: bool = False
    ca_file: FilePath | None = None
