"""Merges what the client selected more than once: equal fields, and neighbouring fragments on one type."""

from __future__ import annotations

from dataclasses import replace

from graphql import GraphQLSchema

from router.operation.model import FieldSelection, FragmentSelection, Selection, fields_of


def merge_selections(selections: tuple[Selection, ...], _parent: str, _schema: GraphQLSchema) -> tuple[Selection, ...]:
    """The same selections with equal response keys of a parent together, in order of first appearance.

    Validation has made sure that equal keys on one parent are the same field with the same arguments. Where something else
    stands between, they stay apart if the order of the answer's keys would change otherwise.
    """
    return _merged(selections)


def _merged(selections: tuple[Selection, ...]) -> tuple[Selection, ...]:
    groups: list[list[Selection]] = []
    by_key: dict[str, list[Selection]] = {}
    for selection in selections:
        group = _group_of(selection, groups, by_key)
        if group is None:
            group = []
            groups.append(group)
            if isinstance(selection, FieldSelection):
                by_key[selection.key] = group
        if isinstance(selection, FragmentSelection) and selection.defer is None:
            # What stands under the same key here comes before later mentions of it, also below.
            for mentioned in fields_of(selection.selections):
                by_key.pop(mentioned.key, None)
        group.append(selection)
    return tuple(_one(group) for group in groups)


def _group_of(
    selection: Selection, groups: list[list[Selection]], by_key: dict[str, list[Selection]]
) -> list[Selection] | None:
    if isinstance(selection, FieldSelection):
        return by_key.get(selection.key)
    last = groups[-1] if groups else []
    return last if last and _are_one(last[0], selection) else None


def _are_one(fragment: Selection, other: FragmentSelection) -> bool:
    if not isinstance(fragment, FragmentSelection) or fragment.on != other.on:
        return False
    return fragment.defer is None and other.defer is None


def _one(group: list[Selection]) -> Selection:
    children = _merged(tuple(child for selection in group for child in selection.selections))
    return replace(group[0], selections=children)
