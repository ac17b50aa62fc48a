"""Whether what a subgraph declares of an external field agrees with those who resolve it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import print_ast

from router.composition import wording
from router.composition.codes import Code
from router.composition.merge.references import covers
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Argument, Field, value_key


def check_external_declarations(
    merged: Field, sources: Sequence[Source[Field]], merging: Merging, *, equal: bool
) -> None:
    """Report external declarations whose type or arguments contradict the merged field."""
    external = [s for s in sources if s.element.coordinate in s.subgraph.facts.external]

    def type_fits(field: Field) -> bool:
        return field.type == merged.type or (not equal and covers(merging, merged.type, field.type))

    if not all(type_fits(source.element) for source in external):
        differences = wording.variants((source.subgraph.name, f'type "{source.element.type}"') for source in sources)
        merging.report.error(
            Code.EXTERNAL_TYPE_MISMATCH,
            f'Type of field "{merged.coordinate}" is incompatible across subgraphs (where marked @external): it has'
            f" {differences}.",
            coordinates=[merged.coordinate],
            places=places(sources),
        )
    for argument in merged.arguments.values():
        _check_argument(argument, external, sources, merging)


def _check_argument(
    argument: Argument,
    external: Sequence[Source[Field]],
    sources: Sequence[Source[Field]],
    merging: Merging,
) -> None:
    declared = [found for source in external if (found := source.element.arguments.get(argument.name)) is not None]

    def report(code: Code, problem: str, describe: Callable[[Argument | None], str]) -> None:
        differences = wording.variants(
            (source.subgraph.name, describe(source.element.arguments.get(argument.name))) for source in sources
        )
        merging.report.error(
            code,
            f'Argument "{argument.coordinate}" {problem} (where the field is marked @external): it is {differences}.',
            coordinates=[argument.coordinate],
            places=places(sources),
        )

    if len(declared) < len(external):
        report(
            Code.EXTERNAL_ARGUMENT_MISSING,
            "is missing in some subgraphs",
            lambda found: "missing" if found is None else "declared",
        )
    if any(found.type != argument.type and not covers(merging, found.type, argument.type) for found in declared):
        report(
            Code.EXTERNAL_ARGUMENT_TYPE_MISMATCH,
            "has incompatible types",
            lambda found: "missing" if found is None else f'of type "{found.type}"',
        )
    if any(_default_key(found) != _default_key(argument) for found in declared):
        report(
            Code.EXTERNAL_ARGUMENT_DEFAULT_MISMATCH,
            "has incompatible defaults",
            lambda found: (
                "without default"
                if found is None or found.default is None
                else f"with default {print_ast(found.default)}"
            ),
        )


def _default_key(argument: Argument) -> str | None:
    return None if argument.default is None else value_key(argument.default)
