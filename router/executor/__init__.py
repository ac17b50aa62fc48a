"""Runs a query plan: asks the subgraphs, merges what they answer, and shapes it as the client asked.

`execute` answers a query or mutation, `subscribe` a subscription. Neither knows the planner: a plan written by hand runs too.
"""

from router.executor.execution import ExecutionResult
from router.executor.run import execute, subscribe

__all__ = ["ExecutionResult", "execute", "subscribe"]
