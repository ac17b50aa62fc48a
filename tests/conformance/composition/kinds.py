"""What kind of difference a difference is, so that many examples of one count once, and its smallest example."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.conformance.composition.agreement import compare
from tests.conformance.composition.federations.shrink import Subgraphs, shrunk

_FACT = re.compile(r"^((?:API schema|supergraph): only (?:ours|theirs): )\S+ (@\w+|\w+|[:=]).*$", re.DOTALL)
_BROKE = re.compile(r"^(\w+ broke: [^\n]{0,120}).*$", re.DOTALL)
_QUOTED = re.compile(r"""["'][^"'\n]*["']""")


def kind_of(problems: Sequence[str]) -> str:
    """The first difference without the names in it; differences of outcome come first."""
    return _QUOTED.sub('"…"', _BROKE.sub(r"\1", _FACT.sub(r"\1\2", problems[0])))


def smallest(subgraphs: Subgraphs, kind: str) -> Subgraphs:
    """The subgraphs without what a difference of the kind does not need."""

    def holds(candidate: Subgraphs) -> bool:
        problems = compare(candidate).problems
        return bool(problems) and kind_of(problems) == kind

    return shrunk(subgraphs, holds)
