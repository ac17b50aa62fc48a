"""INVALID_FIELD_SHARING: a field that several subgraphs resolve is shareable in all of them, and no subscription."""

from __future__ import annotations

from collections.abc import Container, Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Merging, Source, names, places
from router.composition.model.schema import Field


def report(
    resolving: Sequence[Source[Field]],
    jealous: Sequence[Source[Field]],
    merging: Merging,
    *,
    coordinate: str,
    aimless: Container[str],
) -> None:
    """Report a field that all of `resolving` resolve and `jealous` do not share.

    The subgraphs in `aimless` override one that does not exist, which is likely why the field is resolved twice.
    """
    misspelt = next((name for name in names(jealous) if name in aimless), None)
    note = f' (its @override in subgraph "{misspelt}" names an unknown subgraph: is it misspelt?)' if misspelt else ""
    merging.report.error(
        Code.INVALID_FIELD_SHARING,
        f'Non-shareable field "{coordinate}" is resolved from multiple subgraphs: it is resolved from'
        f" {_series(resolving, coordinate)} and defined as non-shareable in {_series(jealous, coordinate)}{note}:"
        " mark it @shareable everywhere, or resolve it in one subgraph only.",
        subgraphs=names(resolving),
        coordinates=[coordinate],
        places=places(resolving),
    )


def report_subscription(source: Source[Field], merging: Merging) -> None:
    """Report a subscription that is shareable: an event stream from several subgraphs would deliver everything twice."""
    merging.report.error(
        Code.INVALID_FIELD_SHARING,
        f'[{source.subgraph.name}] "{source.element.coordinate}" cannot be @shareable:'
        " a subscription is served by one subgraph.",
        coordinates=[source.element.coordinate],
        places=[directive.place for directive in source.element.applied("shareable")],
    )


def _series(sources: Sequence[Source[Field]], coordinate: str) -> str:
    kind = "subgraph" if len(sources) == 1 else "subgraphs"
    return f"{kind} {wording.series([_name(source, coordinate) for source in sources])}"


def _name(source: Source[Field], coordinate: str) -> str:
    through = source.element.coordinate
    return f'"{source.subgraph.name}"' + (
        "" if through == coordinate else f' (through "{through}", an interface object)'
    )
