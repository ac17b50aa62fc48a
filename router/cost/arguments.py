"""What the value of an argument costs, and how many items it asks for, be it written out or in a variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
)

from router.cost.formula import Formula, Perhaps, Variables, added
from router.cost.listsize import Path
from router.cost.tariff import Argument

# ── cost ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cost_of_arguments(given: Sequence[ArgumentNode], known: Mapping[str, Argument]) -> Formula:
    """What the arguments given to a field cost; one that only the subgraph knows (@fromContext) costs nothing."""
    pairs = ((known.get(each.name.value), each.value) for each in given)
    return added(_of_node(value, argument) for argument, value in pairs if argument is not None)


def _of_node(node: ValueNode, argument: Argument) -> Formula:
    if isinstance(node, NullValueNode):
        return 0
    if isinstance(node, VariableNode):
        return _of_variable(node.name.value, argument)
    if isinstance(node, ListValueNode):
        return added([argument.weight, *(_of_node(item, argument) for item in node.values)])
    if isinstance(node, ObjectValueNode) and argument.fields is not None:
        pairs = ((argument.fields.get(each.name.value), each.value) for each in node.fields)
        return added([argument.object_weight, *(_of_node(value, field) for field, value in pairs if field is not None)])
    return argument.weight


def _of_variable(name: str, argument: Argument) -> Formula:
    if argument.fields is None and not argument.weight:
        return 0  # whatever it holds
    return lambda variables: _of_value(variables.get(name), argument)


def _of_value(value: Any, argument: Argument) -> int:
    if value is None:
        return 0
    if isinstance(value, list):
        return argument.weight + sum([_of_value(item, argument) for item in value])
    fields = argument.fields
    if isinstance(value, dict) and fields is not None:
        return argument.object_weight + sum([_of_value(value[name], fields[name]) for name in value if name in fields])
    return argument.weight


# ── size ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def items_asked(path: Path, given: Sequence[ArgumentNode], known: Mapping[str, Argument]) -> Perhaps:
    """How many items a slicing argument asks for: an Int, or as many as a list has; what is not given by its default."""
    name, *rest = path
    if name not in known:
        return None
    node = next((each.value for each in given if each.name.value == name), None)
    return _asked(node, known[name], tuple(rest))


def _asked(node: ValueNode | None, argument: Argument, rest: Path) -> Perhaps:
    default = _items(argument.default, argument, rest)
    if isinstance(node, VariableNode):
        return _asked_by_variable(node.name.value, argument, rest, default)
    if isinstance(node, ObjectValueNode) and rest:
        field = (argument.fields or {}).get(rest[0])
        below = next((each.value for each in node.fields if each.name.value == rest[0]), None)
        return None if field is None else _asked(below, field, rest[1:])
    if node is None or rest or isinstance(node, NullValueNode):
        return default
    if argument.is_list:
        return len(node.values) if isinstance(node, ListValueNode) else 1
    return max(0, int(node.value)) if isinstance(node, IntValueNode) else default


def _asked_by_variable(name: str, argument: Argument, rest: Path, default: int | None) -> Perhaps:
    def look_up(variables: Variables) -> int | None:
        asked = _items(variables.get(name), argument, rest)
        return default if asked is None else asked

    return look_up


def _items(value: Any, argument: Argument, rest: Path) -> int | None:
    """How many items a value asks for. No list has fewer than none, or it would make up for others."""
    if rest:
        field = (argument.fields or {}).get(rest[0])
        if field is None or not isinstance(value, dict):
            return None
        asked = _items(value.get(rest[0]), field, rest[1:])
        return _items(field.default, field, rest[1:]) if asked is None else asked
    if isinstance(value, list):
        return len(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return 1 if argument.is_list else max(0, value)
