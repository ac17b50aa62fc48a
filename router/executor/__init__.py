"""Runs a query plan: asks the subgraphs, merges what they answer, and shapes it as the client asked.

`execute` answers a query or mutation, `subscribe` a subscription. A plan that is kept for many runs is `prepare`d once and then
`perform`ed or `listen`ed to: what is in use gets compiled. One with deferred
parts is `deliver`ed. None of them knows the planner: a plan written by hand runs too.
"""

from router.executor.deliver import deliver
from router.executor.executable import Executable
from router.executor.execution import ExecutionResult
from router.executor.incremental import Delivery, Part
from router.executor.run import complete, execute, listen, perform, prepare, source_of, subscribe

__all__ = [
    "Delivery",
    "Executable",
    "ExecutionResult",
    "Part",
    "complete",
    "deliver",
    "execute",
    "listen",
    "perform",
    "prepare",
    "source_of",
    "subscribe",
]
