"""EXTENSION_WITH_NO_BASE: a type that is extended is defined in some subgraph."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Type


def report(type_: Type, report_: Report, *, subgraph: str) -> None:
    """Report an extension of what no subgraph defines."""
    by = "@extends" if type_.has("extends") else "extend"
    report_.error(
        Code.EXTENSION_WITH_NO_BASE,
        f'[{subgraph}] Type "{type_.name}" is an extension (by "{by}"), but no subgraph defines it:'
        f' take the "{by}" away here, or compose the subgraph that defines the type too.',
        coordinates=[type_.name],
        places=[type_.place],
    )
