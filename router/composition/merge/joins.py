"""The join directives that a merge writes: arguments in the order that Apollo's composition gives them, defaults left out."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import BooleanValueNode, ConstListValueNode, ConstValueNode, EnumValueNode, StringValueNode, ValueNode

from router.composition.model.fieldset import FieldSetError, normalized
from router.composition.model.schema import Applied


def join_type(
    graph: str,
    *,
    key: str | None = None,
    extension: bool = False,
    resolvable: bool = True,
    interface_object: bool = False,
) -> Applied:
    """`@join__type`: the type exists in the graph, with this key."""
    return _join(
        "type",
        graph,
        key=_field_set(key),
        extension=extension or None,
        resolvable=None if resolvable else False,
        isInterfaceObject=interface_object or None,
    )


def join_graph(name: str, url: str) -> Applied:
    """`@join__graph`: a subgraph's name and address."""
    return _join("graph", None, name=name, url=url)


def join_implements(graph: str, interface: str) -> Applied:
    """`@join__implements`: the type implements the interface in the graph."""
    return _join("implements", graph, interface=interface)


def join_union_member(graph: str, member: str) -> Applied:
    """`@join__unionMember`: the union has the member in the graph."""
    return _join("unionMember", graph, member=member)


def join_enum_value(graph: str) -> Applied:
    """`@join__enumValue`: the graph has the value."""
    return _join("enumValue", graph)


def join_field(
    graph: str | None,
    *,
    requires: str | None = None,
    provides: str | None = None,
    type: str | None = None,  # noqa: A002  # the argument's name in the join specification
    external: bool = False,
    override: str | None = None,
    used_overridden: bool = False,
    override_label: str | None = None,
    context_arguments: Sequence[ConstValueNode] = (),
) -> Applied:
    """`@join__field`: how the graph has the field; without graph, it has it through an interface object only."""
    return _join(
        "field",
        graph,
        requires=_field_set(requires),
        provides=_field_set(provides),
        override=override,
        type=type,
        external=external or None,
        usedOverridden=used_overridden or None,
        overrideLabel=override_label,
        contextArguments=ConstListValueNode(values=tuple(context_arguments)) if context_arguments else None,
    )


def _join(name: str, graph: str | None, /, **arguments: str | bool | ValueNode | None) -> Applied:
    nodes: dict[str, ValueNode] = {} if graph is None else {"graph": EnumValueNode(value=graph)}
    for argument, value in arguments.items():
        if isinstance(value, bool):
            nodes[argument] = BooleanValueNode(value=value)
        elif isinstance(value, ValueNode):
            nodes[argument] = value
        elif value is not None:
            nodes[argument] = StringValueNode(value=value)
    return Applied(f"join__{name}", nodes)


def _field_set(text: str | None) -> str | None:
    """The set in canonical form. Field sets are checked before any merge, so one that does not parse stays as it is."""
    if text is None:
        return None
    try:
        return normalized(text)
    except FieldSetError:
        return text
