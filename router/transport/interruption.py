"""Failures that may be over soon, told apart from those that another try would only repeat; and failures that several are told."""

from __future__ import annotations

from router.errors import SubgraphFailure


def passing(failure: SubgraphFailure) -> SubgraphFailure:
    """The same failure, known as one that another try may not meet: the connection is gone, or was not to be had."""
    failure.passing = True
    return failure


def again(failure: SubgraphFailure) -> SubgraphFailure:
    """An equal failure for somebody else: one object raised in many tasks would pile their tracebacks up on it."""
    other = type(failure).__new__(type(failure), *failure.args)  # whatever its kind wants to be made of
    other.__dict__.update(failure.__dict__)
    return other
