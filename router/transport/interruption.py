"""Failures that may be over soon, told apart from those that another try would only repeat."""

from __future__ import annotations

from router.errors import SubgraphFailure


class Interrupted(SubgraphFailure):
    """The connection is gone, or was not to be had: another try may help."""


def interrupted(failure: SubgraphFailure) -> Interrupted:
    """The failure as one that may be over soon."""
    return Interrupted(failure.subgraph, str(failure), failure.detail)


def again(failure: SubgraphFailure) -> SubgraphFailure:
    """An equal failure for somebody else: one object raised in many tasks would pile their tracebacks up on it."""
    return type(failure)(failure.subgraph, str(failure), failure.detail)
