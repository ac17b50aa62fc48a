"""What kind of difference a difference is, so that many examples of one count once."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FACT = re.compile(r"^((?:API schema|supergraph): only (?:ours|theirs): )\S+ (@\w+|\w+|[:=]).*$", re.DOTALL)
_BROKE = re.compile(r"^(\w+ broke: [^\n]{0,120}).*$", re.DOTALL)
_QUOTED = re.compile(r"""["'][^"'\n]*["']""")


def signature(problems: Sequence[str]) -> str:
    """The first difference without the names in it; differences of outcome come first."""
    return kind(problems[0])


def kind(problem: str) -> str:
    """The difference without the names in it."""
    return _QUOTED.sub('"…"', _BROKE.sub(r"\1", _FACT.sub(r"\1\2", problem)))
