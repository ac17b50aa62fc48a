"""Fields of objects and interfaces: the union of all, each with the join directives that say how every subgraph has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.composition.merge.abstracting import abstracting_sources
from router.composition.merge.arguments import merge_arguments
from router.composition.merge.contexts import context_arguments, has_context
from router.composition.merge.descriptions import merge_description
from router.composition.merge.directives import merge_directives, merge_inaccessible
from router.composition.merge.external import check_external_declarations
from router.composition.merge.joins import join_field
from router.composition.merge.override import Overrides, find_overrides
from router.composition.merge.references import merge_field_type
from router.composition.merge.sharing import check_sharing
from router.composition.merge.wrapped_directives import wrap_directives
from router.composition.model.merging import Merging, Source, gather
from router.composition.model.schema import Applied, Field, Type
from router.composition.rules import external_missing_on_base, merged_directive_application_on_external
from router.composition.spec.features import MERGED_DIRECTIVES


def merge_fields(outlined: Type, types: Sequence[Source[Type]], merging: Merging) -> dict[str, Field]:
    """The fields of a type, in the order in which the subgraphs, by name, bring them."""
    merged: dict[str, Field] = {}
    for name, sources in gather(types, lambda type_: type_.fields).items():
        overrides = find_overrides(sources, merging)
        field = _merge_field(outlined, name, sources, overrides, merging, having_type=len(types))
        if field is not None:
            merged[name] = field
        if outlined.kind == "OBJECT":
            check_sharing(outlined.name, name, sources, overrides, merging)
    return merged


def _merge_field(
    outlined: Type,
    name: str,
    sources: Sequence[Source[Field]],
    overrides: Overrides,
    merging: Merging,
    *,
    having_type: int,
) -> Field | None:
    """The merged field, None where nobody resolves it; `having_type` subgraphs have its type."""
    coordinate = f"{outlined.name}.{name}"
    if _nobody_resolves(outlined, name, sources, merging):
        return None
    _check_directives_on_external(sources, merging)
    resolving = [source for source in sources if not is_external(source)]
    type_, equal = merge_field_type(resolving or sources, merging, position="output", coordinate=coordinate)
    field = Field(
        name=name,
        coordinate=coordinate,
        parent=outlined.name,
        description=merge_description(resolving, merging, coordinate=coordinate),
        type=type_,
        arguments=merge_arguments(resolving, merging),
        directives=(
            *merge_inaccessible(resolving),
            *_join_fields(sources, overrides, equal=equal, having_type=having_type),
            *wrap_directives(sources),
            *merge_directives(resolving, merging, coordinate=coordinate, auth_apart=True),
        ),
    )
    check_external_declarations(field, sources, merging, equal=equal)
    return field


def is_external(source: Source[Field]) -> bool:
    """Whether the subgraph marks the field external."""
    return source.element.coordinate in source.subgraph.facts.external


def _nobody_resolves(outlined: Type, name: str, sources: Sequence[Source[Field]], merging: Merging) -> bool:
    if not all(is_external(source) for source in sources):
        return False
    if not all(is_external(source) for source in abstracting_sources(outlined.name, name, merging)):
        return False
    coordinate = f"{outlined.name}.{name}"
    external_missing_on_base.report(sources, merging, coordinate=coordinate)
    return True


def _check_directives_on_external(sources: Sequence[Source[Field]], merging: Merging) -> None:
    for source in sources:
        if not is_external(source):
            continue
        for directive in source.element.directives:
            if directive.name in MERGED_DIRECTIVES:
                merged_directive_application_on_external.report(directive, source, merging)


def _join_fields(
    sources: Sequence[Source[Field]], overrides: Overrides, *, equal: bool, having_type: int
) -> Iterator[Applied]:
    if equal and not _needs_join(sources, overrides, having_type):
        return
    for source in sources:
        subgraph, field = source.subgraph, source.element
        label = overrides.labels.get(subgraph.name)
        if subgraph.name in overrides.unused and label is None:
            continue
        yield join_field(
            subgraph.graph,
            requires=_string(field, "requires", "fields"),
            provides=_string(field, "provides", "fields"),
            type=None if equal else str(field.type),
            external=is_external(source),
            override=_string(field, "override", "from"),
            used_overridden=subgraph.name in overrides.used,
            override_label=label,
            context_arguments=context_arguments(source),
        )


def _needs_join(sources: Sequence[Source[Field]], overrides: Overrides, having_type: int) -> bool:
    """Without @join__field a field is, plainly, in every graph that has its type."""
    if overrides.used or overrides.labels:
        return True
    plain = 0
    for source in sources:
        if is_external(source) or source.element.has("provides") or source.element.has("requires"):
            return True
        if has_context(source.element):
            return True
        plain += source.subgraph.name not in overrides.unused
    return plain < having_type


def _string(field: Field, directive: str, argument: str) -> str | None:
    applications = field.applied(directive)
    return applications[0].string(argument) if applications else None
