"""Contexts in the supergraph: types say what they set under the subgraph's name, fields which arguments are taken from it."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import ConstObjectFieldNode, ConstObjectValueNode, NameNode, StringValueNode

from router.composition.advice import contextual_argument_not_contextual_in_all_subgraphs as advice
from router.composition.model.contexts import value_of
from router.composition.model.fieldset import normalized
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Applied, Argument, Element, Field
from router.composition.rules import contextual_argument_not_contextual_in_all_subgraphs as rule


def is_contextual(argument: Argument) -> bool:
    """Whether the subgraph takes the argument from a context, so that no client gives it."""
    return argument.has("fromContext")


def has_context(field: Field) -> bool:
    """Whether some argument of the field is taken from a context."""
    return any(is_contextual(argument) for argument in field.arguments.values())


def check_contextual(sources: Sequence[Source[Argument]], merging: Merging) -> bool:
    """Whether an argument is contextual in any subgraph; those that differ are reported, or hinted at."""
    contextual = [source for source in sources if is_contextual(source.element)]
    if not contextual:
        return False
    coordinate = contextual[0].element.coordinate
    others = [source for source in sources if not is_contextual(source.element)]
    demanding = [source for source in others if source.element.required]
    plain = [source for source in others if not source.element.required]
    if demanding:
        rule.report(contextual, demanding, merging, coordinate=coordinate)
    if plain:
        advice.hint(contextual, plain, merging, coordinate=coordinate)
    return True


def merge_contexts(sources: Sequence[Source[Element]]) -> tuple[Applied, ...]:
    """The contexts that a type sets in any subgraph: each belongs to its subgraph alone, and says so in its name."""
    names = [
        _qualified(source.subgraph.name, applied.string("name") or "")
        for source in sources
        for applied in source.element.applied("context")
    ]
    return tuple(Applied("context", {"name": StringValueNode(value=name)}) for name in dict.fromkeys(names))


def context_arguments(source: Source[Field]) -> list[ConstObjectValueNode]:
    """What `@join__field(contextArguments:)` says of a subgraph's field."""
    return [
        _object(
            context=_qualified(source.subgraph.name, value.context),
            name=argument.name,
            type=str(argument.type),
            selection=f"{{ {normalized(value.selection)} }}",
        )
        for argument in source.element.arguments.values()
        if (value := value_of(argument)) is not None
    ]


def _qualified(subgraph: str, context: str) -> str:
    return f"{subgraph}__{context}"


def _object(**entries: str) -> ConstObjectValueNode:
    fields = (
        ConstObjectFieldNode(name=NameNode(value=name), value=StringValueNode(value=text))
        for name, text in entries.items()
    )
    return ConstObjectValueNode(fields=tuple(fields))
