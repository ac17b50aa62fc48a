"""What the EXTERNAL_ARGUMENT_ codes have in common: an argument that subgraphs declare differently, some of them externally."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Argument, Field


def report_argument(
    code: Code,
    problem: str,
    argument: Argument,
    sources: Sequence[Source[Field]],
    merging: Merging,
    *,
    describe: Callable[[Argument | None], str],
) -> None:
    """Report an argument; `describe` says how a subgraph has it, or that it does not."""
    declared = [(source, source.element.arguments.get(argument.name)) for source in sources]
    differences = wording.variants((source.subgraph.name, describe(found)) for source, found in declared)
    merging.report.error(
        code,
        f'Argument "{argument.coordinate}" {problem}: it is {differences}. Declare the external field as it is resolved.',
        coordinates=[argument.coordinate],
        places=[source.element.place if found is None else found.place for source, found in declared],
    )
