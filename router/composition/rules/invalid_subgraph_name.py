"""INVALID_SUBGRAPH_NAME: a subgraph has a name of its own that is neither empty nor reserved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from router.composition.codes import Code
from router.composition.report import Report

_RESERVED = "_"


def check(names: Sequence[str], report: Report) -> None:
    """Report names that cannot be used, each once."""
    for name, times in Counter(names).items():
        if name in ("", _RESERVED):
            problem = f'A subgraph cannot be called "{name}": choose another name.'
        elif times > 1:
            problem = f'{times} subgraphs are called "{name}": give each a name of its own.'
        else:
            continue
        report.error(Code.INVALID_SUBGRAPH_NAME, problem, subgraphs=[name])
