"""Operations of which the reference makes plans that subgraphs refuse, or none."""

from __future__ import annotations

from tests.conformance.execution.differences.difference import Fault

FAULTS = (
    Fault("Inputs that need inputs", r"needs \{.*\} for \w+\.\w+ and was given \{"),
    Fault("Types of interface objects within fragments", r"We should have an edge from \w+\(\w+\) for __typename"),
)
