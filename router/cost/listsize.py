"""How many items a list is taken to have: @listSize on the field itself, or on one above that sizes it.

Source: Apollo's cost specification v0.1; `slicingArguments` may be paths into input objects, `sizedFields` sets of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, GraphQLSyntaxError, SelectionSetNode, parse

from router.cost.formula import Perhaps, Variables, found, unknown
from router.errors import SupergraphError

Path: TypeAlias = tuple[str, ...]
SizedFields: TypeAlias = Mapping[str, "SizedFields"]
"""The fields that a size is handed to; those with fields of their own only pass it on."""


@dataclass(frozen=True, slots=True)
class ListSize:
    """One @listSize as it is written."""

    assumed: int | None
    slicing: tuple[Path, ...]
    sized: SizedFields
    requires_one: bool

    def size(self, given: Sequence[Perhaps], where: str) -> Perhaps:
        """The size, `given` what each slicing argument comes to."""
        if not self.slicing:
            return self.assumed
        moving = [each for each in given if callable(each)]
        if len(given) == len(moving) == 1:
            return self._of_one(moving[0], where)
        if moving:
            return lambda variables: self._settled(given, variables, where)
        constants = [each for each in given if each is not None and not callable(each)]
        if self.requires_one and len(constants) != 1:
            return unknown(self._reason(len(constants), where))
        return max(constants, default=self.assumed)

    def _of_one(self, only: Callable[[Variables], int | None], where: str) -> Perhaps:
        def size(variables: Variables) -> int | None:
            asked = only(variables)
            if asked is None and self.requires_one:
                unknown(self._reason(0, where))(variables)
            return self.assumed if asked is None else asked

        return size

    def _settled(self, given: Sequence[Perhaps], variables: Variables, where: str) -> int | None:
        sizes = [size for each in given if (size := found(each, variables)) is not None]
        if self.requires_one and len(sizes) != 1:
            unknown(self._reason(len(sizes), where))(variables)
        return max(sizes, default=self.assumed)

    def _reason(self, count: int, where: str) -> str:
        names = ", ".join(".".join(path) for path in self.slicing)
        return f"{where} needs exactly one of its slicing arguments ({names}) and has {count or 'none'}: the size of its list is open."


@dataclass(frozen=True, slots=True)
class Handed:
    """The size that a @listSize gives, on its way to the fields below that it sizes."""

    size: Perhaps
    fields: SizedFields

    def sizes(self, name: str) -> bool:
        """Whether a field gets the size."""
        return self.fields.get(name) == {}

    def below(self, name: str) -> Handed | None:
        """What a field passes on."""
        fields = self.fields.get(name)
        return Handed(self.size, fields) if fields else None


def read_list_size(arguments: Mapping[str, Any]) -> ListSize:
    """A @listSize from the arguments of its directive. Raises SupergraphError."""
    sized: dict[str, SizedFields] = {}
    for text in _names(arguments, "sizedFields"):
        _graft(sized, _field_set(text).selections, text)
    return ListSize(
        assumed=arguments.get("assumedSize"),
        slicing=tuple(tuple(path.split(".")) for path in _names(arguments, "slicingArguments")),
        sized=sized,
        requires_one=arguments.get("requireOneSlicingArgument", True) is not False,
    )


def _names(arguments: Mapping[str, Any], name: str) -> list[str]:
    """A list of names; one where a list is expected stands for the list of it."""
    value = arguments.get(name) or ()
    return [value] if isinstance(value, str) else [*value]


def _field_set(text: str) -> SelectionSetNode:
    try:
        (operation,) = parse(f"{{{text}}}", no_location=True).definitions
    except (GraphQLSyntaxError, GraphQLError, ValueError) as error:
        raise _unusable(text) from error
    selected: SelectionSetNode = operation.selection_set  # type: ignore[attr-defined]  # `{` begins an operation
    return selected


def _graft(into: dict[str, SizedFields], nodes: Sequence[Any], text: str) -> None:
    """Add a set of fields, of which one a level gets the size."""
    leaves = [node for node in nodes if not getattr(node, "selection_set", None)]
    if len(leaves) > 1 or not all(isinstance(node, FieldNode) for node in nodes):
        raise _unusable(text)
    for node in nodes:
        below = dict(into.get(node.name.value, {}))
        if node.selection_set:
            _graft(below, node.selection_set.selections, text)
        into[node.name.value] = below


def _unusable(text: str) -> SupergraphError:
    wanted = 'must be a field, or fields with one list within: "page" or "results { page }"'
    return SupergraphError(f'@listSize(sizedFields: ["{text}"]) {wanted}.')
