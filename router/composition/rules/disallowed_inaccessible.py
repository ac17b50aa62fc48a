"""DISALLOWED_INACCESSIBLE: what a linked specification brings cannot be hidden, for clients of the supergraph rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.codes import Code
from router.composition.model.report import Report
from router.composition.model.schema import Element, Schema, Type
from router.composition.model.subgraph import Subgraph
from router.composition.rules.visibility import hidden, report_hidden
from router.composition.spec.link import Feature


def check(supergraph: Schema, features: Sequence[Feature], subgraphs: Sequence[Subgraph], report: Report) -> None:
    """Report types and directives under the names of a linked specification that are inaccessible, or a part of them is."""
    for whole, owner in _owned(supergraph, features):
        parts = [part for part in _with_parts(whole) if hidden(part)]
        if parts:
            message = (
                f'"{whole.coordinate}" goes by the name of the specification {owner.url}, which the supergraph links, and'
                " cannot be @inaccessible, nor can any part of it: remove @inaccessible, or rename it."
            )
            coordinates = dict.fromkeys([*(part.coordinate for part in parts), whole.coordinate])
            report_hidden(report, Code.DISALLOWED_INACCESSIBLE, message, list(coordinates), subgraphs)


def _owned(supergraph: Schema, features: Sequence[Feature]) -> Iterator[tuple[Element, Feature]]:
    for feature in features:
        imported = set(feature.imports.values())
        for name, type_ in supergraph.types.items():
            if name.startswith(f"{feature.prefix}__") or name in imported:
                yield type_, feature
        for name, definition in supergraph.definitions.items():
            if name == feature.prefix or name.startswith(f"{feature.prefix}__") or f"@{name}" in imported:
                yield definition, feature


def _with_parts(whole: Element) -> Iterator[Element]:
    yield whole
    if isinstance(whole, Type):
        for field in whole.fields.values():
            yield field
            yield from field.arguments.values()
        yield from whole.values.values()
    else:
        yield from getattr(whole, "arguments", {}).values()
