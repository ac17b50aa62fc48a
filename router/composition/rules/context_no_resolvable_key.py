"""CONTEXT_NO_RESOLVABLE_KEY: objects with contextual arguments are fetched by a key, once what stands above them is known."""

from __future__ import annotations

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.contexts import ContextUse
from router.composition.model.report import Report
from router.composition.model.schema import Type
from router.composition.model.subgraph import Subgraph
from router.composition.model.uses import is_resolvable
from router.composition.rules.contexts import uses_on_objects


def check(subgraph: Subgraph, report: Report) -> None:
    """Report types that take arguments from a context and have no key to be fetched by."""
    keyless: dict[str, list[ContextUse]] = {}
    for use in uses_on_objects(subgraph):
        if use.type is not None and use.value is not None and not _has_resolvable_key(use.type):
            keyless.setdefault(use.type.name, []).append(use)
    for name, uses in keyless.items():
        arguments = wording.series([f'"{use.argument.coordinate}"' for use in uses])
        report.error(
            Code.CONTEXT_NO_RESOLVABLE_KEY,
            f'[{subgraph.name}] Type "{name}" takes {arguments} from a context and has no resolvable @key: its objects'
            " could not be fetched apart from what stands above them.",
            coordinates=[name, *(use.argument.coordinate for use in uses)],
            places=[subgraph.schema.types[name].place, *(use.directive.place for use in uses)],
            subgraphs=[subgraph.name],
        )


def _has_resolvable_key(type_: Type) -> bool:
    return any(is_resolvable(key) for key in type_.applied("key"))
