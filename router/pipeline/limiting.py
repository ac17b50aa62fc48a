"""Refuses what is too large before anybody spends time on it."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode

from router.config.limits import LimitSettings
from router.errors import IntrospectionDisabled, TooLarge
from router.limits import NESTING_MAX, OVERLAPS_MAX
from router.operation.extent import Extent, Nested, Ruler
from router.operation.normalize.source import Source, reachable_selections

log = structlog.get_logger(__name__)

Definition = OperationDefinitionNode | FragmentDefinitionNode
Excess = tuple[str, str, int, int]
"""A code, what there is too much of, how many there are, how many there may be."""

_INTROSPECTION = ("__schema", "__type")


def hold_within(settings: LimitSettings, document: DocumentNode) -> None:
    """Raise TooLarge where a definition of a parsed document is over a bound. What may be over is logged."""
    ruler = Ruler(document)
    try:
        for definition, extent in ruler.extents():
            _hold(definition, extent, ruler, settings)
    except Nested:
        raise TooLarge(f"The operation is nested more than {NESTING_MAX} levels deep.", "MAX_DEPTH_LIMIT") from None


def refuse_introspection(source: Source) -> None:
    """Raise IntrospectionDisabled where the operation asks for the schema. `__typename` is no introspection."""
    for node in reachable_selections(source):
        if isinstance(node, FieldNode) and node.name.value in _INTROSPECTION:
            raise IntrospectionDisabled(
                f'The schema is not given out here: leave "{node.name.value}" out of the operation.'
            )


def _hold(definition: Definition, extent: Extent, ruler: Ruler, settings: LimitSettings) -> None:
    for excess in _hard(extent, settings):
        raise _refusal(excess)
    # From here on the work is bounded by `fields`.
    merged = ruler.merged(definition)
    if merged.pairs > OVERLAPS_MAX:
        raise TooLarge(
            f"Fields with the same key meet {merged.pairs} times at one place of the operation; at most {OVERLAPS_MAX} times"
            " are allowed: select each field once.",
            "MAX_OVERLAPS_LIMIT",
        )
    for excess in _soft(extent, merged.height, settings):
        if not settings.warn_only:
            raise _refusal(excess)
        log.warning("operation over a limit", code=excess[0], count=excess[2], limit=excess[3])


def _hard(extent: Extent, settings: LimitSettings) -> Iterator[Excess]:
    if extent.fields > settings.fields:
        yield "MAX_FIELDS_LIMIT", "fields", extent.fields, settings.fields


def _soft(extent: Extent, height: int, settings: LimitSettings) -> Iterator[Excess]:
    for code, what, count, limit in (
        ("MAX_DEPTH_LIMIT", "levels of fields", extent.depth, settings.depth),
        ("MAX_ROOT_FIELDS_LIMIT", "root fields", extent.root_fields, settings.root_fields),
        ("MAX_HEIGHT_LIMIT", "different fields", height, settings.height),
        ("MAX_ALIASES_LIMIT", "aliases", extent.aliases, settings.aliases),
        ("MAX_DIRECTIVES_LIMIT", "directives", extent.directives, settings.directives),
    ):
        if limit is not None and count > limit:
            yield code, what, count, limit


def _refusal(excess: Excess) -> TooLarge:
    code, what, count, limit = excess
    return TooLarge(f"The operation has {count} {what}; at most {limit} are allowed.", code)
