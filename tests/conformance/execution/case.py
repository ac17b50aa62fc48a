"""An operation on a federation, as the comparison tries it, and the text that it is kept in.

A file of `cases/` holds the subgraphs, each after a line `# --- name`, then the operation after `# --- operation` and, where it
has some, its variables as JSON after `# --- variables` and the seed of its data after `# --- data`. Lines of `#` at the top say
what the case is about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from router.composition import SubgraphInput
from tests.conformance.composition.corpus import read_subgraphs, write_subgraphs

OPERATION, VARIABLES, DATA = "operation", "variables", "data"


@dataclass(frozen=True, slots=True)
class Case:
    """`seed` decides the data that the subgraphs serve; `supergraph` is one composed already, where there are no `subgraphs`."""

    subgraphs: tuple[SubgraphInput, ...] = ()
    operation: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    supergraph: str | None = None


def read_case(text: str) -> Case:
    """The case that a text holds."""
    parts = {part.name: part for part in read_subgraphs(text)}
    operation = parts.pop(OPERATION).sdl.strip()
    variables = json.loads(parts.pop(VARIABLES).sdl) if VARIABLES in parts else {}
    seed = int(parts.pop(DATA).sdl) if DATA in parts else 0
    return Case(tuple(parts.values()), operation, variables, seed)


def write_case(case: Case) -> str:
    """The text that `read_case` reads."""
    text = f"{write_subgraphs(case.subgraphs)}# --- {OPERATION}\n{case.operation.strip()}\n"
    if case.variables:
        text += f"# --- {VARIABLES}\n{json.dumps(dict(case.variables))}\n"
    return f"{text}# --- {DATA}\n{case.seed}\n" if case.seed else text
