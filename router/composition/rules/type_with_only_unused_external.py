"""TYPE_WITH_ONLY_UNUSED_EXTERNAL: a federation 1 type that others refer to has a field that is not external or is needed."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Type


def report(type_: Type, report_: Report, *, subgraph: str) -> None:
    """Report a type that would be empty without its unused external fields."""
    report_.error(
        Code.TYPE_WITH_ONLY_UNUSED_EXTERNAL,
        f'[{subgraph}] Type "{type_.name}" has @external fields only, and no @key, @requires, @provides or interface uses any'
        " of them. Give it a field that this subgraph resolves, or remove the type with all that refers to it.",
        coordinates=[type_.name],
        places=[type_.place, *(field.place for field in type_.fields.values())],
    )
