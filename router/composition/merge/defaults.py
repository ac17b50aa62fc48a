"""Default values of arguments and input fields: kept where all agree, dropped where some have none, an error where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import ValueNode, print_ast

from router.composition import wording
from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source, places
from router.composition.model.schema import Argument, Field, value_key


def merge_default(
    sources: Sequence[Source[Field | Argument]], merging: Merging, *, coordinate: str
) -> ValueNode | None:
    """The default that the supergraph states. Each subgraph applies its own anyway, so stating none is always safe."""
    given = [source for source in sources if source.element.default is not None]
    distinct = {value_key(source.element.default) for source in given if source.element.default is not None}
    if len(distinct) > 1:
        _report_mismatch(given, merging, coordinate=coordinate)
    elif given and len(given) < len(sources):
        merging.report.hint(
            HintCode.INCONSISTENT_DEFAULT_VALUE_PRESENCE,
            f'"{coordinate}" has {_defaults(sources)}: the supergraph states none.',
            subgraphs=[source.subgraph.name for source in sources],
            coordinates=[coordinate],
        )
        return None
    return given[0].element.default if given else None


def _report_mismatch(given: Sequence[Source[Field | Argument]], merging: Merging, *, coordinate: str) -> None:
    is_argument = isinstance(given[0].element, Argument)
    code = Code.FIELD_ARGUMENT_DEFAULT_MISMATCH if is_argument else Code.INPUT_FIELD_DEFAULT_MISMATCH
    what = "Argument" if is_argument else "Input field"
    merging.report.error(
        code,
        f'{what} "{coordinate}" has incompatible default values across subgraphs: it has {_defaults(given)}.',
        coordinates=[coordinate],
        places=places(given),
    )


def _defaults(sources: Sequence[Source[Field | Argument]]) -> str:
    return wording.variants((source.subgraph.name, _default(source.element.default)) for source in sources)


def _default(value: ValueNode | None) -> str:
    return "no default" if value is None else f"default {print_ast(value)}"
