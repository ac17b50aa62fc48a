"""MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: a directive that reaches the supergraph stands where the field is resolved."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Applied, Field


def report(directive: Applied, source: Source[Field], merging: Merging) -> None:
    """Report a directive on a field that its subgraph does not resolve."""
    merging.report.error(
        Code.MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL,
        f'[{source.subgraph.name}] Cannot apply @{directive.name} to "{source.element.coordinate}", which is @external here:'
        " apply it in the subgraph that resolves the field.",
        coordinates=[source.element.coordinate],
        places=[directive.place],
        subgraphs=[source.subgraph.name],
    )
