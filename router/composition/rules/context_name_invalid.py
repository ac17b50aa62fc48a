"""CONTEXT_NAME_INVALID: a context is named by letters and digits, so that the supergraph can put its subgraph's name before it."""

from __future__ import annotations

import re

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.subgraph import Subgraph

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def check(subgraph: Subgraph, report: Report) -> None:
    """Report names of contexts with other characters."""
    for name, types in subgraph.facts.contexts.setters.items():
        if _NAME.fullmatch(name):
            continue
        applied = [directive for type_ in types for directive in type_.applied("context")]
        report.error(
            Code.CONTEXT_NAME_INVALID,
            f'[{subgraph.name}] A context cannot be called "{name}": {_problem(name)}.',
            coordinates=[type_.coordinate for type_ in types],
            places=[directive.place for directive in applied if directive.string("name") == name],
            subgraphs=[subgraph.name],
        )


def _problem(name: str) -> str:
    if "_" in name:
        return f'leave out the underscore, e.g. "{name.replace("_", "") or "context"}"'
    return "a name is letters and digits, and begins with a letter"
